"""From answers to what follows: the class, every reason, what is due, who may overrule. Data in `rules/*.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from vungxanh.declarations.areas import Hit
from vungxanh.forms.definition import Form, When
from vungxanh.forms.validate import holds
from vungxanh.rules.dated import Basis, Strict, Text, parse


class Class(Strict):
    """One outcome. It holds where a condition does (`all`: every one), where an area was hit, or `otherwise`."""

    code: str
    when: tuple[When, ...] = ()
    all: bool = False
    area: bool = False
    possible: bool = False
    otherwise: bool = False
    name: Text
    why: Text
    todo: Text
    work: str = ""
    due_hours: Annotated[int, Field(ge=1)] = 24
    valid_hours: Annotated[int, Field(ge=1)]


class ResultRules(Strict):
    id: str
    valid_from: date
    verified: bool
    basis: Basis
    classes: tuple[Class, ...]

    def named(self, code: str) -> Class:
        return next(one for one in self.classes if one.code == code)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a class holds; `params` fill its sentence. Names nobody."""

    code: str
    params: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}


@dataclass(frozen=True, slots=True)
class Result:
    rules: ResultRules
    reasons: tuple[Reason, ...]

    @property
    def main(self) -> Class:
        """The first class that holds."""
        return self.rules.named(self.reasons[0].code)

    @property
    def due(self) -> list[tuple[Class, Reason]]:
        """What a health worker has to do: one row a kind of work, the most urgent."""
        found: dict[str, tuple[Class, Reason]] = {}
        for reason in self.reasons:
            one = self.rules.named(reason.code)
            if one.work:
                found.setdefault(one.work, (one, reason))
        return list(found.values())


@cache
def rules_named(name: str) -> ResultRules:
    """`declaration`, `daily`, `measles`: the file of that name."""
    file = resources.files("vungxanh.declarations") / "rules" / f"{name}.toml"
    return parse(ResultRules, tomllib.loads(file.read_text("utf-8")))


def judge(form: Form, answers: Mapping[str, Any], hits: Sequence[Hit]) -> Result:
    """The classes that hold, first the one that counts; areas that were only possibly visited ask a question."""
    rules = rules_named(form.result_rules)
    found = [reason for one in rules.classes for reason in _reasons(form, one, answers, hits)]
    rest = [Reason(one.code) for one in rules.classes if one.otherwise]
    return Result(rules, tuple(found or rest))


def _reasons(form: Form, one: Class, answers: Mapping[str, Any], hits: Sequence[Hit]) -> list[Reason]:
    if one.area:
        return [Reason(one.code, hit.params) for hit in hits if hit.possible == one.possible]
    truths = [holds(form, when, answers) for when in one.when]
    met = bool(truths) and (all(truths) if one.all else any(truths))
    return [Reason(one.code)] if met else []
