"""Which decided levels changed in a week, and what early warning says. Nothing here is published."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.places.units import find
from vungxanh.zoning import counts
from vungxanh.zoning.model.warning import judge_week
from vungxanh.zoning.models import AreaLevel, CommuneCount

YEARS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A commune whose decided level became another one. `before` is None where none was decided until then."""

    row: AreaLevel
    before: AreaLevel | None


def weekly(rows: "QuerySet[AreaLevel]", first: date) -> list[Change]:
    """Changes decided in the seven days from `first`, by name."""
    decided = rows.exclude(state=AreaLevel.State.DRAFT).order_by("decided_at")
    chains: dict[tuple[str, str, str, str], list[AreaLevel]] = defaultdict(list)
    for row in decided.filter(decided_at__date__lt=first + timedelta(days=7)):
        chains[row.commune_scheme, row.commune_code, row.rule, row.disease].append(row)
    found = []
    for chain in chains.values():
        before = [row for row in chain if row.decided_at and timezone.localdate(row.decided_at) < first]
        last = chain[-1]
        was = before[-1] if before else None
        if last is not was and (was is None or was.level != last.level):
            found.append(Change(last, was))
    return sorted(found, key=lambda change: change.row.name)


@dataclass(frozen=True, slots=True)
class Warned:
    """A commune whose last full week lies above what its past lets expect."""

    code: str
    name: str
    disease: str
    week: date
    cases: int
    expected: float
    limit: float
    approximate: bool


def early_warnings(prefix: str, today: date) -> list[Warned]:
    """Communes under a scope path whose last full week is unusual, on the boundaries of today."""
    monday = today - timedelta(days=today.weekday() + 7)
    first = monday - timedelta(weeks=52 * YEARS + 3)
    rows = CommuneCount.objects.filter(day__gte=first)  # scope: narrowed to the path below
    found: list[Warned] = []
    for disease in rows.order_by().values_list("disease", flat=True).distinct():
        told = counts.read(disease, first, monday + timedelta(days=6), today)
        found += _of_disease(disease, told, first, monday, today, prefix)
    return sorted(found, key=lambda one: one.limit - one.cases)


def _of_disease(
    disease: str, told: counts.Counts, first: date, monday: date, today: date, prefix: str
) -> list[Warned]:
    codes = [code for code in sorted(told.by_commune) if counts.under(code, prefix, today)]
    weeks = (monday - first).days // 7 + 1
    begun = min(told.days, default=monday)
    table = np.zeros((len(codes), weeks))
    for row, code in enumerate(codes):
        for week in range(weeks):
            day = first + timedelta(weeks=week)
            unknown = day + timedelta(days=6) < begun
            table[row, week] = np.nan if unknown else told.total(code, day, day + timedelta(days=6))
    if not codes:
        return []
    judged = judge_week(table, weeks - 1)
    return [
        Warned(
            code,
            unit.full_name if (unit := find(code, today)) else code,
            disease,
            monday,
            int(table[row, -1]),
            round(float(judged.expected[row]), 1),
            round(float(judged.limit[row]), 1),
            code in told.approximate,
        )
        for row, code in enumerate(codes)
        if judged.alarm[row]
    ]
