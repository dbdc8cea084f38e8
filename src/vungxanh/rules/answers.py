"""Answers to a criteria set: JSON in, one score an item out. Nothing outside an item's range passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from vungxanh.core.errors import UserError
from vungxanh.rules.criteria import CriteriaSet, Item

NOT_APPLICABLE = "na"
Score = int | float


@dataclass(frozen=True, slots=True)
class Answers:
    """`scores`: item number -> points (pass/fail: 1 or 0). `not_applicable`: left out of the divisor."""

    scores: dict[int, Score]
    not_applicable: frozenset[int] = frozenset()


def read_answers(criteria: CriteriaSet, raw: object) -> Answers:
    """`{item number: score | true | false | {"value": n} | [several] | null | "na"}`, bare or under "answers".

    Raises UserError `rules.answers-not-a-map`, `rules.answers-other-set`, `rules.item-unknown`,
    `rules.answer-out-of-range`, `rules.total-over-maximum`.
    """
    given = _bare(criteria, raw)
    scores: dict[int, Score] = {}
    skipped: set[int] = set()
    for key, value in given.items():
        number = _number(criteria, key)
        if value == NOT_APPLICABLE and criteria.item(number).may_be_skipped:
            skipped.add(number)
        elif value is not None:
            scores[number] = _score(criteria, number, value)
    _check_total(criteria, sum(scores.values()))
    return Answers(scores, frozenset(skipped))


def _check_total(criteria: CriteriaSet, total: Score) -> None:
    if criteria.maximum is not None and total > criteria.maximum:
        raise UserError("rules.total-over-maximum", field="answers", total=total, maximum=criteria.maximum)


def _bare(criteria: CriteriaSet, raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise UserError("rules.answers-not-a-map", field="answers")
    named = raw.get("set")
    if named is not None and named != criteria.id:
        raise UserError("rules.answers-other-set", field="set", given=named, set=criteria.id)
    inner = raw.get("answers", {key: value for key, value in raw.items() if key not in ("set", "place_kind")})
    if not isinstance(inner, Mapping):
        raise UserError("rules.answers-not-a-map", field="answers")
    return inner


def _number(criteria: CriteriaSet, key: object) -> int:
    text = str(key)
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1 or (criteria.numbers and number not in criteria.numbers):
        raise UserError("rules.item-unknown", field=text, set=criteria.id, item=text)
    return number


def _score(criteria: CriteriaSet, number: int, value: object) -> Score:
    item = criteria.item(number)
    if isinstance(value, list):
        return _of_many(criteria, number, value)
    if isinstance(value, Mapping):
        return _measured(item, value)
    return _passed(item, value) if criteria.scoring == "pass" else _points(criteria, item, value)


def _of_many(criteria: CriteriaSet, number: int, values: list[object]) -> Score:
    """Several people, vehicles or parts: the worst counts, the best, or all must pass."""
    if not values:
        raise _refused(number, values, "ít nhất một giá trị / at least one value")
    scores = [_score(criteria, number, value) for value in values]
    rule = criteria.item(number).of_many
    safest_last = (rule == "best") == (criteria.direction == "safety")
    return max(scores) if safest_last else min(scores)


def _measured(item: Item, value: Mapping[str, object]) -> Score:
    amount = value.get("value")
    if not item.ranges or set(value) != {"value"} or not _is_number(amount):
        raise _refused(item.number, dict(value), "điểm / a score")
    for part in item.ranges:
        if part.below is None or amount < part.below:
            return part.score
    raise _refused(item.number, amount, "một giá trị trong bảng / a value inside the table")


def _passed(item: Item, value: object) -> Score:
    if isinstance(value, bool) or value in (0, 1):
        return int(bool(value))
    raise _refused(item.number, value, "true/false")


def _points(criteria: CriteriaSet, item: Item, value: object) -> Score:
    top = item_max(criteria, item)
    if isinstance(value, bool):
        if value and top is None:
            raise _refused(item.number, value, "điểm bằng số / a number of points")
        return (top or 0) if value else 0
    ceiling = top if top is not None else criteria.maximum
    if not _is_number(value) or value < 0 or (ceiling is not None and value > ceiling):
        raise _refused(item.number, value, f"0–{ceiling}" if ceiling is not None else "≥ 0")
    return value


def item_max(criteria: CriteriaSet, item: Item) -> int | None:
    """Most points of an item; None where no source gives it."""
    return item.max if item.max is not None else criteria.item_max


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value and abs(value) < 1e9


def _refused(item: int, value: object, wanted: str) -> UserError:
    return UserError("rules.answer-out-of-range", field=str(item), item=item, value=str(value)[:40], wanted=wanted)
