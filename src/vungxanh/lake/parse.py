"""One record of words -> one row of evidence, or a refusal that says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from vungxanh.core import minutes
from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id, sender_id
from vungxanh.lake import rows
from vungxanh.lake.rows import Flag
from vungxanh.lake.schema import OPEN_END

Record = Mapping[str, str]

REQUIRED: dict[str, tuple[str, ...]] = {
    "visits": ("person", "place", "start", "end"),
    "encounters": ("a", "b", "start", "end"),
    "seats": ("person", "trip", "start", "end"),
    "households": ("person", "household"),
    "rosters": ("person", "group", "start", "end"),
    "isolations": ("person", "start"),
    "places": ("place", "kind"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "visits": ("id", "mask"),
    "encounters": (
        "id",
        "seconds",
        "distance_m",
        "place",
        "mask_a",
        "mask_b",
        "physical_contact",
        "care_giver",
        "ppe_adequate",
        "how",
    ),
    "seats": ("id", "seat_row", "mask"),
    "households": ("id", "start", "end"),
    "rosters": ("id", "mask", "status"),
    "isolations": ("id", "end", "reason"),
    "places": ("id", "parent", "space"),
}
YES = frozenset({"1", "true", "yes", "y", "có", "co"})
NO = frozenset({"0", "false", "no", "n", "không", "khong"})
ROSTER_STATUS = {"": Flag.SCHEDULED, "scheduled": Flag.SCHEDULED, "attended": Flag.NONE, "absent": Flag.ABSENT}
SPACES = ("open", "closed_narrow", "closed_wide")
YEARS = range(2000, 2101)
INT32, INT64 = 2**31 - 1, 2**63 - 1


@dataclass(frozen=True, slots=True)
class Parser:
    """How the words of one file are meant. `zero`: minute that bare numbers count from."""

    kind: str
    source: str
    zero: int = 0

    def row(self, record: Record) -> rows.Row | rows.Visit:
        """Raises UserError `lake.*` naming what is wrong. A visit without an end gets `end` = `start`."""
        return MAKERS[self.kind](self, record)

    def row_id(self, record: Record, *content: object) -> int:
        own = record.get("id", "").strip()
        return sender_id(f"{self.source}:{self.kind}", own) if own else content_id(self.kind, *content)

    def interval(self, record: Record, *, open_end: int | None = None) -> tuple[int, int, float]:
        """(start, end, exact seconds between). Floored and ceiled; an empty interval is one minute."""
        begin = self.moment(record, "start")
        if not record.get("end", "").strip() and open_end is not None:
            return minutes.floor_minute(begin), open_end, 0.0
        finish = self.moment(record, "end")
        if finish < begin:
            raise UserError("lake.end-before-start", field="end", start=record["start"], end=record["end"])
        start, end = minutes.floor_minute(begin), minutes.ceil_minute(finish)
        return start, max(end, start + 1), (finish - begin).total_seconds()

    def moment(self, record: Record, name: str) -> datetime:
        """ISO 8601 (local time where it has no offset), or minutes."""
        text = record.get(name, "").strip()
        if not text:
            raise UserError("lake.missing", field=name, name=name)
        if text.lstrip("-").isdigit():
            minute = self.zero + int(text[:12])
            if not 0 <= minute < INT32:
                raise UserError("lake.year-out-of-range", field=name, value=text[:40])
            return minutes.EPOCH + timedelta(minutes=minute)
        found = minutes.parse_instant(text)
        if found.year not in YEARS:
            raise UserError("lake.year-out-of-range", field=name, value=text[:40])
        return found


def number(record: Record, name: str, most: int) -> int:
    """A code: a whole number from 0."""
    text = record.get(name, "").strip()
    if not text:
        raise UserError("lake.missing", field=name, name=name)
    try:
        value = int(text)
    except ValueError:
        raise UserError("lake.not-a-number", field=name, name=name, value=text[:40]) from None
    if not 0 <= value <= most:
        raise UserError("lake.code-out-of-range", field=name, name=name, value=text[:40], most=most)
    return value


def maybe_number(record: Record, name: str, most: int) -> int | None:
    return number(record, name, most) if record.get(name, "").strip() else None


def fact(record: Record, name: str) -> bool | None:
    """yes, no, or nobody knows."""
    text = record.get(name, "").strip().lower()
    if text in YES or text in NO:
        return text in YES
    if text:
        raise UserError("lake.not-yes-or-no", field=name, name=name, value=text[:40])
    return None


def one_of(record: Record, name: str, choices: tuple[str, ...]) -> str | None:
    text = record.get(name, "").strip().lower()
    if text and text not in choices:
        raise UserError("lake.not-a-choice", field=name, name=name, value=text[:40], choices=", ".join(choices))
    return text or None


def metres(record: Record) -> float | None:
    text = record.get("distance_m", "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise UserError("lake.not-a-number", field="distance_m", name="distance_m", value=text[:40]) from None
    if not 0 <= value < 1000:
        raise UserError("lake.not-a-distance", field="distance_m", value=text[:40])
    return value


def visit(parser: Parser, record: Record) -> rows.Visit:
    person, place = number(record, "person", INT64), number(record, "place", INT32)
    start, end, _ = parser.interval(record, open_end=-1)
    mask = fact(record, "mask")
    row = parser.row_id(record, person, place, start, end, mask)
    return rows.Visit(person, place, start, end if end >= 0 else start, mask, 0, parser.source, row)


def encounter(parser: Parser, record: Record) -> rows.Encounter:
    a, b = number(record, "a", INT64), number(record, "b", INT64)
    if a == b:
        raise UserError("lake.with-oneself", field="b", person=a)
    start, end, exact = parser.interval(record)
    told = maybe_number(record, "seconds", INT32)
    if told is not None and told > 60 * (end - start):
        raise UserError("lake.more-seconds-than-time", field="seconds", seconds=told, most=60 * (end - start))
    seconds = told if told is not None else round(exact) or 60
    how = one_of(record, "how", ("sensed", "named"))
    mask_a, mask_b, touch, care, ppe = (
        fact(record, n) for n in ("mask_a", "mask_b", "physical_contact", "care_giver", "ppe_adequate")
    )
    apart, where = metres(record), maybe_number(record, "place", INT32)
    flags = int(Flag.NAMED) if how == "named" else 0
    row = parser.row_id(record, a, b, start, end, seconds, apart, where, mask_a, mask_b, touch, care, ppe, flags)
    return rows.Encounter(
        a, b, start, end, seconds, apart, where, mask_a, mask_b, touch, care, ppe, flags, parser.source, row
    )


def seat(parser: Parser, record: Record) -> rows.Seat:
    person, trip = number(record, "person", INT64), number(record, "trip", INT32)
    seat_row = maybe_number(record, "seat_row", 32_000)
    start, end, _ = parser.interval(record)
    mask = fact(record, "mask")
    row = parser.row_id(record, person, trip, seat_row, start, end, mask)
    return rows.Seat(person, trip, seat_row, start, end, mask, 0, parser.source, row)


def household(parser: Parser, record: Record) -> rows.Household:
    person, home = number(record, "person", INT64), number(record, "household", INT64)
    begun = {**record, "start": record.get("start", "").strip() or "2000-01-01"}
    start, end, _ = parser.interval(begun, open_end=OPEN_END)
    return rows.Household(
        person, home, start, end, 0, parser.source, parser.row_id(record, person, home, start, end)
    )


def roster(parser: Parser, record: Record) -> rows.Roster:
    person, group = number(record, "person", INT64), number(record, "group", INT32)
    start, end, _ = parser.interval(record)
    mask = fact(record, "mask")
    flags = int(ROSTER_STATUS[one_of(record, "status", ("scheduled", "attended", "absent")) or ""])
    row = parser.row_id(record, person, group, start, end, mask, flags)
    return rows.Roster(person, group, start, end, mask, flags, parser.source, row)


def isolation(parser: Parser, record: Record) -> rows.Isolation:
    person = number(record, "person", INT64)
    start, end, _ = parser.interval(record, open_end=OPEN_END)
    reason = one_of(record, "reason", ("isolation", "negative")) or "isolation"
    row = parser.row_id(record, person, start, end, reason)
    return rows.Isolation(person, start, end, reason, 0, parser.source, row)


def place(parser: Parser, record: Record) -> rows.Place:
    code, parent = number(record, "place", INT32), maybe_number(record, "parent", INT32)
    if parent == code:
        raise UserError("lake.inside-itself", field="parent", place=code)
    kind = record.get("kind", "").strip() or None
    space = one_of(record, "space", SPACES)
    return rows.Place(code, kind, parent, space, parser.source, parser.row_id(record, code, kind, parent, space))


MAKERS: dict[str, Callable[[Parser, Record], rows.Row]] = {
    "visits": visit,
    "encounters": encounter,
    "seats": seat,
    "households": household,
    "rosters": roster,
    "isolations": isolation,
    "places": place,
}
