"""Epidemic and warning in a commune by its own past (TT 15/2026 art. 16, 22): mean + k·SD of five years."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Strict
from vungxanh.rules.levels import Criterion, Level, LevelResult, LevelRule, fact
from vungxanh.rules.reasons import reason


class EpidemicTest(Strict):
    article: str
    sds: float
    exclude_epidemic_years: bool
    linked_cases: int


class WarningTest(Strict):
    article: str
    from_sds: float
    to_sds: float
    exclude_epidemic_years: bool
    linked_cases: int
    group_a_confirmed: int
    never_seen_risk: tuple[str, ...]


class BaselineRule(LevelRule):
    method: Literal["baseline"]
    kind: Literal["level"]
    levels: tuple[Level, ...]
    baseline_years: int
    least_years: int
    sd: Literal["sample", "population"]
    epidemic: EpidemicTest
    warning: WarningTest


@dataclass(frozen=True, slots=True)
class Baseline:
    """Counts of the same month or week of past years, epidemic years already left out where the rule says so."""

    counts: tuple[float, ...]
    left_out: tuple[str, ...]
    years_given: int

    @property
    def mean(self) -> float:
        return sum(self.counts) / len(self.counts)

    def sd(self, *, sample: bool) -> float:
        squares = sum((count - self.mean) ** 2 for count in self.counts)
        return sqrt(squares / (len(self.counts) - sample))

    def threshold(self, sds: float, *, sample: bool) -> float:
        return self.mean + sds * self.sd(sample=sample)

    def reached(self, cases: float, sds: float, *, sample: bool, strictly: bool) -> bool:
        """`strictly` above the threshold (epidemic), or at it and above the mean (warning)."""
        limit = self.threshold(sds, sample=sample)
        return cases > limit if strictly else cases >= limit and cases > self.mean


def judge_one(rule: BaselineRule, data: dict[str, Any]) -> LevelResult:
    """Status of one commune and disease: `none`, `warning`, `epidemic`, or None with what is missing.

    Facts: `group` A/B/C, `endemic`, `never_seen` + `adhoc_risk`, `confirmed_cases`; endemic: `month_cases`,
    `month_baseline` and `week_cases`, `week_baseline` (year -> cases, or {cases, epidemic}); not endemic:
    `linked_cases_month`, `linked_cases_week`. Raises UserError `rules.bad-fact`.
    """
    result = LevelResult(rule, data["area"])
    result.numerator = {key: data.get(key) for key in ("month_cases", "week_cases", "counted_by", "counts_source")}
    if data.get("group") not in ("A", "B", "C"):
        raise UserError("rules.bad-fact", field="group", fact="group", value=str(data.get("group"))[:20])
    epidemic, warning = _epidemic(rule, data, result), _warning(rule, data, result)
    _decide(result, epidemic, warning)
    return result


def _decide(result: LevelResult, epidemic: bool | None, warning: bool | None) -> None:  # noqa: FBT001
    """What is known settles the level; what is not leaves every state that it allows."""
    milder = {True: ("warning",), False: ("none",), None: ("none", "warning")}[warning]
    graver = {True: ("epidemic",), False: milder, None: (*milder, "epidemic")}[epidemic]
    result.possible = graver
    result.level = graver[0] if len(graver) == 1 else None
    result.verified = result.verified and result.level is not None
    result.driving = [one.name for one in result.criteria if one.met][:1]


def _epidemic(rule: BaselineRule, data: dict[str, Any], result: LevelResult) -> bool | None:
    test = rule.epidemic
    if data["group"] == "A":
        result.asks.append(reason("group-a-guidance"))
        return None
    endemic = fact(data, "endemic", bool)
    if endemic is None:
        result.asks.append(reason("endemic-needed"))
        return None
    if not endemic:
        return _linked(data, result, "linked_cases_month", test.linked_cases, "linked-month")
    cases = fact(data, "month_cases", (int, float))
    baseline = _baseline(data, "month_baseline", exclude=test.exclude_epidemic_years)
    return _above(rule, result, cases, baseline, test.sds, "month-above")


def _warning(rule: BaselineRule, data: dict[str, Any], result: LevelResult) -> bool | None:
    test = rule.warning
    if data["group"] == "A":
        return _linked(data, result, "confirmed_cases", test.group_a_confirmed, "group-a-case")
    if fact(data, "never_seen", bool):
        return _never_seen(rule, data, result)
    endemic = fact(data, "endemic", bool)
    if endemic is None:
        return None
    if not endemic:
        return _linked(data, result, "linked_cases_week", test.linked_cases, "linked-week")
    cases = fact(data, "week_cases", (int, float))
    baseline = _baseline(data, "week_baseline", exclude=test.exclude_epidemic_years)
    reached = _above(rule, result, cases, baseline, test.from_sds, "week-above")
    if reached and cases is not None and cases > baseline.threshold(test.to_sds, sample=rule.sd == "sample"):
        result.reasons.append(reason("week-beyond-band", sds=f"{test.to_sds:g}"))
    return reached


def _linked(data: dict[str, Any], result: LevelResult, name: str, least: int, say: str) -> bool | None:
    count = fact(data, name, (int, float))
    met = None if count is None else bool(count >= least)
    text = reason(say, least=least)
    result.criteria.append(Criterion(text, count, f"≥ {least}", met))
    if met is None:
        result.asks.append(reason("count-needed", what=text))
    return met


def _never_seen(rule: BaselineRule, data: dict[str, Any], result: LevelResult) -> bool | None:
    risk = fact(data, "adhoc_risk", str)
    met = None if risk is None else risk in rule.warning.never_seen_risk
    result.criteria.append(Criterion(reason("never-seen"), risk, "≥ medium", met))
    if met is None:
        result.asks.append(reason("adhoc-risk-needed"))
    return met


def _baseline(data: dict[str, Any], name: str, *, exclude: bool) -> Baseline:
    """Past counts of `name`; a year flagged `epidemic` is left out where `exclude`."""
    raw = fact(data, name, dict) or {}
    kept, left = [], []
    for year, entry in sorted(raw.items()):
        row = entry if isinstance(entry, dict) else {"cases": entry}
        count = fact(row, "cases", (int, float))
        if exclude and fact(row, "epidemic", bool):
            left.append(str(year))
        elif count is not None:
            kept.append(float(count))
    return Baseline(tuple(kept), tuple(left), len(raw))


def _above(
    rule: BaselineRule, result: LevelResult, cases: float | None, baseline: Baseline, sds: float, say: str
) -> bool | None:
    """Is the count above mean + sds·SD? None where the count or the baseline is missing."""
    text = reason(say, sds=f"{sds:g}")
    if cases is None or len(baseline.counts) < rule.least_years:
        result.criteria.append(Criterion(text, cases, "?", None))
        result.asks.append(reason("baseline-needed", least=rule.least_years, given=len(baseline.counts)))
        return None
    sample, strictly = rule.sd == "sample", say == "month-above"
    met, other = (baseline.reached(cases, sds, sample=kind, strictly=strictly) for kind in (sample, not sample))
    parts = f"{baseline.mean:.2f} + {sds:g} × {baseline.sd(sample=sample):.2f}"
    shown = f"{'>' if strictly else '≥'} {parts} = {baseline.threshold(sds, sample=sample):.2f}"
    result.criteria.append(Criterion(text, cases, shown, met))
    _note_thin_baseline(rule, result, baseline)
    if met != other:
        result.verified = False
        result.reasons.append(reason("hangs-on-sd"))
    return met


def _note_thin_baseline(rule: BaselineRule, result: LevelResult, baseline: Baseline) -> None:
    if baseline.left_out:
        result.reasons.append(reason("years-left-out", years=", ".join(baseline.left_out)))
    if baseline.years_given < rule.baseline_years:
        result.verified = False
        result.reasons.append(reason("few-years", given=baseline.years_given, wanted=rule.baseline_years))
    if baseline.sd(sample=True) == 0:
        result.reasons.append(reason("sd-zero"))
