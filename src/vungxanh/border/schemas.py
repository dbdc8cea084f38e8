"""What crosses the door of `border`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class ReviewIn:
    """What the desk decided. `lift` a class of the rule that the officer overrules, with a reason."""

    outcome: str
    reason: str = ""
    temperature: Decimal | None = None
    sampled: bool = False
    destination: str = ""
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A declaration that has been checked: its form, all answers, notes of the check."""

    form: str
    answers: Mapping[str, Any]
    notes: tuple[str, ...] = ()
