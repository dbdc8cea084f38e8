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


def bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(VIETNAM))
    return start, start + timedelta(days=1)


@cache
def _statements() -> dict[str, str]:
    return tomllib.loads((resources.files("vungxanh.venues") / "statistics.toml").read_text("utf-8"))


def _statement(name: str, by: str) -> str:
    """A statement of the file with its common parts and the column to count by filled in."""
    texts = _statements()
    return texts[name].replace("{venues}", texts["venues"]).replace("{outer}", texts["outer"]).replace("{by}", by)


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
        lists_opened=AuditEvent.objects.filter(action=LIST_OPENED, at__range=bounds(chosen)).count(),
    )


def _rows(by: str, venues: Sequence[int], day: date) -> dict[str, Row]:
    start, end = bounds(day)
    params = {"venues": list(venues), "day": day, "start": start, "end": end, "stale": end - STALE_AFTER}
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
