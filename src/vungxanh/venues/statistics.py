"""Statistics that do not flatter: registered beside really used, scans beside people, check-outs beside none.

Every figure is counted from the rows of one calendar day in Viet Nam; tests count them again from raw rows.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from vungxanh.core.minutes import VIETNAM
from vungxanh.core.models import AuditEvent
from vungxanh.places.schemas import today
from vungxanh.places.units import find
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.refold import settle

#: a registered place without a scan for so long is stale
STALE_AFTER = timedelta(days=14)
LIST_OPENED = "venues:list:opened"


@dataclass
class Row:
    """One commune, kind or province. `share_left`: of the ended stays, how many were ended by a scan."""

    key: str
    registered: int = 0
    active: int = 0
    stale: int = 0
    scans: int = 0
    people: int = 0
    stays: int = 0
    left: int = 0
    counted: int = 0
    ways: dict[str, int] = field(default_factory=dict)

    @property
    def share_left(self) -> float | None:
        return self.left / self.stays if self.stays else None

    @property
    def share_active(self) -> float | None:
        return self.active / self.registered if self.registered else None


@dataclass(frozen=True)
class Figures:
    """One day of a set of venues: in all, by commune, by kind; communes where nobody scanned."""

    day: date
    whole: Row
    communes: list[Row]
    kinds: list[Row]
    silent: list[str]
    lists_opened: int
    provinces: list[Row] = field(default_factory=list)
    days: list["DayRow"] = field(default_factory=list)
    twice: int = 0


@dataclass(frozen=True)
class DayRow:
    """One day of the week before: what was recorded."""

    day: date
    scans: int = 0
    people: int = 0
    active: int = 0


@dataclass(frozen=True)
class QuietRow:
    """A busy place where nobody scans."""

    place: int
    name: str
    commune: str
    kind: str
    capacity: int
    counted: int
    last: datetime | None


def bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(VIETNAM))
    return start, start + timedelta(days=1)


@cache
def _statements() -> dict[str, str]:
    return tomllib.loads((resources.files("vungxanh.venues") / "statistics.toml").read_text("utf-8"))


def _statement(name: str, by: str) -> str:
    """A statement of the file with its common parts and the column to count by filled in."""
    texts = _statements()
    whole = texts[name].replace("{venues}", texts["venues"]).replace("{outer}", texts["outer"])
    return whole.replace("{by}", by)


def figures(venues: Sequence[int], day: date | None = None) -> Figures:
    """Figures of one day for these venues; the caller has scoped them."""
    settle()
    chosen = day or today()
    communes = _rows("venue.commune", venues, chosen)
    whole = _rows("''", venues, chosen).get("", Row(""))
    return Figures(
        day=chosen,
        whole=whole,
        communes=sorted(communes.values(), key=lambda row: (-row.registered, row.key)),
        kinds=sorted(_rows("venue.kind", venues, chosen).values(), key=lambda row: (-row.registered, row.key)),
        silent=sorted(row.key for row in communes.values() if row.scans == 0),
        provinces=sorted(_rows("venue.province", venues, chosen).values(), key=lambda row: row.key),
        days=_series(venues, chosen),
        twice=_fetch(_statement("twice", ""), _params(venues, chosen))[0][0],
        lists_opened=AuditEvent.objects.filter(action=LIST_OPENED, at__range=bounds(chosen)).count(),
    )


def _params(venues: Sequence[int], day: date) -> dict[str, Any]:
    start, end = bounds(day)
    return {"venues": list(venues), "day": day, "start": start, "end": end, "stale": end - STALE_AFTER}


def _series(venues: Sequence[int], day: date) -> list[DayRow]:
    """The week that ends with the day; a day on which nobody was recorded is there with zeros."""
    params = _params(venues, day) | {"first": bounds(day - timedelta(days=6))[0]}
    found = {row[0]: DayRow(*row) for row in _fetch(_statement("series", ""), params)}
    week = [day - timedelta(days=back) for back in range(6, -1, -1)]
    return [found.get(one, DayRow(one)) for one in week]


def quiet(venues: Sequence[int], day: date | None = None) -> list[QuietRow]:
    """Places that hold many, or were counted to, and where nobody scanned; the busiest first."""
    chosen, rule = day or today(), pack().quiet
    start, end = bounds(chosen - timedelta(days=rule.days - 1))[0], bounds(chosen)[1]
    rows = _fetch(_statement("quiet", ""), {"venues": list(venues), "start": start, "end": end})
    listed = [QuietRow(*row) for row in rows]
    return [one for one in listed if one.capacity >= rule.capacity or one.counted >= rule.counted]


def _rows(by: str, venues: Sequence[int], day: date) -> dict[str, Row]:
    params = _params(venues, day)
    found: dict[str, Row] = {}
    for key, registered, active, stale in _fetch(_statement("registered", by), params):
        found[key] = Row(key, registered, active, stale)
    for key, way, scans, people in _fetch(_statement("scans", by), params):
        if way is None:
            found[key].scans, found[key].people = scans, people
        else:
            found[key].ways[way] = scans
    for key, stays, left in _fetch(_statement("stays", by), params):
        found[key].stays, found[key].left = stays, left
    for key, counted in _fetch(_statement("tallies", by), params):
        found[key].counted = counted
    return found


def _fetch(statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def name_of_commune(code: str, day: date) -> str:
    unit = find(code, day) or find(code, today())
    return unit.full_name if unit else code
