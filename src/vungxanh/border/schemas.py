"""What crosses the door of `border`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReviewIn:
    """What the desk decided; `reason` where the officer overrules the rule, `second` the officer who agrees.

    `at`: when it was decided, for a desk that was offline.
    """

    outcome: str
    reason: str = ""
    temperature: Decimal | None = None
    sampled: bool = False
    destination: str = ""
    second: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A declaration that is sent: its form and all answers.

    `party`: who travels together share it. `met_at`: commune in which an officer met the person away from a gate.
    `sender`: id from an offline desk; `at`: when it was made there.
    """

    form: str
    answers: Mapping[str, Any]
    party: str = ""
    met_at: str = ""
    sender: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrossingIn:
    """One scan of a frequent crosser. `mate`: the co-driver's own code or document number."""

    sender: UUID
    code: str
    gate: str
    way: str
    vehicle: str = ""
    mate: str = ""
    yard: str = ""
    temperature: Decimal | None = None
    unwell: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record of a device: accepted, duplicate, kept for an officer, or not taken."""

    record: str
    verdict: str
    reason: str = ""
    declaration: int | None = None
