"""A rule pack run over a past period, beside what was decided then. Pure: no Django, no database."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import LevelRule, level_rule


def backtest(rule_id: str, data: object) -> dict[str, Any]:
    """`data`: {"days": [{"on": day, "areas": [...facts], "neighbours": [...]}], "decided": [{area, on, level}]}.

    For every day the computed level of each area beside the one decided last by then; what agrees, and by how many
    steps the others differ. Raises UserError `zoning.bad-backtest`, and those of the rules.
    """
    rule = level_rule(rule_id)
    if not isinstance(data, dict) or not isinstance(data.get("days"), list):
        raise UserError("zoning.bad-backtest", field="days")
    decided = _decided(data.get("decided", []), rule)
    rows = [row for day in data["days"] for row in _day(rule, day, decided)]
    return {"rule": rule.id, "basis": rule.basis.doc, **_agreement(rows), "rows": rows}


def _decided(given: Any, rule: LevelRule) -> dict[str, list[tuple[date, str]]]:
    """Area -> (day, level), in order."""
    found: dict[str, list[tuple[date, str]]] = {}
    if not isinstance(given, list) or not all(
        isinstance(row, dict) and {"area", "on", "level"} <= set(row) for row in given
    ):
        raise UserError("zoning.bad-backtest", field="decided")
    for row in given:
        level = str(row["level"])
        if rule.word(level) is None:
            raise UserError("zoning.level-unknown", field="level", level=level)
        found.setdefault(str(row["area"]), []).append((parse_date(str(row["on"])), level))
    return {area: sorted(rows) for area, rows in found.items()}


def _day(rule: LevelRule, given: Any, decided: dict[str, list[tuple[date, str]]]) -> list[dict[str, Any]]:
    if not isinstance(given, dict) or "on" not in given:
        raise UserError("zoning.bad-backtest", field="on")
    on = parse_date(str(given["on"]))
    areas = [{**area, "on": area.get("on", on.isoformat())} for area in given.get("areas", [])]
    order = [one.code for one in getattr(rule, "levels", ())]
    rows = []
    for result in judge(rule, {"areas": areas, "neighbours": given.get("neighbours", [])}):
        standing = [level for day, level in decided.get(result.area, []) if day <= on]
        was = standing[-1] if standing else None
        known = result.level is not None and was is not None
        rows.append(
            {
                "on": on.isoformat(),
                "area": result.area,
                "computed": result.level,
                "possible": list(result.possible),
                "decided": was,
                "steps": order.index(result.level or "") - order.index(was or "") if known else None,
                "driving": [one.model_dump() for one in result.driving],
                "verified": result.verified and rule.verified,
            }
        )
    return rows


def _agreement(rows: list[dict[str, Any]]) -> dict[str, Any]:
    compared = [row for row in rows if row["steps"] is not None]
    steps = Counter(row["steps"] for row in compared)
    return {
        "compared": len(compared),
        "agree": steps[0],
        "computed_graver": sum(count for step, count in steps.items() if step > 0),
        "computed_milder": sum(count for step, count in steps.items() if step < 0),
        "not_computed": sum(row["computed"] is None for row in rows),
        "possible_holds_decided": sum(row["decided"] in row["possible"] for row in rows if row["decided"]),
        "with_decision": sum(row["decided"] is not None for row in rows),
    }


def zone_backtest(
    lake: Any, cases: list[dict[str, Any]], on: date, *, days: int = 7, replicates: int | None = None
) -> dict[str, Any]:
    """A zone proposed at the start of `on` from what was known then, beside the cases of the `days` after.

    `cases`: {"person", "onset", "found"} (days; found: sampled or isolated). Raises UserError `zoning.no-cases`.
    """
    from vungxanh.core.minutes import day_start
    from vungxanh.zoning.model.forward import Case
    from vungxanh.zoning.model.proposal import propose

    now = day_start(on)
    rows = [(int(row["person"]), parse_date(str(row["onset"])), parse_date(str(row["found"]))) for row in cases]
    known = [Case(person, day_start(onset), day_start(found)) for person, onset, found in rows if found < on]
    later = {person for person, _, found in rows if on <= found < on + timedelta(days=days)}
    proposal = propose(known, lake.segment(), now, days=days, replicates=replicates)
    options = []
    for option in proposal.options:
        inside = {person for unit in option.units for person in unit.people.tolist()}
        held = len(later & inside)
        options.append(
            {
                "share_asked": option.share,
                "share_expected": round(option.cover.share, 4),
                "people": option.cover.people,
                "units": len(option.units),
                "later_cases_inside": held,
                "share_of_later_cases": round(held / len(later), 4) if later else None,
            }
        )
    return {
        "on": on.isoformat(),
        "known_cases": len(known),
        "later_cases": len(later),
        "days": days,
        "options": options,
    }
