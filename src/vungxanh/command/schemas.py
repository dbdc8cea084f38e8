"""What crosses the room's door: a directive as the official leaves it after reading and correcting."""

from dataclasses import dataclass
from datetime import date, datetime

from vungxanh.command.reading import Citation, Reading


@dataclass(frozen=True, slots=True)
class DutyIn:
    """A duty as confirmed on screen."""

    ordinal: str
    addressee: str
    text: str
    due: datetime | None
    every: str
    place_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectiveIn:
    """A directive ready to be kept as a draft."""

    number: str
    symbol: str
    day: date | None
    issuer_name: str
    abstract: str
    text: str
    citations: tuple[Citation, ...]
    duties: tuple[DutyIn, ...]


def from_reading(reading: Reading, text: str) -> DirectiveIn:
    """What the rules read, unchanged, as the first draft."""
    duties = tuple(
        DutyIn(
            duty.ordinal,
            duty.addressee,
            duty.text,
            duty.deadline.due if duty.deadline else None,
            duty.deadline.every if duty.deadline else "",
            duty.place_kinds,
        )
        for duty in reading.duties
    )
    return DirectiveIn(
        reading.number,
        reading.symbol,
        reading.day,
        reading.issuer,
        reading.abstract,
        text,
        reading.citations,
        duties,
    )
