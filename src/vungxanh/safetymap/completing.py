"""A criteria set whose texts or bands no source gave, completed by an administrator with the document at hand.

The completed set is a stored version of the shipped template, by one person; another puts it in force from a day.
Its id is the template's with the version, so that each result keeps the very set that it was judged by.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.rules.criteria import CriteriaSet, packaged_sets
from vungxanh.rules.dated import parse
from vungxanh.rules.store import actions as store
from vungxanh.rules.store.models import RuleVersion

KIND = "criteria"


def templates() -> list[CriteriaSet]:
    """Shipped sets that lack texts or bands."""
    return [one for one in packaged_sets().values() if not one.complete]


def begin(*, by: audit.By, template: str) -> RuleVersion:
    """The open draft of a template, or a new one. Raises UserError `rules.set-unknown`."""
    known = packaged_sets().get(template)
    if known is None:
        raise UserError("rules.set-unknown", field="set", set=template, known=", ".join(packaged_sets()))
    drafts = RuleVersion.objects.filter(kind=KIND, rule=template, state=RuleVersion.State.DRAFT)
    found = drafts.first()
    if found:
        return found
    number = RuleVersion.objects.filter(kind=KIND, rule=template).count() + 1
    content = known.model_dump(mode="json", by_alias=True)
    content["items"] = [known.item(one).model_dump(mode="json") for one in known.numbers]
    return store.make(kind=KIND, rule=template, version=str(number), content=content, by=by)


def fill(
    *,
    by: audit.By,
    version: RuleVersion,
    items: list[dict[str, Any]],
    bands: list[dict[str, Any]],
    document: str,
) -> RuleVersion:
    """Texts and bands as they stand in the document, which is named. Raises UserError `rules.bad-rule`,
    `safetymap.document-needed`."""
    if not document.strip():
        raise UserError("safetymap.document-needed", field="document")
    content = {**version.content, "items": items, "bands": bands, "count": None}
    content["basis"] = {**content["basis"], "doc": document.strip()}
    parse(CriteriaSet, content)
    return store.change(row=version.pk, content=content, by=by)


def put_in_force(*, by: audit.By, version: RuleVersion, on: date) -> RuleVersion:
    """From a day on, by somebody else than who made it. Raises UserError `safetymap.set-incomplete`,
    `safetymap.same-person`, and those of the store."""
    officer = by if by is None or isinstance(by, int) else by.pk
    if officer is not None and officer == version.made_by:
        raise UserError("safetymap.same-person")
    if not parse(CriteriaSet, version.content).complete:
        raise UserError("safetymap.set-incomplete", set=version.rule)
    content = {**version.content, "id": stored_id(version), "valid_from": on.isoformat(), "valid_to": None}
    content |= {"verified": True, "gaps": []}
    return store.put_in_force(row=version.pk, on=on, content=content, by=by)


def stored_id(version: RuleVersion) -> str:
    """An id that a set may have: `byt-4999-clinic.v2`."""
    return f"{version.rule}.v{version.version}"


def in_force(on: date | None = None) -> dict[str, CriteriaSet]:
    """Id -> completed set of every version put in force by a day; of one template the newest."""
    day = on or timezone.localdate()
    rows = RuleVersion.objects.filter(kind=KIND, state=RuleVersion.State.APPROVED, valid_from__lte=day)
    newest = {row.rule: row for row in rows.order_by("valid_from", "pk")}
    return {stored_id(row): parse(CriteriaSet, row.content) for row in newest.values()}


def criteria_set(set_id: str) -> CriteriaSet:
    """A shipped set, or a completed one, in force or not any more. Raises UserError `rules.set-unknown`."""
    shipped = packaged_sets().get(set_id)
    if shipped is not None:
        return shipped
    rule, _, version = set_id.rpartition(".v")
    row = RuleVersion.objects.filter(
        kind=KIND, rule=rule, version=version, state=RuleVersion.State.APPROVED
    ).first()
    if row is None:
        raise UserError("rules.set-unknown", field="set", set=set_id, known=", ".join(sorted(packaged_sets())))
    return parse(CriteriaSet, row.content)
