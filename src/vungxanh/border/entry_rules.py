"""What follows from an entry declaration: a dated rule over answers, itinerary and certificates. Pure.

Three-valued: an answer that is missing never becomes "no"; a class that cannot be excluded becomes `interview`.
The first clause that is true, in the order of the rule's classes, decides; all clauses are kept as reasons.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Self

from pydantic import model_validator

from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form
from vungxanh.rules.dated import Dated, Strict, Text, parse

INTERVIEW = "interview"
SLOTS = (1, 2, 3)
LEGS = (1, 2)


class RiskArea(Strict):
    """A country in which the disease spread in these days."""

    country: str
    since: date
    until: date | None = None


class Condition(Strict):
    """One of: an answer, any answer of a group, a stay in a risk area, a believed certificate of a kind."""

    question: str | None = None
    group: str | None = None
    equals: bool | str | None = None
    risk_area: bool | None = None
    certificate: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        named = [self.question, self.group, self.risk_area, self.certificate]
        if sum(one is not None for one in named) != 1:
            raise ValueError("a condition asks one thing")
        return self


class Clause(Strict):
    id: str
    class_: str
    says: Text
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()


class EntryClass(Strict):
    """`follow_days`: for how many days the arrival commune asks after the person, day by day."""

    id: str
    name: Text
    todo: Text
    follow_days: int = 0


class EntryRule(Dated):
    """`hours`: how long a result may be shown; `four_eyes`: classes that one officer alone may not lift."""

    version: str
    disease: str
    hours: int
    four_eyes: tuple[str, ...] = ()
    risk_areas: tuple[RiskArea, ...] = ()
    classes: tuple[EntryClass, ...]
    clauses: tuple[Clause, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = {one.id for one in self.classes}
        if INTERVIEW not in known or {one.class_ for one in self.clauses} - known:
            raise ValueError("every clause needs its class, and there is a class interview")
        return self

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    def class_of(self, name: str) -> EntryClass:
        return next(one for one in self.classes if one.id == name)


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in a country, both ends included; an end that nobody told is None."""

    country: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule sees: answers, certificates as (kind, verdict), the day of entry."""

    form: Form
    answers: Mapping[str, Any]
    certificates: Sequence[tuple[str, str]] = ()
    entry_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause and whether it holds: True, False, or None for "not known"."""

    clause: str
    holds: bool | None
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    rule: str
    class_: str
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def deciding(self) -> list[Reason]:
        """The clauses that led to the class."""
        wanted = None if self.class_ == INTERVIEW else True
        return [one for one in self.reasons if one.holds is wanted]


def read(raw: dict[str, Any]) -> EntryRule:
    """Raises UserError `rules.bad-rule`."""
    clauses = [
        {("class_" if key == "class" else key): value for key, value in one.items()} for one in raw["clauses"]
    ]
    return parse(EntryRule, {**raw, "clauses": clauses})


def evaluate(rule: EntryRule, facts: Facts) -> Outcome:
    """The class of one declaration under `rule`, with every clause as a reason."""
    reasons = [_reason(clause, rule, facts) for clause in rule.clauses]
    by_id = {clause.id: clause.class_ for clause in rule.clauses}
    for one in rule.classes:
        held = [reason.holds for reason in reasons if by_id[reason.clause] == one.id]
        if True in held:
            return Outcome(rule.key, one.id, tuple(reasons))
        if None in held:
            return Outcome(rule.key, INTERVIEW, tuple(reasons))
    return Outcome(rule.key, rule.classes[-1].id, tuple(reasons))


def _reason(clause: Clause, rule: EntryRule, facts: Facts) -> Reason:
    found = [_holds(one, rule, facts) for one in clause.when]
    lifted = [_holds(one, rule, facts) for one in clause.unless]
    inputs = tuple(name for one in (*clause.when, *clause.unless) for name in _inputs(one, facts))
    holds = _all([*found, _not(_any(lifted))])
    return Reason(clause.id, holds, inputs)


def _all(values: Iterable[bool | None]) -> bool | None:
    known = list(values)
    return False if False in known else None if None in known else True


def _any(values: Iterable[bool | None]) -> bool | None:
    known = list(values)
    return True if True in known else None if None in known else False


