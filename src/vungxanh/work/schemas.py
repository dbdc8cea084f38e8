"""What crosses the door of `work`."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from vungxanh.core.scope import ANY_PATH, Sector


@dataclass(frozen=True)
class ItemIn:
    """Something to be done. The same (kind, source, person, place) asks once while it is open."""

    kind: str
    due: datetime
    source: str
    person: int | None = None
    place: int | None = None
    household: int | None = None
    clock: str = ""
    reason: str = ""
    scope_path: str = ANY_PATH
    scope_sector: str = Sector.HEALTH
    scope_org: int | None = None
    team: int | None = None


@dataclass(frozen=True)
class OutcomeIn:
    """An answer from the list, made on a device that may have been offline. `record` is the device's own id."""

    item: int
    outcome: str
    at: datetime
    note: str = ""
    record: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Verdict:
    """What became of one record: accepted, duplicate, or refused with a code."""

    record: UUID
    verdict: str
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """One item on a card."""

    id: int
    kind: str
    label: str
    reason: str
    due: datetime
    state: str
    escalation: int
    person: int | None
    outcomes: tuple[tuple[str, str], ...]


@dataclass
class Card:
    """One household (or one person, or one place) with everything due there; `when` overdue | today | new."""

    key: str
    when: str
    due: datetime
    people: dict[int, str] = field(default_factory=dict)
    place: int | None = None
    lines: list[Line] = field(default_factory=list)
