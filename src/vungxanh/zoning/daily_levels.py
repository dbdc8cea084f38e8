"""Every day: from counts and facts to levels of communes, as drafts where something has changed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.utils import timezone

from vungxanh.core import audit
from vungxanh.places.table import scheme_on
from vungxanh.places.units import find
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import LevelResult, LevelRule, packaged_rules
from vungxanh.zoning import actions, counts, triggered
from vungxanh.zoning.counts import Counts
from vungxanh.zoning.models import AreaFact, AreaLevel, CommuneCount

FactsOf = dict[str, dict[str, AreaFact]]


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.zoning") / "data" / "diseases.toml").read_text("utf-8"))


def rule_on(day: date) -> LevelRule | None:
    """The level rule of a day: of those in force the newest; None where there was none."""
    found = [rule for rule in packaged_rules().values() if rule.in_force(day) and rule.method != "points"]
    return max(found, key=lambda rule: rule.valid_from or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A commune with what its counts and facts give."""

    code: str
    disease: str
    result: LevelResult


def judge_day(day: date, disease: str, rule: LevelRule) -> Iterator[Judged]:
    """Levels of every commune that has counts or facts of the disease."""
    past = settings()["levels"]["past_years"]
    told = counts.read(disease, date(day.year - past, 1, 1), day, day)
    known = counts.facts_of(disease, day)
    codes = sorted({*told.by_commune, *known})
    if rule.method == "triggers":
        present = settings()["levels"]["present_days"]
        results = judge(rule, triggered.data_of(codes, day, present, told, known))
    else:
        results = [judge(rule, facts(code, day, disease, told, known.get(code, {})))[0] for code in codes]
    for result in results:
        result.verified &= result.area not in told.approximate
        yield Judged(result.area, disease, result)


def facts(code: str, day: date, disease: str, told: Counts, known: dict[str, AreaFact]) -> dict[str, Any]:
    """What the rules ask of a commune on a day, with where each number comes from."""
    data = {name: row.value for name, row in known.items() if not name.startswith("epidemic:")}
    about = settings()["diseases"].get(disease, {})
    month, monday = day.replace(day=1), day - timedelta(days=day.weekday())
    data |= {
        "area": code,
        "on": day.isoformat(),
        "group": data.get("group", about.get("group", "")),
        "counted_by": "onset",
        "counts_source": ", ".join(sorted(told.sources)),
        "month_cases": told.total(code, month, day),
        "week_cases": told.total(code, monday, day),
        "linked_cases_month": told.total(code, month, day, linked=True),
        "linked_cases_week": told.total(code, monday, day, linked=True),
        "confirmed_cases": told.total(code, monday, day),
        "cases": told.total(code, day - timedelta(days=6), day),
        "window_days": 7,
        "month_baseline": _months(code, day, told, known),
        "week_baseline": _weeks(code, day, told, known),
    }
    if "population" in known:
        data["population_source"] = known["population"].source
    data.setdefault("endemic", _endemic(data["month_baseline"], code, told, day))
    return data


def _years(day: date, told: Counts) -> list[int]:
    """Past years of which anything was told: a year without any telling is unknown, not zero."""
    past = settings()["levels"]["past_years"]
    told_years = {one.year for one in told.days}
    return [year for year in range(day.year - past, day.year) if year in told_years]


def _months(code: str, day: date, told: Counts, known: dict[str, AreaFact]) -> dict[str, Any]:
    found = {}
    for year in _years(day, told):
        first = date(year, day.month, 1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        found[str(year)] = {"cases": told.total(code, first, last), "epidemic": f"epidemic:{year}" in known}
    return found


def _weeks(code: str, day: date, told: Counts, known: dict[str, AreaFact]) -> dict[str, Any]:
    """The same ISO week of past years; week 53 is compared with week 52 where a year has none."""
    found = {}
    for year in _years(day, told):
        week = min(day.isocalendar().week, date(year, 12, 28).isocalendar().week)
        monday = date.fromisocalendar(year, week, 1)
        cases = told.total(code, monday, monday + timedelta(days=6))
        found[str(year)] = {"cases": cases, "epidemic": f"epidemic:{year}" in known}
    return found


def _endemic(months: dict[str, Any], code: str, told: Counts, day: date) -> bool | None:
    """Our own reading, in data: counted in enough past years. None where no past year was told at all."""
    if not months:
        return None
    years = sum(told.total(code, date(int(year), 1, 1), date(int(year), 12, 31)) > 0 for year in months)
    return bool(years >= settings()["endemic"]["years"])


def draft_all(now: datetime | None = None, *, by: audit.By = None) -> int:
    """Draft the level of every commune whose computed level is not what is decided or drafted. -> drafts made."""
    day = timezone.localdate(now)
    rule = rule_on(day)
    if rule is None:
        return 0
    diseases = CommuneCount.objects.order_by().values_list("disease", flat=True).distinct()  # scope: the worker
    made = 0
    for disease in diseases:
        for judged in judge_day(day, disease, rule):
            made += _draft(judged, rule, day, by)
    return made


def _draft(judged: Judged, rule: LevelRule, day: date, by: audit.By) -> int:
    unit = find(judged.code, day)
    if unit is None:
        return 0
    same = AreaLevel.objects.filter(commune_code=unit.code, rule=rule.id)  # scope: one commune
    same = same.filter(commune_scheme=scheme_on(day), disease=judged.disease)
    decided = same.filter(state=AreaLevel.State.DECIDED).first()
    drafts = same.filter(state=AreaLevel.State.DRAFT)
    level = judged.result.level or ""
    first = getattr(rule, "levels")[0].code  # noqa: B009 - each method's own field
    if (decided and decided.level == level) or (decided is None and level == first):
        drafts.delete()  # a correction has made the draft needless
        return 0
    standing = drafts.order_by("-on").first()
    if standing and standing.level == level:
        standing.computed, standing.on = judged.result.as_json(), day
        standing.save(update_fields=["computed", "on"])
        return 0
    drafts.delete()
    actions.draft_level(by=by, unit=unit, rule=rule.id, on=day, result=judged.result, disease=judged.disease)
    return 1