def _not(value: bool | None, /) -> bool | None:  # noqa: FBT001 - a truth value, not a switch
    return None if value is None else not value


def _holds(condition: Condition, rule: EntryRule, facts: Facts) -> bool | None:
    if condition.certificate:
        return _certificate(condition.certificate, facts)
    if condition.risk_area is not None:
        return _in_risk_area(rule, facts)
    names = (
        [condition.question] if condition.question else [one.id for one in facts.form.group(condition.group or "")]
    )
    return _any(
        None if (value := facts.answers.get(name or "")) is None else value == condition.equals for name in names
    )


def _inputs(condition: Condition, facts: Facts) -> list[str]:
    """Questions that the condition looked at and that speak: answered so, or not answered."""
    if condition.group:
        return [
            one.id
            for one in facts.form.group(condition.group)
            if facts.answers.get(one.id) in (None, condition.equals)
        ]
    if condition.risk_area is not None:
        return [
            "from_country",
            *(f"stay{slot}_country" for slot in SLOTS if f"stay{slot}_country" in facts.answers),
            *(f"leg{leg}_from" for leg in LEGS if f"leg{leg}_from" in facts.answers),
        ]
    return [condition.question or f"certificate:{condition.certificate}"]


def _certificate(kind: str, facts: Facts) -> bool | None:
    """True where a believed one was shown. One that nobody could check is not known, a false one is none."""
    verdicts = [verdict for found, verdict in facts.certificates if found == kind]
    if "valid" in verdicts:
        return True
    return None if {"unknown-signer", "self-declared"} & set(verdicts) else False


def stays(answers: Mapping[str, Any], entry_on: date | None) -> list[Stay] | None:
    """The itinerary of a declaration; None where it was not told whether there was more."""
    if "from_country" not in answers or answers.get("elsewhere") is None:
        return None
    found = [Stay(str(answers["from_country"]), _day(answers.get("departed_on")), entry_on)]
    for slot in SLOTS:
        country = answers.get(f"stay{slot}_country")
        if country:
            found.append(
                Stay(str(country), _day(answers.get(f"stay{slot}_from")), _day(answers.get(f"stay{slot}_to")))
            )
    for leg in LEGS:  # whoever changes planes was there that day
        country, day = answers.get(f"leg{leg}_from"), _day(answers.get(f"leg{leg}_on"))
        if country:
            found.append(Stay(str(country), day, day))
    return found


def matched_areas(rule: EntryRule, facts: Facts) -> list[tuple[Stay, RiskArea]]:
    """Stays that touch a risk area within the form's window before entry."""
    entry = facts.entry_on
    window = entry - timedelta(days=facts.form.window_days) if entry else None
    return [
        (stay, area)
        for stay in stays(facts.answers, entry) or []
        for area in rule.risk_areas
        if stay.country == area.country and _touch(stay, area, window)
    ]


def _in_risk_area(rule: EntryRule, facts: Facts) -> bool | None:
    if not rule.risk_areas:
        return False
    if matched_areas(rule, facts):
        return True
    return None if stays(facts.answers, facts.entry_on) is None else False


def _touch(stay: Stay, area: RiskArea, window: date | None) -> bool:
    """Do the days overlap? The day one set out counts as there, and so does an end that nobody told."""
    first = max(day for day in (stay.since, area.since, window) if day) if stay.since or window else area.since
    ends = [day for day in (stay.until, area.until) if day]
    return not ends or first <= min(ends)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


@cache
def shipped() -> dict[str, EntryRule]:
    """Key `id@version` -> rule that comes with the program."""
    folder = resources.files("vungxanh.border") / "data" / "results"
    raws = [tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    rules = sorted((read(raw) for raw in raws), key=lambda one: one.key)
    return {one.key: one for one in rules}


def in_force(rules: Iterable[EntryRule], rule_id: str, day: date) -> EntryRule:
    """The latest version of `rule_id` in force on `day`. Raises UserError `border.no-rule`."""
    found = [one for one in rules if one.id == rule_id and one.in_force(day)]
    if not found:
        raise UserError("border.no-rule", rule=rule_id, day=day.isoformat())
    return max(found, key=lambda one: (one.valid_from or date.min, len(one.version), one.version))
