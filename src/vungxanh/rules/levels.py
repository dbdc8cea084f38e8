"""Level rules: what an area is called, on which numbers. Data in `level_rules/`; one evaluator a `method`.

A cell or threshold that no source gives is never filled in: the level is then None, `possible` says what it may
be, and `asks` what an official has to decide.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Dated, Strict, Text, packaged


class Level(Strict):
    """A name for a state of an area. `color` only where it was law."""

    code: str
    word: Text
    color: str | None = None


class LevelRule(Dated):
    """What every level rule has; each method adds its own."""

    aliases: tuple[str, ...] = ()
    method: str
    #: what is counted: said with every level
    numerator: str
    notice_hours_to_raise: int | None = None
    notice_hours_to_lower: int | None = None

    def word(self, code: str | None) -> Level | None:
        levels: tuple[Level, ...] = getattr(self, "levels", ())
        return next((one for one in levels if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One input beside its threshold. `met` is None where the input is missing."""

    name: Text
    value: object
    threshold: str
    met: bool | None
    verified: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name.model_dump(),
            "value": self.value,
            "threshold": self.threshold,
            "met": self.met,
            "verified": self.verified,
        }


@dataclass(slots=True)
class LevelResult:
    """A computed level with all that it stands on. It is a proposal: a named official decides."""

    rule: LevelRule
    area: str
    level: str | None = None
    possible: tuple[str, ...] = ()
    driving: list[Text] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    numerator: dict[str, object] = field(default_factory=dict)
    verified: bool = True
    reasons: list[Text] = field(default_factory=list)
    asks: list[Text] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        named = self.rule.word(self.level)
        return {
            "area": self.area,
            "level": self.level,
            "word": named.word.model_dump() if named else None,
            "color": named.color if named else None,
            "possible": list(self.possible),
            "driving": [one.model_dump() for one in self.driving],
            "criteria": [one.as_json() for one in self.criteria],
            "numerator": {"definition": self.rule.numerator} | self.numerator,
            "verified": self.verified and self.rule.verified,
            "reasons": [one.model_dump() for one in self.reasons],
            "asks": [one.model_dump() for one in self.asks],
        }


@cache
def packaged_rules() -> dict[str, LevelRule]:
    """Id and alias -> rule, for every level rule that ships with the project."""
    from vungxanh.rules.level_methods import read_rule

    found: dict[str, LevelRule] = {}
    for raw in packaged("level_rules"):
        rule = read_rule(raw)
        found |= dict.fromkeys((rule.id, *rule.aliases), rule)
    return found


def level_rule(rule_id: str) -> LevelRule:
    """Raises UserError `rules.level-rule-unknown`."""
    rules = packaged_rules()
    found = rules.get(rule_id.lower())
    if found is None:
        known = ", ".join(sorted({rule.id for rule in rules.values()}))
        raise UserError("rules.level-rule-unknown", field="rule", rule=rule_id, known=known)
    return found


def fact(data: dict[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:
    """A fact of an area, or None where it is missing. Raises UserError `rules.bad-fact` for a wrong type."""
    value = data.get(name)
    if value is not None and not _sound(value, kind):
        raise UserError("rules.bad-fact", field=name, fact=name, value=str(value)[:40])
    return value


def _sound(value: Any, kind: type | tuple[type, ...]) -> bool:
    """Counts and shares are not negative, not huge and not booleans."""
    if kind == (int, float):
        return isinstance(value, kind) and not isinstance(value, bool) and 0 <= value < 1e10
    return isinstance(value, kind)
