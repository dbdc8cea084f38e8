"""A form tried on sample answers: what the validator says, what follows, and whether it is what was expected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vungxanh.declarations import areas
from vungxanh.declarations.results import Result, judge, rules_named
from vungxanh.forms.definition import Form
from vungxanh.forms.validate import Problem, check

#: what a sample expects where the form must not take its answers
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Tried:
    problems: list[Problem]
    notes: list[Problem]
    result: Result | None = None

    @property
    def outcome(self) -> str:
        return self.result.main.code if self.result else REFUSED


@dataclass(frozen=True, slots=True)
class Sample:
    """Sample answers with the class that must follow."""

    name: str
    answers: dict[str, Any]
    expects: str
    got: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return self.expects == self.got


def attempt(form: Form, answers: Mapping[str, Any], today: date) -> Tried:
    """As `declare` would, without keeping anything."""
    checked = check(form, answers, today)
    if checked.problems:
        return Tried(checked.problems, checked.notes)
    hits = areas.hits(form, areas.stays(form, checked.answers, today), today)
    return Tried([], checked.notes, judge(form, checked.answers, hits))


def run(form: Form, samples: Iterable[Mapping[str, Any]], today: date) -> list[Sample]:
    """Every sample against this version."""
    done = []
    for one in samples:
        tried = attempt(form, one["answers"], today)
        done.append(Sample(one["name"], one["answers"], one["expects"], tried.outcome, tried.problems))
    return done


def not_asked(form: Form) -> list[str]:
    """Questions and groups that the rules of the result look at and this version does not ask."""
    names = {one.id for one in form.questions} | {f"{one.group}" for one in form.questions if one.group}
    wanted = {
        when.question or when.group or "" for one in rules_named(form.result_rules).classes for when in one.when
    }
    return sorted(wanted - names)
