"""A paper register keyed in later, and lists of guests from a workbook: the same records as a gate's, weaker."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from vungxanh.core.append import Verdict, refused
from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.imports import PersonRow
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.models import Venue
from vungxanh.venues.schemas import ScanIn

_ZONE = ZoneInfo(VIETNAM)
_SHAPES = (
    *("%H:%M", "%H:%M:%S", "%Hh%M", "%H.%M", "%Hh"),
    *("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%d/%m/%YT%H:%M"),
)
Way = Literal["paper", "list"]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line of the list. Line 1 is the head."""

    line: int
    verdict: Verdict


def take_rows(venue: Venue, rows: Sequence[PersonRow], *, day: date, way: Way) -> list[Line]:
    """Each line with a time is one arrival, with two times a departure too; sending the list again is harmless."""
    lines: list[Line] = []
    records: list[ScanIn] = []
    numbers: list[int] = []
    for row in rows:
        try:
            made = list(_records(row, day, way))
        except UserError as error:
            lines.append(Line(row.line, refused(str(row.line), error)))
            continue
        records += made
        numbers += [row.line] * len(made)
    sender = Sender(f"{way}:{venue.pk}", venue.place, strength=Strength.TYPED, late=True)
    verdicts = take(records, sender=sender).verdicts
    return [*lines, *(Line(number, verdict) for number, verdict in zip(numbers, verdicts, strict=True))]


def _records(row: PersonRow, day: date, way: Way) -> Iterator[ScanIn]:
    came = moment(row.at, day) or datetime.combine(day, time(12), _ZONE)
    left = moment(row.left, day)
    if left is not None and left < came:
        left += timedelta(days=1)
    guest = row.guest.model_copy(update={"tail": ""})
    whole = f"{day}:{row.line}:{guest.model_dump_json()}:{row.at}:{row.left}"
    own = hashlib.sha256(whole.encode()).hexdigest()[:32]
    # without a number the same line is the same person in and out, and another line somebody else
    known = guest.phone or guest.document
    shared = guest if known else guest.model_copy(update={"tail": f"{row.line % 10_000:04d}"})
    yield ScanIn(id=f"{own}:in", at=came, guest=shared, way=way, direction="in")
    if left is not None:
        yield ScanIn(id=f"{own}:out", at=left, guest=shared, way=way, direction="out")


def moment(text: str, day: date) -> datetime | None:
    """`7h15`, `07:15`, `7.15`, a whole date and time; None where nothing is written. Raises `venues.bad-time`."""
    bare = text.strip().lower().replace("giờ", "h").replace(" ", "T" if "-" in text or "/" in text else "")
    if not bare:
        return None
    for shape in _SHAPES:
        try:
            found = datetime.strptime(bare.upper() if "T" in shape else bare, shape)  # noqa: DTZ007 - zone below
        except ValueError:
            continue
        whole = found if "Y" in shape else datetime.combine(day, found.time())
        return whole.replace(tzinfo=_ZONE)
    raise UserError("venues.bad-time", field="at", value=text[:20])
