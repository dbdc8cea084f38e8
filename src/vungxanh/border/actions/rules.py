"""A result rule is put in force, found wrong, withdrawn; everybody it touched is worked out again and told."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.border import entry_rules, results
from vungxanh.border.actions.entries import commune_path, rework
from vungxanh.border.models import Recall, Result, RuleVersion
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH
from vungxanh.people.models import Officer
from vungxanh.people.queries import require, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.scope import SYSTEM
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn

TELL_HOURS = 24


@transaction.atomic
def put_in_force(*, body: dict[str, Any], by: Officer) -> RuleVersion:
    """A new version of a rule. Raises UserError `rules.bad-rule`, `border.rule-known`, `people.not-allowed`."""
    require(by, Permission.RULE_APPROVE)
    rule = entry_rules.read(body)
    if rule.key in results.rules() or RuleVersion.objects.filter(key=rule.key).exists():
        raise UserError("border.rule-known", field="version", key=rule.key)
    row = RuleVersion.objects.create(key=rule.key, rule=rule.id, body=body, put_by=by.pk)
    audit.record(by=by, action="border:rule:put-in-force", subject=f"rule:{rule.key}")
    return row


@transaction.atomic
def withdraw(*, key: str, reason: str, by: Officer) -> Recall:
    """Withdraw a version, work out again every result it made that still counts, and put the telling on lists.

    Raises UserError `border.unknown-rule`, `border.reason-needed`, `border.no-rule` (none would be in force).
    """
    require(by, Permission.RULE_APPROVE)
    rule = results.rules().get(key)
    if rule is None:
        raise UserError("border.unknown-rule", field="key", key=key[:80])
    if not reason.strip():
        raise UserError("border.reason-needed", field="reason")
    now = timezone.now()
    row, _ = RuleVersion.objects.get_or_create(key=key, defaults={"rule": rule.id})
    row.withdrawn_at, row.withdrawn_by, row.reason = now, by.pk, reason
    row.save()
    recall = Recall.objects.create(rule_key=key, at=now, by=by.pk, reason=reason)
    changed = [new for old in _touched(key) if (new := _reworked(old, recall))]
    recall.touched, recall.changed = recall.touched, len(changed)
    recall.save()
    _tell(changed, recall, by)
    details = {"touched": recall.touched, "changed": recall.changed}
    audit.record(
        by=by, action="border:rule:withdrawn", subject=f"rule:{key}", purpose=reason[:200], details=details
    )
    return recall


def _touched(key: str) -> list[Result]:
    rows = Result.objects.filter(rule_key=key, replaced_at=None)  # scope: a recall reaches everybody
    return list(rows.select_related("declaration").filter(declaration__withdrawn_at=None))


def _reworked(old: Result, recall: Recall) -> Result | None:
    """The new result where what the person was told changes."""
    recall.touched += 1
    new = rework(declaration=old.declaration, now=recall.at)
    if new is None:
        return None
    new.recall = recall
    new.save(update_fields=["recall"])
    return new if new.class_id != old.class_id else None


def _tell(changed: list[Result], recall: Recall, by: By) -> None:
    """Each commune gets its people to call; the traveller's own page says it too."""
    people = reveal([one.declaration.person for one in changed], by=SYSTEM, purpose=f"recall {recall.pk}")
    items = [
        ItemIn(
            kind="border-recall",
            due=recall.at + timedelta(hours=TELL_HOURS),
            source=f"border-recall:{recall.pk}:{one.declaration_id}",
            person=one.declaration.person,
            reason=recall.reason[:200],
            scope_path=_home(people.get(one.declaration.person)),
        )
        for one in changed
    ]
    if items:
        work.put_many(items, by=by)


def _home(person: Any) -> str:
    return commune_path(person.commune_code) if person and person.commune_code else ANY_PATH
