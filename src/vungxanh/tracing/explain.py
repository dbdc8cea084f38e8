"""Why somebody is on the list: for each item what is known, what is missing, and which branches hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vungxanh.lake.evidence import Evidence
from vungxanh.rules.condition import NEVER
from vungxanh.rules.contact import Bounds, Branch, ContactInputs, ContactRule, assumptions
from vungxanh.tracing.engines.sharing import Hop, shared
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.model import ContactRow, EvidenceItem
from vungxanh.tracing.output import item_fields, minutes_of

if TYPE_CHECKING:
    from vungxanh.tracing.score import Score


@dataclass(frozen=True, slots=True)
class Reason:
    """One item under the rule. `needed`: seconds until it is certain, None never; `possible`: at the earliest."""

    item: EvidenceItem
    known: dict[str, object]
    missing: tuple[str, ...]
    presumed: tuple[str, ...]
    branches: tuple[Branch, ...]
    needed: int | None
    possible: int | None


def explain(row: ContactRow, rule: ContactRule, evidence: Evidence | World) -> list[Reason]:
    """A reason for each item of the row; `evidence` must hold the rows of the people on its path."""
    world = evidence if isinstance(evidence, World) else World(evidence)
    found: dict[EvidenceItem, Reason] = {}
    for item in row.evidence:
        if item not in found:
            hop = Hop(item.infector, *_span(row.evidence, item.infector))
            for s in shared(world, rule, Bounds(), hop, row.contact):
                found.setdefault(s.item, _reason(s.item, s.inputs, s.worst, s.best, rule))
    return [found[item] for item in row.evidence if item in found]


def _span(items: Iterable[EvidenceItem], infector: int) -> tuple[int, int]:
    """Time in which the infector's items lie; air is what stays behind, so it does not widen it."""
    own = [item for item in items if item.infector == infector]
    present = [item for item in own if not item.air] or own
    return min(item.start for item in own), max(item.end for item in present)


def _reason(item: EvidenceItem, inputs: ContactInputs, worst: int, best: int, rule: ContactRule) -> Reason:
    about = assumptions()
    values = inputs.values(about.presumed)
    return Reason(
        item,
        known={name: value for name, value in values.items() if value is not None},
        missing=tuple(name for name, value in values.items() if value is None and name in rule.inputs_asked),
        presumed=tuple(
            name for name in about.presumed if getattr(inputs, name) is None and inputs.kind != "named"
        ),
        branches=tuple(rule.branches_met(inputs, item.seconds)),
        needed=None if worst == NEVER else worst,
        possible=None if best == NEVER else best,
    )


def as_json(
    row: ContactRow, rule: ContactRule, reasons: list[Reason], score: "Score | None" = None
) -> dict[str, object]:
    """For people and programs: class, rule with its basis, reasons, score, and who may overrule."""
    found: dict[str, object] = {
        **class_json(row, rule),
        "reasons": [_reason_json(reason) for reason in reasons],
        "may_overrule": "an officer who has interviewed the contact",
    }
    if score is not None:
        found["score"] = score.as_json()
    return found


def class_json(row: ContactRow, rule: ContactRule) -> dict[str, object]:
    basis = rule.basis
    return {
        "index": row.index,
        "contact": row.contact,
        "generation": row.generation,
        "certainty": row.certainty.label,
        "minutes": minutes_of(row.seconds),
        "path": ">".join(map(str, row.path)),
        "rule": {
            "id": rule.id,
            "document": basis.document,
            "date": basis.date.isoformat(),
            "verified": basis.verified,
            "note": basis.note,
            "minutes_over": rule.minutes_over,
        },
    }


def _reason_json(reason: Reason) -> dict[str, object]:
    return {
        **item_fields(reason.item),
        "known": reason.known,
        "missing": list(reason.missing),
        "presumed_no": list(reason.presumed),
        "branches": [{"id": b.id, "en": b.en, "vi": b.vi, "verified": b.verified} for b in reason.branches],
        "minutes_until_certain": None if reason.needed is None else minutes_of(reason.needed),
        "minutes_until_possible": None if reason.possible is None else minutes_of(reason.possible),
    }
