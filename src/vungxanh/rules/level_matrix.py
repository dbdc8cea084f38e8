"""Levels by a table of criteria (NQ 128 with QĐ 4800, QĐ 218): incidence × coverage, with capacity as a brake."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from vungxanh.core.minutes import parse_date
from vungxanh.rules.dated import Strict, Text
from vungxanh.rules.levels import Criterion, Level, LevelResult, LevelRule, fact
from vungxanh.rules.reasons import reason


class Incidence(Strict):
    """Bands of a rate; a cut in `from_memory` was not read in a source."""

    fact: str
    per: int
    days: int
    cuts: tuple[int, ...]
    from_memory: tuple[int, ...] = ()
    top_is_above: bool = False

    def band(self, rate: float) -> int:
        """1 for the lowest band; half-open below, the top one by `top_is_above`."""
        above = sum(rate >= cut for cut in self.cuts)
        return above if self.top_is_above and rate == self.cuts[-1] else above + 1

    def possible_bands(self, rate: float) -> tuple[int, ...]:
        """Bands that stay possible when the cuts from memory are left out of account."""
        own = self.band(rate)
        low = high = own
        while low > 1 and self.cuts[low - 2] in self.from_memory:
            low -= 1
        while high <= len(self.cuts) and self.cuts[high - 1] in self.from_memory:
            high += 1
        return tuple(range(low, high + 1))


class Coverage(Strict):
    """A share of people that must be reached, perhaps of an age that changed with the date."""

    fact: str
    say: Text
    at_least: float
    age: int | None = None
    since: date | None = None
    until: date | None = None

    def asked(self, day: date | None, age: object) -> bool:
        """Is this the share meant? The age that the data give decides; without one, the day."""
        if self.age and age is not None:
            return age == self.age
        if day is None:
            return self.since is None
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


class Capacity(Strict):
    fact: str
    say: Text
    blocks_lowering: bool


class Asked(Strict):
    """A criterion whose cut-off was not read: shown, and asked of the official."""

    fact: str
    say: Text


class Cell(Strict):
    band: int
    coverage_met: bool
    level: str
    example: str


class MatrixRule(LevelRule):
    method: Literal["matrix"]
    kind: Literal["level"]
    levels: tuple[Level, ...]
    incidence: Incidence
    coverage: tuple[Coverage, ...]
    capacity: Capacity
    cells: tuple[Cell, ...]
    also_asked: tuple[Asked, ...] = ()

    def cell(self, band: int, met: bool) -> Cell | None:  # noqa: FBT001 - the two sides of the table
        return next((one for one in self.cells if (one.band, one.coverage_met) == (band, met)), None)


def judge_one(rule: MatrixRule, data: dict[str, Any]) -> LevelResult:
    """Level of one area from `rate` or `cases` + `population`, coverage, capacity and `previous_level`.

    Raises UserError `rules.bad-fact`, `core.bad-date`.
    """
    result = LevelResult(rule, data["area"])
    day = parse_date(str(data["on"])) if data.get("on") else None
    rate = _rate(rule, data, result)
    met = _coverage(rule, data, day, result)
    _capacity_and_rest(rule, data, result)
    if rate is not None:
        _look_up(rule, rate, met, result)
    _drive(rule, rate, met, result)
    _hold_if_capacity_fails(rule, data, result)
    return result


def _rate(rule: MatrixRule, data: dict[str, Any], result: LevelResult) -> float | None:
    given = fact(data, "rate", (int, float))
    cases, people = fact(data, "cases", (int, float)), fact(data, "population", (int, float))
    days = fact(data, "window_days", (int, float)) or rule.incidence.days
    rate: float | None = given
    if given is None and cases is not None and people:
        rate = _weekly(rule.incidence, Decimal(str(cases)), Decimal(str(people)), Decimal(str(days)))
    result.numerator = {
        "rate": rate,
        "per": rule.incidence.per,
        "cases": cases,
        "window_days": days,
        "population": people,
        "population_source": data.get("population_source"),
        "counted": data.get("counted"),
        "rounding": "as published" if given is not None else "2 decimals",
    }
    if rate is None:
        result.verified = False
        result.asks.append(reason("rate-needed"))
    return rate


def _weekly(incidence: Incidence, cases: Decimal, people: Decimal, days: Decimal) -> float:
    """Cases of a window as a rate per `per` people and the rule's days."""
    return float(round(cases * incidence.per * incidence.days / (people * days), 2))


