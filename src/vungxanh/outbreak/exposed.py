"""From a case to the people who were exposed: the question put to the engine, and two answers compared."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vungxanh.core.home import lake_dir
from vungxanh.core.minutes import floor_minute
from vungxanh.lake.memory import Lake
from vungxanh.lake.store import LakeStore, open_lake
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import Question
from vungxanh.rules.condition import tests
from vungxanh.rules.contact import Branch, ContactRule, contact_rule, contact_rules, rule_in_force
from vungxanh.tracing import trace
from vungxanh.tracing.model import ContactRow, IndexPerson, TraceRequest, TraceResult

#: a branch that asks any of these is about being near for a while; touch and care count without minutes
NEARNESS = {"distance_m", "space", "seat_row_delta", "minutes", "setting"}
_KEPT = 32
_answers: OrderedDict[tuple[str, TraceRequest], TraceResult] = OrderedDict()


def evidence_lake() -> LakeStore:
    """The installation's lake with its live tail. Raises UserError `lake.no-lake`."""
    return open_lake(lake_dir(), live=True)


def index_person(case: Case) -> IndexPerson:
    """The case as the engine takes it."""
    return IndexPerson(
        case.person,
        onset=case.onset,
        sampled=case.sampled,
        isolated=_minute(case.isolated_at),
        negative=_minute(case.negative_at),
    )


def _minute(moment: datetime | None) -> int | None:
    return None if moment is None else floor_minute(moment)


def rule_for(case: Case, question: Question) -> ContactRule:
    """The rule asked for, else the one in force on the case's day, sharpened by the minutes asked for."""
    day = case.onset or case.sampled
    assert day is not None  # the table refuses a case without a day
    rule = contact_rule(question.rule) if question.rule else rule_in_force(day, case.disease)
    return sharpened(rule, question.least_minutes)


def sharpened(rule: ContactRule, least_minutes: int) -> ContactRule:
    """The rule with so many minutes asked on top wherever it speaks of being near: a what-if, not a law."""
    if least_minutes <= 0:
        return rule
    branches = tuple(_with_minutes(branch, least_minutes) for branch in rule.branches)
    return replace(rule, id=f"{rule.id}+{least_minutes}min", branches=branches)


def _with_minutes(branch: Branch, least: int) -> Branch:
    asked = {name for name, _ in tests(branch.when)}
    if not asked & NEARNESS or branch.evidence == ("household",):
        return branch
    return replace(branch, when={"all": [branch.when, {"minutes": f">={least}"}]})


def choices(case: Case) -> list[ContactRule]:
    """Rules of the case's disease that an officer may try, newest first."""
    return [rule for rule in reversed(contact_rules().values()) if rule.disease == case.disease]


def exposed(case: Case, question: Question, lake: Lake) -> TraceResult:
    """Who was exposed to the case, as asked. Answers are kept while the evidence stands still."""
    request = TraceRequest(
        (index_person(case),),
        rule=rule_for(case, question),
        generations=question.generations,
        disease=case.disease,
    )
    key = (lake.state, request)
    if key not in _answers:
        found = trace(request, lake)
        _answers[key] = replace(found, rows=tuple(found.rows))  # made once, read by counts, filters and pages
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    _answers.move_to_end(key)
    return _answers[key]


@dataclass(frozen=True, slots=True)
class Difference:
    """What another question changes: contacts who come, who go, and whose class or certainty moves."""

    come: frozenset[int]
    gone: tuple[ContactRow, ...]
    moved: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone or self.moved)


def difference(before: Sequence[ContactRow], after: Sequence[ContactRow]) -> Difference:
    """Contacts of one index person under two rules."""
    old = {row.contact: row for row in before}
    new = {row.contact: row for row in after}
    moved = {
        contact
        for contact in old.keys() & new.keys()
        if (old[contact].generation, old[contact].certainty) != (new[contact].generation, new[contact].certainty)
    }
    gone = tuple(row for contact, row in old.items() if contact not in new)
    return Difference(frozenset(new.keys() - old.keys()), gone, frozenset(moved))
