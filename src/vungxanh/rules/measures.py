"""Measures: territory × level × activity -> allowed, limited with numbers, or stopped. Data in `measure_rules/`.

A province's row stands beside the central one, never in its place; where they differ, that is said. What no text
read speaks of is absent, which means "not known" and not "allowed".
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Dated, Strict, Text, packaged, parse

State = Literal["allowed", "limited", "stopped"]
STRICTNESS: tuple[State, ...] = ("allowed", "limited", "stopped")


class Row(Strict):
    """One activity at some levels. Limits that the text gives in numbers stand in their own fields."""

    activity: str
    levels: tuple[str, ...]
    state: State
    max_people: int | None = None
    capacity_pct: int | None = None
    distance_m: float | None = None
    doses: int | None = None
    days: int | None = None
    takeaway_only: bool | None = None
    note: Text | None = None
    #: the central text leaves this to the province
    province_may: bool = False

    def limits(self) -> dict[str, Any]:
        numbers = {"max_people", "capacity_pct", "distance_m", "doses", "days", "takeaway_only"}
        return self.model_dump(include=numbers, exclude_none=True)


class MeasureRule(Dated):
    kind: Literal["measures"]
    level_rule: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text says of an activity at a level. `against_centre`: stricter, looser, other limits, or empty."""

    activity: str
    state: State
    limits: dict[str, Any]
    note: Text | None
    rule: MeasureRule
    against_centre: Literal["", "stricter", "looser", "other-limits"] = ""


@cache
def measure_rules() -> tuple[MeasureRule, ...]:
    return tuple(parse(MeasureRule, raw) for raw in packaged("measure_rules"))


def measures(level_rule: str, level: str, *, territory: str = "VN", on: date) -> list[Measure]:
    """Measures in force at a level on a day: the central ones, then those of `territory` (`VN/72`).

    Raises UserError `rules.no-measures`.
    """
    rules = [rule for rule in measure_rules() if rule.level_rule == level_rule and rule.in_force(on)]
    if not rules:
        raise UserError("rules.no-measures", field="rule", rule=level_rule, on=on)
    central = {row.activity: (row, rule) for rule in rules if rule.territory == "VN" for row in _at(rule, level)}
    found = [_measure(row, rule) for row, rule in central.values()]
    for rule in rules:
        if rule.territory != "VN" and f"{territory}/".startswith(f"{rule.territory}/"):
            found += [_measure(row, rule, central.get(row.activity)) for row in _at(rule, level)]
    return found


def _at(rule: MeasureRule, level: str) -> list[Row]:
    return [row for row in rule.rows if level in row.levels]


def _measure(row: Row, rule: MeasureRule, central: tuple[Row, MeasureRule] | None = None) -> Measure:
    flag = _against(row, central[0]) if central else ""
    return Measure(row.activity, row.state, row.limits(), row.note, rule, flag)


def _against(row: Row, centre: Row) -> Literal["", "stricter", "looser", "other-limits"]:
    here, there = STRICTNESS.index(row.state), STRICTNESS.index(centre.state)
    if here > there:
        return "stricter"
    if here < there:
        return "" if centre.province_may else "looser"
    return "other-limits" if row.limits() != centre.limits() else ""
