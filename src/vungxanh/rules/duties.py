"""Who owes what: kind of place -> systems and measures it must have, as data with the evidence of each."""

from functools import cache
from typing import Literal

from vungxanh.rules.dated import Dated, Evidence, Strict, Text, packaged, parse


class ShownBy(Strict):
    """The place fact that shows use; older than `days` it no longer does (0: while the fact is valid)."""

    fact: str
    days: int


class DutyRule(Dated):
    """Duties by kind: (system, how it was established)."""

    kind: Literal["duties"]
    systems: dict[str, Text]
    shown_by: dict[str, ShownBy]
    kinds: dict[str, tuple[tuple[str, Evidence], ...]]


class Duty(Strict):
    """One thing that a kind of place owes. `shown_by` None: no fact shows it, somebody has to look."""

    system: str
    name: Text
    evidence: Evidence
    shown_by: ShownBy | None


@cache
def duty_rule() -> DutyRule:
    (only,) = (parse(DutyRule, raw) for raw in packaged("duty_rules"))
    return only


def duties(place_kind: str) -> list[Duty]:
    """What a kind of place owes; empty for a kind of which nothing was read."""
    rule = duty_rule()
    owed = rule.kinds.get(place_kind, ())
    return [
        Duty(system=name, name=rule.systems[name], evidence=evidence, shown_by=rule.shown_by.get(name))
        for name, evidence in owed
    ]
