"""From a case and a rule to the minutes in which it could infect."""

from collections.abc import Sequence
from datetime import date

from vungxanh.core import minutes
from vungxanh.core.errors import UserError
from vungxanh.rules.contact import ContactRule, contact_rule, rule_in_force
from vungxanh.rules.vector import vector_rule
from vungxanh.tracing.model import IndexPerson, TraceRequest, Window

#: (start, end, reason) of one person's isolations and negative tests
Isolations = Sequence[tuple[int, int, str]]


def rule_of(request: TraceRequest, case: IndexPerson) -> ContactRule:
    """The rule asked for, else the one in force on the onset (else sample) date."""
    if vector_rule(request.disease):
        return rule_in_force(date.max, request.disease)  # which says why there is none
    if isinstance(request.rule, ContactRule):
        return request.rule
    if request.rule:
        return contact_rule(request.rule)
    day = case.onset or case.sampled
    if day is None:
        raise UserError("rules.no-date")
    return rule_in_force(day, request.disease)


def infectious(case: IndexPerson, rule: ContactRule, isolations: Isolations, lake_end: int) -> Window:
    """Window of an index person. It ends at isolation or a negative test, and at `case.end` if that comes first;
    without any of them at the greatest end in the lake."""
    start = case.start
    if start is None:
        start = rule.window.start(
            onset=case.onset, sampled=case.sampled, source_contact=case.source_contact, zone=rule.zone
        )
    ends = [(lake_end, "lake")] if case.end is None else [(case.end, "to")]
    over = rule.window.last(onset=case.onset, sampled=case.sampled, zone=rule.zone)
    if over is not None:
        ends.append((over, "rule"))
    apart = passing_on_ends(start, isolations, case.isolated)
    if apart is not None:
        ends.append((apart, "isolation"))
    if "negative" in rule.window.ends:
        tests = negatives(case, rule, isolations)
        ends += [(test, "negative") for test in tests]
    end, why = min(ends)
    return Window(case.person, start, max(start, end), rule.id, why)


def passing_on_ends(start: int, isolations: Isolations, given: int | None = None) -> int | None:
    """First isolation that is not over at `start`; None if there is none."""
    found = [s for s, e, reason in isolations if reason == "isolation" and e > start]
    return min([*found, *([given] if given is not None else [])], default=None)


def negatives(case: IndexPerson, rule: ContactRule, isolations: Isolations) -> list[int]:
    """Negative tests from the onset (else sample) day on."""
    day = case.onset or case.sampled
    since = minutes.day_start(day, rule.zone) if day else case.start or 0
    found = [s for s, _, reason in isolations if reason == "negative" and s >= since]
    return [*found, *([case.negative] if case.negative is not None else [])]