def _coverage(rule: MatrixRule, data: dict[str, Any], day: date | None, result: LevelResult) -> bool | None:
    """Are all the shares reached? None where one is missing and none fails."""
    answers: list[bool | None] = []
    for part in rule.coverage:
        age = data.get(part.fact.replace("_full_pct", "_age"))
        if not part.asked(day, age):
            continue
        if age is not None and not part.asked(day, None):
            result.verified = False
            result.reasons.append(reason("other-age", given=age, on=day))
        value = fact(data, part.fact, (int, float))
        met = None if value is None else bool(value >= part.at_least)
        answers.append(met)
        result.criteria.append(Criterion(part.say, value, f"≥ {part.at_least:g} %", met))
    if False in answers:
        return False
    return None if None in answers else True


def _capacity_and_rest(rule: MatrixRule, data: dict[str, Any], result: LevelResult) -> None:
    met = fact(data, rule.capacity.fact, bool)
    result.criteria.append(Criterion(rule.capacity.say, met, "true", met))
    for part in rule.also_asked:
        value = fact(data, part.fact, (int, float))
        result.criteria.append(Criterion(part.say, value, "?", None, verified=False))


def _look_up(rule: MatrixRule, rate: float, met: bool | None, result: LevelResult) -> None:  # noqa: FBT001
    bands, sides = rule.incidence.possible_bands(rate), (True, False) if met is None else (met,)
    result.criteria.insert(0, _incidence(rule, rate, bands))
    cells = [rule.cell(band, side) for side in sides for band in bands]
    found = {cell.level for cell in cells if cell}
    if None in cells:
        result.possible = tuple(level.code for level in rule.levels)
        result.verified = False
        result.asks.append(reason("cell-not-read"))
    elif len(found) == 1:
        result.level = found.pop()
        result.possible = (result.level,)
    else:
        result.possible = tuple(sorted(found))
        result.asks.append(reason("coverage-needed" if met is None else "cell-not-read"))
    for cell in dict.fromkeys(one for one in cells if one):
        result.reasons.append(reason("cell-example", example=cell.example, level=cell.level))


def _incidence(rule: MatrixRule, rate: float, bands: tuple[int, ...]) -> Criterion:
    name = reason("incidence", per=rule.incidence.per, days=rule.incidence.days)
    shown = " / ".join(map(str, bands))
    return Criterion(
        name, rate, f"band {shown} of cuts {list(rule.incidence.cuts)}", None, verified=len(bands) == 1
    )


def _drive(rule: MatrixRule, rate: float | None, met: bool | None, result: LevelResult) -> None:  # noqa: FBT001
    """Coverage drives where reaching it would give a milder level at the same rate; else incidence does."""
    if rate is None or result.level is None:
        return
    better = rule.cell(rule.incidence.band(rate), True)
    if met is False and better and better.level != result.level:
        result.driving = [one.name for one in result.criteria if one.met is False and one.threshold.endswith("%")]
    else:
        result.driving = [result.criteria[0].name]


def _hold_if_capacity_fails(rule: MatrixRule, data: dict[str, Any], result: LevelResult) -> None:
    before, capable = data.get("previous_level"), data.get(rule.capacity.fact)
    if not rule.capacity.blocks_lowering or result.level is None or before is None:
        return
    if str(before) <= result.level:
        return
    if capable is False:
        result.reasons.append(reason("capacity-holds", level=str(before)))
        result.level, result.possible, result.driving = str(before), (str(before),), [rule.capacity.say]
    elif capable is None:
        result.verified = False
        result.possible = (result.level, str(before))
        result.asks.append(reason("capacity-needed"))
