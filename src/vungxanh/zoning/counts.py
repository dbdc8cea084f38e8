"""Counts of communes: told, corrected by telling again, read on the boundaries of today.

A commune that was merged carries its counts into the commune it became. Where its people went to several, the
counts go to each in equal parts and whatever rests on them is marked as approximate: nothing says which part of
the people fell ill. The newest telling of a day counts, also when it is lower.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.core.scope import path_of
from vungxanh.places.table import Unit, scheme_on
from vungxanh.places.units import ancestors, convert, find, resolve
from vungxanh.zoning.model.parameters import Ints, Reals
from vungxanh.zoning.models import AreaFact, CommuneCount


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it is told. `linked`: cases with an epidemiological link."""

    code: str
    disease: str
    day: date
    cases: int
    linked: int = 0


@dataclass(frozen=True)
class Counts:
    """Newest counts by commune of today: code -> day -> (cases, linked). `approximate`: communes that hold a part
    of a divided one."""

    by_commune: dict[str, dict[date, tuple[float, float]]]
    approximate: frozenset[str]
    sources: frozenset[str]
    days: frozenset[date] = field(default=frozenset())
    _sums: dict[str, tuple[Ints, Reals]] = field(default_factory=dict, repr=False)

    def total(self, code: str, first: date, last: date, *, linked: bool = False) -> float:
        """Cases of the days first..last."""
        if code not in self.by_commune:
            return 0.0
        days, sums = self._running(code)
        low, high = np.searchsorted(days, [first.toordinal(), last.toordinal() + 1])
        return float(sums[high, int(linked)] - sums[low, int(linked)])

    def _running(self, code: str) -> tuple[Ints, Reals]:
        """Days in order, and the sums up to before each."""
        if code not in self._sums:
            rows = sorted(self.by_commune[code].items())
            days = np.array([day.toordinal() for day, _ in rows], np.int64)
            self._sums[code] = days, np.cumsum([(0.0, 0.0), *(both for _, both in rows)], axis=0)
        return self._sums[code]


def _scope(unit: Unit, on: date) -> str:
    return path_of(*(each.code for each in reversed(ancestors(unit, on))), unit.code)


def under(code: str, prefix: str, on: date) -> bool:
    """Does a commune of `on` lie under a scope path?"""
    unit = find(code, on)
    return unit is not None and _scope(unit, on).startswith(prefix)


def commune(code: str, on: date) -> Unit:
    """Raises UserError `places.unknown-code`, `zoning.not-a-commune`."""
    unit = resolve(code, on)
    if unit.level != "commune":
        raise UserError("zoning.not-a-commune", field="code", commune=code)
    return unit


@transaction.atomic
def tell(
    *,
    by: audit.By,
    rows: Iterable[Told],
    source: str,
    counted_by: str = "onset",
    now: datetime | None = None,
    codes_on: date | None = None,
    give_way: bool = False,
) -> int:
    """Keep a telling. -> rows kept; what was told before with the same number is left out.

    `codes_on`: the day whose list the codes are of, by default the day counted. `give_way`: a day whose newest
    number another source told keeps it. Raises UserError `zoning.bad-count`, `places.unknown-code`.
    """
    moment = now or timezone.now()
    given = list(rows)
    for row in given:
        if not 0 <= row.linked <= row.cases or row.day > timezone.localdate(moment):
            raise UserError(
                "zoning.bad-count", field="cases", commune=row.code, day=row.day.isoformat(), cases=row.cases
            )
    known = _newest(given)
    fresh = [row for row in given if _is_news(row, known.get((row.code, row.disease, row.day)), source, give_way)]
    CommuneCount.objects.bulk_create(
        [_row(row, source, counted_by, moment, codes_on or row.day) for row in fresh], batch_size=2000
    )
    audit.record(
        by=by, action="zoning:counts:tell", subject=f"counts:{source}"[:100], details={"rows": len(fresh)}
    )
    return len(fresh)


def _is_news(row: Told, known: tuple[int, int, str] | None, source: str, give_way: bool) -> bool:  # noqa: FBT001
    if known is None:
        return True
    return known[:2] != (row.cases, row.linked) and not (give_way and known[2] != source[:120])


def told_by(source: str, since: date) -> set[tuple[str, str, date]]:
    """(commune, disease, day) for which a source ever told more than zero."""
    rows = CommuneCount.objects.filter(source=source, day__gte=since, cases__gt=0)  # scope: the telling
    return set(rows.values_list("commune_code", "disease", "day"))


def _newest(given: Sequence[Told]) -> dict[tuple[str, str, date], tuple[int, int, str]]:
    days, codes = [row.day for row in given], {row.code for row in given}
    if not days:
        return {}
    span = (min(days), max(days))
    rows = CommuneCount.objects.filter(commune_code__in=codes, day__range=span)  # scope: the telling
    values = rows.order_by("told_at").values_list("commune_code", "disease", "day", "cases", "linked", "source")
    return {(code, disease, day): tuple(told) for code, disease, day, *told in values}  # type: ignore[misc]


