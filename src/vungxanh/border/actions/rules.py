"""A result rule is put in force, found wrong, withdrawn; everybody it touched is worked out again and told."""

import tomllib
from collections import Counter
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.border import entry_rules, results
from vungxanh.border.actions import following
from vungxanh.border.actions.entries import commune_path, rework
from vungxanh.border.models import Recall, Result, RuleVersion
from vungxanh.border.periods import hours
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH
from vungxanh.notify import actions as notify
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Officer
from vungxanh.people.queries import contact_numbers, require, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.scope import SYSTEM
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn

#: how many of the newest results a draft rule is tried on
LOOK_AT = 2_000


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
    recall.changed = len(changed)
    for new in changed:
        following.changed(declaration=new.declaration, result=new, by=by)
    recall.messages = _tell(changed, recall, by)
    recall.save()
    details = {"touched": recall.touched, "changed": recall.changed, "messages": recall.messages}
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


def _tell(changed: list[Result], recall: Recall, by: By) -> int:
    """A message to each, and each commune gets its people to call; the own page says it too. -> messages."""
    people = reveal([one.declaration.person for one in changed], by=SYSTEM, purpose=f"recall {recall.pk}")
    items = [
        ItemIn(
            kind="border-recall",
            due=recall.at + hours("tell"),
            source=f"border-recall:{recall.pk}:{one.declaration_id}",
            person=one.declaration.person,
            reason=recall.reason[:200],
            scope_path=_home(people.get(one.declaration.person)),
        )
        for one in changed
    ]
    if not items:
        return 0
    work.put_many(items, by=by)
    return _messages([one.declaration.person for one in changed], recall, by)


def _messages(people: list[int], recall: Recall, by: By) -> int:
    """By telephone to whoever gave a number; the text names neither rule nor result."""
    reachable = list(contact_numbers(people))
    if reachable:
        text = told()["recall"]
        notify.queue(BatchIn(Channel.SMS, text, f"border-recall:{recall.pk}", persons=reachable), by=by)
    return len(reachable)


@cache
def told() -> dict[str, str]:
    """Texts that are sent (`data/told.toml`)."""
    return tomllib.loads((resources.files("vungxanh.border") / "data" / "told.toml").read_text("utf-8"))


def effect(rule: entry_rules.EntryRule) -> dict[tuple[str, str], int]:
    """(class now, class under `rule`) -> how many of the newest results: what putting it in force means."""
    rows = Result.objects.filter(replaced_at=None, declaration__withdrawn_at=None)  # scope: counts alone
    lately = rows.filter(rule_key__startswith=f"{rule.id}@").order_by("-made_at")[:LOOK_AT]
    found: Counter[tuple[str, str]] = Counter()
    for row in lately.select_related("declaration"):
        after = entry_rules.evaluate(rule, results.facts_of(row.declaration)).class_
        found[row.class_id, after] += 1
    return dict(found)


def _home(person: Any) -> str:
    return commune_path(person.commune_code) if person and person.commune_code else ANY_PATH
