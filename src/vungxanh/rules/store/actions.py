"""What changes stored versions: make, edit while a draft, put in force, drop."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.rules.store.models import RuleVersion

State = RuleVersion.State


def _officer(by: By) -> int | None:
    return by if by is None or isinstance(by, int) else by.pk


def _noted(row: RuleVersion, verb: str, by: By, **details: object) -> None:
    details = {"rule": f"{row.kind}:{row}", **details}
    audit.record(by=by, action=f"rules:version:{verb}", subject=f"rule-version:{row.pk}", details=details)


@transaction.atomic
def make(*, kind: str, rule: str, version: str, content: dict[str, Any], by: By) -> RuleVersion:
    """A draft. Raises UserError `rules.version-taken`."""
    try:
        with transaction.atomic():
            row = RuleVersion.objects.create(
                kind=kind, rule=rule, version=version, content=content, made_by=_officer(by)
            )
    except IntegrityError as exc:
        raise UserError("rules.version-taken", field="version", version=version) from exc
    _noted(row, "made", by)
    return row


def _draft(row: int) -> RuleVersion:
    found = RuleVersion.objects.select_for_update().get(pk=row)
    if found.state != State.DRAFT:
        raise UserError("rules.version-fixed", version=str(found))
    return found


@transaction.atomic
def change(
    *, row: int, content: dict[str, Any] | None = None, samples: list[Any] | None = None, by: By
) -> RuleVersion:
    """Edit a draft. Raises UserError `rules.version-fixed` once it was put in force."""
    found = _draft(row)
    found.content = found.content if content is None else content
    found.samples = found.samples if samples is None else samples
    found.save()
    _noted(found, "changed", by)
    return found


@transaction.atomic
def put_in_force(*, row: int, on: date, content: dict[str, Any], by: By) -> RuleVersion:
    """From that day on; not from a day that is over: what was declared then was judged by what held then.

    Raises UserError `rules.version-fixed`, `rules.in-the-past`.
    """
    found = _draft(row)
    if on < timezone.localdate():
        raise UserError("rules.in-the-past", field="on")
    found.content, found.state, found.valid_from = content, State.APPROVED, on
    found.approved_by, found.approved_at = _officer(by), timezone.now()
    found.save()
    _noted(found, "in-force", by, on=on.isoformat())
    return found


@transaction.atomic
def drop(*, row: int, by: By) -> None:
    """A draft that nobody wants; its number stays taken. Raises UserError `rules.version-fixed`."""
    found = _draft(row)
    found.state = State.DROPPED
    found.save()
    _noted(found, "dropped", by)
