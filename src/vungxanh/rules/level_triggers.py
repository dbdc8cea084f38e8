"""Levels by triggers (QĐ 2686): the gravest with a true trigger; neighbours follow one step down."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import model_validator

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Strict, Text
from vungxanh.rules.levels import Criterion, Level, LevelResult, LevelRule, fact
from vungxanh.rules.reasons import reason


class Trigger(Strict):
    """One fact of the commune, or the level of a neighbour."""

    say: Text
    fact: str = ""
    at_least: int | None = None
    is_true: bool | None = None
    any_of: tuple[str, ...] = ()
    neighbour_of: str = ""

    def holds(self, data: dict[str, Any]) -> bool | None:
        """Three-valued: None where the fact is missing."""
        if self.is_true is not None:
            flag = fact(data, self.fact, bool)
            return None if flag is None else flag is self.is_true
        if self.at_least is not None:
            count = fact(data, self.fact, (int, float))
            return None if count is None else bool(count >= self.at_least)
        kinds = fact(data, self.fact, list)
        return None if kinds is None else bool(set(kinds) & set(self.any_of))

    @property
    def threshold(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least}"
        return ", ".join(self.any_of) or "true"


class TriggeredLevel(Level):
    triggers: tuple[Trigger, ...] = ()


class TriggerRule(LevelRule):
    """Levels from the mildest to the gravest."""

    method: Literal["triggers"]
    kind: Literal["level"]
    levels: tuple[TriggeredLevel, ...]

    @model_validator(mode="after")
    def _neighbours_step_down(self) -> Self:
        order = [level.code for level in self.levels]
        for place, level in enumerate(self.levels):
            for trigger in level.triggers:
                if trigger.neighbour_of and trigger.neighbour_of not in order[place + 1 :]:
                    raise ValueError("a neighbour's level must be graver than the one it gives")
        return self


def judge_all(
    rule: TriggerRule, areas: list[dict[str, Any]], neighbours: Iterable[list[str]]
) -> list[LevelResult]:
    """Levels of areas that may touch: each by its own facts, then gravest first by its neighbours."""
    beside = _adjacency({area["area"] for area in areas}, neighbours)
    results = {area["area"]: _by_facts(rule, area) for area in areas}
    for level in reversed(rule.levels):
        for trigger in level.triggers:
            if trigger.neighbour_of:
                _spread(rule, level, trigger, results, beside)
    for area in areas:
        _what_may_be_graver(rule, area, results[area["area"]])
    return list(results.values())


def _adjacency(known: set[str], pairs: Iterable[list[str]]) -> dict[str, set[str]]:
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        for name in (one, other):
            if name not in known:
                raise UserError("rules.neighbour-unknown", field="neighbours", area=name)
        if one != other:
            beside[one].add(other)
            beside[other].add(one)
    return beside


def _by_facts(rule: TriggerRule, data: dict[str, Any]) -> LevelResult:
    result = LevelResult(rule, data["area"], level=rule.levels[0].code)
    for level in rule.levels:
        true = [t for t in level.triggers if t.fact and t.holds(data)]
        if true:
            result.level, result.driving = level.code, [t.say for t in true]
        result.criteria += [
            Criterion(t.say, data.get(t.fact), t.threshold, t.holds(data)) for t in level.triggers if t.fact
        ]
    return result


def _spread(
    rule: TriggerRule,
    level: TriggeredLevel,
    trigger: Trigger,
    results: dict[str, LevelResult],
    beside: dict[str, set[str]],
) -> None:
    """Lift to `level` every milder area that touches one of `trigger.neighbour_of`; its own triggers stay said."""
    order = [one.code for one in rule.levels]
    sources = [name for name, result in results.items() if result.level == trigger.neighbour_of]
    for source in sources:
        for name in sorted(beside[source]):
            result = results[name]
            if order.index(result.level or order[0]) < order.index(level.code):
                result.level, result.driving = level.code, []
            if result.level == level.code:
                result.driving.append(trigger.say)
                result.reasons.append(reason("neighbour", area=source, level=_word(rule, trigger.neighbour_of)))


def _what_may_be_graver(rule: TriggerRule, data: dict[str, Any], result: LevelResult) -> None:
    """A missing fact of a graver level leaves the level open upwards; it is said, not assumed away."""
    order = [one.code for one in rule.levels]
    at = order.index(result.level or order[0])
    open_upwards = [level for level in rule.levels[at + 1 :] if any(_unknown(t, data) for t in level.triggers)]
    result.possible = (order[at], *(level.code for level in open_upwards))
    for level in open_upwards:
        result.verified = False
        for trigger in level.triggers:
            if _unknown(trigger, data):
                result.asks.append(reason("fact-needed", what=trigger.say, level=level.word))


def _unknown(trigger: Trigger, data: dict[str, Any]) -> bool:
    return bool(trigger.fact) and trigger.holds(data) is None


def _word(rule: TriggerRule, code: str) -> Text:
    return next(level.word for level in rule.levels if level.code == code)