def _row(row: Told, source: str, counted_by: str, moment: datetime, on: date) -> CommuneCount:
    unit = commune(row.code, on)
    return CommuneCount(
        scope_path=_scope(unit, on),
        commune_code=unit.code,
        commune_scheme=unit.scheme,
        disease=row.disease,
        day=row.day,
        cases=row.cases,
        linked=row.linked,
        counted_by=counted_by,
        source=source[:120],
        told_at=moment,
    )


def read(disease: str, first: date, last: date, today: date) -> Counts:
    """Newest counts of the days first..last, on the boundaries of `today`."""
    rows = CommuneCount.objects.filter(disease=disease, day__range=(first, last))  # scope: the worker sees to all
    newest: dict[tuple[str, str, date], tuple[int, int]] = {}
    sources = set()
    for code, scheme, day, cases, linked, source in rows.order_by("told_at").values_list(
        "commune_code", "commune_scheme", "day", "cases", "linked", "source"
    ):
        newest[code, scheme, day] = (cases, linked)
        sources.add(source)
    return _today(newest, today, frozenset(sources))


def _today(newest: dict[tuple[str, str, date], tuple[int, int]], today: date, sources: frozenset[str]) -> Counts:
    found: dict[str, dict[date, tuple[float, float]]] = defaultdict(dict)
    approximate: set[str] = set()
    for (code, _, day), (cases, linked) in newest.items():
        heirs = became(code, day if scheme_on(day) != scheme_on(today) else today, today)
        for heir in heirs:
            before = found[heir].get(day, (0.0, 0.0))
            found[heir][day] = (before[0] + cases / len(heirs), before[1] + linked / len(heirs))
        if len(heirs) > 1:
            approximate.update(heirs)
    return Counts(dict(found), frozenset(approximate), sources, frozenset(day for _, _, day in newest))


@lru_cache(maxsize=50_000)
def _heirs(code: str, scheme: str, since: date, today: date) -> tuple[str, ...]:
    try:
        return tuple(one.unit.code for one in convert(code, since, today).candidates) or (code,)
    except UserError:
        return (code,)


def became(code: str, day: date, today: date) -> tuple[str, ...]:
    """The communes of `today` that the people of a commune of `day` live in."""
    return _heirs(code, scheme_on(day), day, today)


@transaction.atomic
def state(*, by: audit.By, code: str, name: str, value: Any, on: date, source: str, disease: str = "") -> AreaFact:
    """Something known of an area from a day on. Raises UserError `zoning.source-needed`."""
    if not source.strip():
        raise UserError("zoning.source-needed", field="source")
    unit = commune(code, on)
    made = AreaFact.objects.create(
        scope_path=_scope(unit, on),
        commune_code=unit.code,
        commune_scheme=unit.scheme,
        disease=disease,
        name=name,
        value=value,
        on=on,
        source=source.strip(),
        told_at=timezone.now(),
    )
    audit.record(by=by, action="zoning:fact:state", subject=f"area-fact:{made.pk}", details={"name": name})
    return made


def diseases_with(name: str) -> set[str]:
    """Diseases of which a fact of this name was ever stated."""
    rows = AreaFact.objects.filter(name=name)  # scope: the worker
    return set(rows.order_by().values_list("disease", flat=True).distinct())


def facts_of(disease: str, on: date) -> dict[str, dict[str, AreaFact]]:
    """Commune of `on` -> name -> the newest statement that holds then. Epidemic years stand by `epidemic:2021`."""
    rows = AreaFact.objects.filter(disease__in=("", disease), on__lte=on)  # scope: the worker
    rows = rows.order_by("on", "told_at")
    found: dict[str, dict[str, AreaFact]] = defaultdict(dict)
    for row in rows:
        name = f"epidemic:{row.value}" if row.name == "epidemic-year" else row.name
        heirs = became(row.commune_code, row.on, on)
        if row.name == "population" and len(heirs) > 1:
            continue  # nobody knows how many went where: a missing population is asked for
        for heir in heirs:
            found[heir][name] = row
    return dict(found)


def read_table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Told]:
    """Rows of a table with columns `code`, `disease`, `day`, `cases` and perhaps `linked`.

    Raises UserError `zoning.column-missing`, `zoning.bad-count`, `core.bad-date`.
    """
    at = {str(name).strip().lower(): number for number, name in enumerate(head)}
    for name in ("code", "disease", "day", "cases"):
        if name not in at:
            raise UserError("zoning.column-missing", field=name, column=name)
    return [_told(row, at) for row in rows if any(str(cell or "").strip() for cell in row)]


def _told(row: Sequence[Any], at: dict[str, int]) -> Told:
    def cell(name: str) -> str:
        return str(
            row[at[name]] if name in at and at[name] < len(row) and row[at[name]] is not None else ""
        ).strip()

    try:
        cases, linked = int(float(cell("cases"))), int(float(cell("linked") or 0))
    except ValueError:
        raise UserError(
            "zoning.bad-count", field="cases", commune=cell("code"), day=cell("day"), cases=cell("cases")
        ) from None
    return Told(cell("code").split(".")[0].zfill(5), cell("disease"), parse_date(cell("day")[:10]), cases, linked)
