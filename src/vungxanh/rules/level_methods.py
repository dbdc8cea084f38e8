"""Which evaluator judges which rule, and the data that `vungxanh zoning level` takes."""

from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.rules import level_baseline, level_matrix, level_points, level_triggers
from vungxanh.rules.dated import parse
from vungxanh.rules.levels import LevelResult, LevelRule

METHODS: dict[str, type[LevelRule]] = {
    "triggers": level_triggers.TriggerRule,
    "matrix": level_matrix.MatrixRule,
    "baseline": level_baseline.BaselineRule,
    "points": level_points.PointsRule,
}


def read_rule(raw: dict[str, Any]) -> LevelRule:
    """TOML or JSON -> rule of its method. Raises UserError `rules.bad-rule`."""
    method = raw.get("method")
    if method not in METHODS:
        raise UserError(
            "rules.bad-rule", field="method", where="method", why=f"{method!r} is not one of {list(METHODS)}"
        )
    return parse(METHODS[method], raw)


def judge(rule: LevelRule, data: object) -> list[LevelResult]:
    """Levels of the areas in `data`: `{"areas": [{"area": …, facts}], "neighbours": [[a, b]]}`, or one area alone.

    Raises UserError `rules.bad-areas`, `rules.bad-fact`, `rules.neighbour-unknown`.
    """
    areas, neighbours = _areas(data)
    if isinstance(rule, level_triggers.TriggerRule):
        return level_triggers.judge_all(rule, areas, neighbours)
    if isinstance(rule, level_matrix.MatrixRule):
        return [level_matrix.judge_one(rule, area) for area in areas]
    if isinstance(rule, level_baseline.BaselineRule):
        return [level_baseline.judge_one(rule, area) for area in areas]
    assert isinstance(rule, level_points.PointsRule)
    return [level_points.judge_one(rule, area) for area in areas]


def _areas(data: object) -> tuple[list[dict[str, Any]], list[list[str]]]:
    if not isinstance(data, dict):
        raise UserError("rules.bad-areas", field="areas")
    areas = data.get("areas", [data])
    neighbours = data.get("neighbours", [])
    sound = isinstance(areas, list) and all(isinstance(area, dict) for area in areas)
    pairs = isinstance(neighbours, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in neighbours)
    if not sound or not pairs:
        raise UserError("rules.bad-areas", field="areas")
    for position, area in enumerate(areas):
        area["area"] = str(area.get("area") or area.get("id") or position + 1)
    if len({area["area"] for area in areas}) != len(areas):
        raise UserError("rules.bad-areas", field="areas")
    return areas, [[str(a), str(b)] for a, b in neighbours]
