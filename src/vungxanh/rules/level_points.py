"""Group of a disease by points (TT 15/2026, Annex I): four criteria of one to three points each."""

from typing import Annotated, Any, Literal

from pydantic import Field

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Strict, Text
from vungxanh.rules.levels import Criterion, Level, LevelResult, LevelRule, fact
from vungxanh.rules.reasons import reason


class PointsLevel(Level):
    """Reached from this many points."""

    from_: Annotated[int, Field(alias="from")]


class PointsCriterion(Strict):
    """Points by a word, or by a percentage: below `below` one, up to `up_to` two, above it three."""

    fact: str
    say: Text
    points: dict[str, int] = Field(default_factory=dict)
    below: float | None = None
    up_to: float | None = None

    def score(self, data: dict[str, Any]) -> int | None:
        if self.below is not None and self.up_to is not None:
            share = fact(data, self.fact, (int, float))
            return None if share is None else 1 + (share >= self.below) + (share > self.up_to)
        word = fact(data, self.fact, str)
        if word is not None and word not in self.points:
            raise UserError("rules.bad-fact", field=self.fact, fact=self.fact, value=word[:40])
        return None if word is None else self.points[word]


class PointsRule(LevelRule):
    method: Literal["points"]
    kind: Literal["level"]
    levels: tuple[PointsLevel, ...]
    criteria: tuple[PointsCriterion, ...]
    always_top: str

    def level_of(self, points: int) -> str:
        return [level.code for level in self.levels if points >= level.from_][-1]


def judge_one(rule: PointsRule, data: dict[str, Any]) -> LevelResult:
    """Group of one disease. A missing criterion leaves every group that one to three points allow.

    Raises UserError `rules.bad-fact`.
    """
    result = LevelResult(rule, data["area"])
    scores = [part.score(data) for part in rule.criteria]
    for part, score in zip(rule.criteria, scores, strict=True):
        result.criteria.append(Criterion(part.say, score, "1–3", None))
        if score is None:
            result.asks.append(reason("count-needed", what=part.say))
    known = sum(score for score in scores if score is not None)
    unknown = scores.count(None)
    reachable = {rule.level_of(points) for points in range(known + unknown, known + 3 * unknown + 1)}
    if fact(data, rule.always_top, bool):
        reachable = {rule.levels[-1].code}
        result.driving = [reason("new-dangerous-unknown")]
    result.numerator = {"points": known if not unknown else None}
    result.possible = tuple(sorted(reachable))
    result.level = result.possible[0] if len(reachable) == 1 else None
    result.verified = result.level is not None
    return result
