"""A case's own days: where it was, for how long, and how many contacts were made there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vungxanh.lake.evidence import Evidence
from vungxanh.outbreak import times
from vungxanh.outbreak.placenames import fallback, place_names
from vungxanh.tracing.model import ContactRow, Window


@dataclass(frozen=True, slots=True)
class Stay:
    """Somewhere from `start` to `end` (minutes); place None where phones met and nobody knows where."""

    kind: str
    place: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day; the minutes are its length."""

    text: str
    minutes: int
    note: str


@dataclass(slots=True)
class Day:
    date: str
    items: list[Line] = field(default_factory=list)


#: table -> (column of the person, column of the place)
PRESENCE = {"visits": "place", "seats": "trip", "rosters": "group"}


def stays(evidence: Evidence, person: int, window: Window) -> list[Stay]:
    """Where the person was inside the window, in order of time."""
    found = []
    for table, place in PRESENCE.items():
        rows = getattr(evidence, table)
        for row in rows.filter(pc.equal(rows.column("person"), person)).to_pylist():
            start, end = max(row["start"], window.start), min(row["end"], window.end)
            if start < end:
                found.append(Stay(table, row[place], start, end))
    return sorted(found, key=lambda stay: (stay.start, stay.end))


def days(evidence: Evidence, window: Window, rows: Sequence[ContactRow]) -> list[Day]:
    """Every day of the window on which something is known."""
    own = stays(evidence, window.index, window)
    first = [row for row in rows if row.generation == 1]
    names = place_names({stay.place for stay in own if stay.place is not None})
    by_day: dict[date, Day] = {}
    for stay in own:
        when = times.local(stay.start).date()
        day = by_day.setdefault(when, Day(times.day(when)))
        day.items.append(_line(stay, names, met_in(stay, first)))
    for when, (people, seconds) in sorted(_close(first).items()):
        day = by_day.setdefault(when, Day(times.day(when)))
        text = _("phones close to each other, %(minutes)s minutes in all") % {"minutes": times.minutes(seconds)}
        day.items.append(Line(text, seconds // 60, contacts(people)))
    return [by_day[when] for when in sorted(by_day)]


def _line(stay: Stay, names: dict[int, str], people: int) -> Line:
    minutes = stay.end - stay.start
    where = names.get(stay.place or 0) or fallback(stay.place)
    facts = {"clock": times.clock(stay.start, stay.end), "minutes": minutes, "place": where}
    return Line(_("%(clock)s (%(minutes)s min) %(place)s") % facts, minutes, contacts(people))


def contacts(people: int) -> str:
    return ngettext("%(people)s contact", "%(people)s contacts", people) % {"people": people} if people else ""


def met_in(stay: Stay, rows: Iterable[ContactRow]) -> int:
    """How many contacts share some of the stay's time at its place."""
    return sum(any(_same(stay, item) for item in row.evidence) for row in rows)


def _same(stay: Stay, item: Any) -> bool:
    return bool(item.place == stay.place and item.start < stay.end and stay.start < item.end)


def _close(rows: Iterable[ContactRow]) -> dict[date, tuple[int, int]]:
    """Local day -> (people, seconds) of meetings that phones noticed without a place."""
    people: dict[date, set[int]] = defaultdict(set)
    seconds: dict[date, int] = defaultdict(int)
    for row in rows:
        for item in row.evidence:
            if item.kind in {"encounter", "named"} and item.place is None:
                when = times.local(item.start).date()
                people[when].add(row.contact)
                seconds[when] += item.seconds
    return {when: (len(people[when]), seconds[when]) for when in people}
