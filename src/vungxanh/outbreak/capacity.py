"""Beds, tests, staff: the newest count of each, how full it is, how old, and whether that is a warning."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.outbreak.models import DatedCount
from vungxanh.people.roles import Permission

FILE = Path(__file__).parent / "data" / "capacity.toml"


@cache
def limits() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Capacity:
    """The newest counts of one kind in the officer's area, summed over its places."""

    kind: str
    word: str
    total: int
    used: int
    oldest: date
    age: int

    @property
    def free(self) -> int:
        return max(0, self.total - self.used)

    @property
    def percent(self) -> int:
        return round(100 * self.used / self.total) if self.total else 0

    @property
    def is_warning(self) -> bool:
        return self.percent >= int(limits()["full_percent"].get(self.kind, 101))

    @property
    def is_stale(self) -> bool:
        return self.age > int(limits()["stale_days"])


def newest(officer: HasGrants) -> list[Capacity]:
    """One line a kind that was ever counted."""
    today, words = timezone.localdate(), dict(DatedCount.Kind.choices)
    rows = scoped(DatedCount.objects.all(), officer, Permission.CASE_READ)
    latest = rows.order_by("kind", "scope_path", "-day").distinct("kind", "scope_path")
    found: dict[str, list[DatedCount]] = {}
    for row in latest:
        found.setdefault(row.kind, []).append(row)
    return [
        Capacity(
            kind,
            str(words[kind]),
            sum(row.total for row in several),
            sum(row.used for row in several),
            min(row.day for row in several),
            (today - min(row.day for row in several)).days,
        )
        for kind, several in sorted(found.items())
    ]
