"""Fake, poor or hoarded goods: written down with photographs, sent on, answered. Never a fine."""

import secrets
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from vungxanh.command.actions.photos import keep as keep_photos
from vungxanh.command.models import MarketReport, MarketState
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation


@transaction.atomic
def report(
    *, kind: str, where: str, text: str, photos: "list[UploadedFile[Any]]", scope_path: str, by: Officer | None
) -> MarketReport:
    """Raises UserError without words, and of photographs; then nothing is kept."""
    if not text.strip() or not where.strip():
        raise UserError("command.event-without-words", field="text")
    made = MarketReport.objects.create(
        kind=kind,
        where=where.strip(),
        text=text.strip(),
        token=secrets.token_urlsafe(18),
        at=timezone.now(),
        by=by.pk if by else None,
        scope_path=scope_path,
    )
    keep_photos(
        files=photos, subject=f"market:{made.pk}", scope_path=scope_path, scope_sector=made.scope_sector, by=by
    )
    audit.record(by=by, action="command:market:reported", subject=f"market:{made.pk}", details={"kind": kind})
    return made


@transaction.atomic
def send(*, row: MarketReport, to: Organisation, by: Officer) -> None:
    """To the body that is competent. Raises UserError once it was answered."""
    if row.state == MarketState.ANSWERED:
        raise UserError("command.already-answered")
    row.state, row.sent_to, row.sent_at = MarketState.SENT, to, timezone.now()
    row.save()
    audit.record(by=by, action="command:market:sent", subject=f"market:{row.pk}", details={"to": to.pk})


@transaction.atomic
def answer(*, row: MarketReport, text: str, by: Officer) -> None:
    """What that body found and did. Raises UserError without words, or before it was sent."""
    if row.state != MarketState.SENT:
        raise UserError("command.not-sent-yet")
    if not text.strip():
        raise UserError("command.answer-without-words", field="answer")
    row.state, row.answer, row.answered_at, row.answered_by = (
        MarketState.ANSWERED,
        text.strip(),
        timezone.now(),
        by.pk,
    )
    row.save()
    audit.record(by=by, action="command:market:answered", subject=f"market:{row.pk}")
