"""What changes declarations besides taking them: drafts, withdrawing, keeping, the list of epidemic areas."""

import json
import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.vault import keyed_hash
from vungxanh.declarations.declare_actions import SOURCE
from vungxanh.declarations.models import Declaration, Draft, EpidemicArea
from vungxanh.forms.definition import Form
from vungxanh.places.units import resolve
from vungxanh.work.actions import cancel

#: a draft is for a day on the road, not for ever
DRAFT_LIVES = timedelta(days=7)


def begin(*, form: Form, whom: str, person: int | None = None, corrects: int | None = None, **answers: Any) -> str:
    """A new draft. -> the key that the device keeps."""
    key = secrets.token_urlsafe(24)
    now = timezone.now()
    Draft.objects.filter(expires_at__lt=now).delete()
    Draft.objects.create(
        key_hash=keyed_hash("draft", key),
        form=form.id,
        version=form.version,
        whom=whom,
        answers=json.dumps(answers, ensure_ascii=False),
        person=person,
        corrects=corrects,
        begun_at=now,
        expires_at=now + DRAFT_LIVES,
    )
    return key


def save(*, draft: Draft, answers: dict[str, Any]) -> None:
    """What has been answered so far, right or wrong."""
    draft.answers = json.dumps(answers, ensure_ascii=False)
    draft.save(update_fields=["answers"])


@transaction.atomic
def withdraw(*, declaration: Declaration, by: By) -> None:
    """The person takes it back: nothing of it is due any more; the answers go, that it was given stays."""
    row = Declaration.objects.select_for_update().get(pk=declaration.pk)
    if row.withdrawn_at:
        return
    row.withdrawn_at = timezone.now()
    row.answers = "{}"
    row.save(update_fields=["withdrawn_at", "answers"])
    cancel(source=f"{SOURCE}:{row.pk}", by=by)
    audit.record(by=by, action="declarations:declaration:withdrawn", subject=f"declaration:{row.pk}")


@transaction.atomic
def list_area(
    *, disease: str, code: str, since: date, basis: str, until: date | None = None, by: By
) -> EpidemicArea:
    """Put an area on the list of epidemic areas. Raises UserError `places.unknown-code`."""
    unit = resolve(code, since)
    row = EpidemicArea.objects.create(
        disease=disease,
        code=unit.code,
        scheme=unit.scheme,
        name=unit.full_name,
        since=since,
        until=until,
        basis=basis,
        added_by=by.pk if by is not None and not isinstance(by, int) else by,
    )
    audit.record(by=by, action="declarations:area:listed", subject=f"area:{row.pk}", details={"code": code})
    return row


@transaction.atomic
def end_area(*, area: int, on: date, by: By) -> None:
    """The last day of a listing; one that began later ends on its first day."""
    row = EpidemicArea.objects.select_for_update().get(pk=area)
    row.until = max(on, row.since)
    row.save(update_fields=["until"])
    audit.record(
        by=by, action="declarations:area:ended", subject=f"area:{row.pk}", details={"until": str(row.until)}
    )
