"""Fake, poor or hoarded goods: written down with photographs, sent on, answered. Never a fine."""

import secrets
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vungxanh.command import directory
from vungxanh.command.actions.photos import keep as keep_photos
from vungxanh.command.models import MarketReport, MarketState
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Officer, Organisation

#: topic of the directory, and kind of unit, that reports of goods go to
TOPIC = "market-surveillance"


@transaction.atomic
def report(
    *, kind: str, where: str, text: str, photos: "list[UploadedFile[Any]]", scope_path: str, by: Officer | None
) -> MarketReport:
    """Kept, and e-mailed to the area's market surveillance where the directory has its address.

    Raises UserError without words, and of photographs; then nothing is kept.
    """
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
    point = directory.mailbox(TOPIC, scope_path, timezone.localdate())
    if point is not None:
        _sent(made, point.organisation, by)
    return made


@transaction.atomic
def send(*, row: MarketReport, to: Organisation, by: Officer) -> None:
    """To the body that is competent. Raises UserError once it was answered."""
    if row.state == MarketState.ANSWERED:
        raise UserError("command.already-answered")
    _sent(row, to, by)


def _sent(row: MarketReport, to: Organisation, by: Officer | None) -> None:
    """With that body from now on; e-mailed where the directory has its address, once to each body."""
    row.state, row.sent_to, row.sent_at = MarketState.SENT, to, timezone.now()
    row.save()
    point = directory.mailbox(TOPIC, row.scope_path, timezone.localdate(), to.pk)
    batch = queue(_mail(row, point.email, to), by=by) if point else None
    details = {"to": to.pk, "mail": batch}
    audit.record(by=by, action="command:market:sent", subject=f"market:{row.pk}", details=details)


def _mail(row: MarketReport, address: str, to: Organisation) -> BatchIn:
    """In the language of the administration; photographs are not mailed, they stay in the system."""
    with translation.override("vi"):
        subject = _("Report of goods no. %(number)s") % {"number": row.pk}
        where = _("Photographs are with the report no. %(number)s; its answer is written there.")
        lines = [f"{row.get_kind_display()}: {row.where}", "", row.text, "", where % {"number": row.pk}]
    return BatchIn(
        Channel.EMAIL, "\n".join(lines), f"market:{row.pk}:{to.pk}", subject=subject, addresses=[address],
        citizen=False, scope_path=row.scope_path, scope_sector=row.scope_sector,
    )  # fmt: skip


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
