"""A visit is written down; a referral is answered; a reminder is counted."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from vungxanh.command.actions.photos import keep as keep_photos
from vungxanh.command.checklist import checklist
from vungxanh.command.models import Finding, Inspection
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation
from vungxanh.places.models import Place


@transaction.atomic
def visit(
    *,
    place: Place,
    findings: dict[str, str],
    note: str,
    revisit_on: date | None,
    refer_to: Organisation | None,
    why: str,
    by: Officer,
    photos: "list[UploadedFile[Any]] | None" = None,
) -> Inspection:
    """Write a visit down. Raises UserError for a line without finding, a referral without reason."""
    today = checklist(place.kind, timezone.localdate())
    owed = {line.key for line in today.lines}
    if set(findings) != owed or not set(findings.values()) <= set(Finding.values):
        raise UserError("command.finding-missing", field="findings")
    if refer_to and not why.strip():
        raise UserError("command.reason-needed", field="why")
    if revisit_on and revisit_on <= timezone.localdate():
        raise UserError("command.revisit-past", field="revisit_on")
    made = Inspection.objects.create(
        place=place,
        at=timezone.now(),
        by=by.pk,
        findings=findings,
        note=note.strip(),
        basis=today.basis,
        revisit_on=revisit_on,
        referred_to=refer_to,
        referred_why=why.strip() if refer_to else "",
    )
    keep_photos(
        files=photos or [],
        subject=f"inspection:{made.pk}",
        scope_path=place.scope_path,
        scope_sector=place.scope_sector,
        by=by,
    )
    audit.record(by=by, action="command:inspection:visited", subject=f"place:{place.pk}")
    return made


@transaction.atomic
def answered(*, inspection: Inspection, text: str, by: Officer) -> None:
    """The body that it was referred to has answered."""
    if not text.strip():
        raise UserError("command.answer-without-words", field="answer")
    inspection.referral_answer, inspection.answered_at = text.strip(), timezone.now()
    inspection.save()
    audit.record(by=by, action="command:inspection:answered", subject=f"inspection:{inspection.pk}")


@transaction.atomic
def remind(*, inspection: Inspection, by: Officer) -> None:
    """Count a reminder to the place."""
    inspection.reminders += 1
    inspection.save()
    audit.record(by=by, action="command:inspection:reminded", subject=f"inspection:{inspection.pk}")


def remind_by_the_clock() -> int:
    """The worker's round: a re-visit that is overdue with something to mend is counted once a day. -> how many."""
    day_ago = timezone.now() - timedelta(days=1)
    late = Inspection.objects.filter(revisit_on__lt=timezone.localdate())
    due = late.filter(Q(reminded_at=None) | Q(reminded_at__lt=day_ago))
    newer = Inspection.objects.filter(place__in=late.values("place"), at__gt=timezone.now() - timedelta(days=400))
    visited = {(row.place_id, row.at) for row in newer}
    waiting = [row for row in due if not any(place == row.place_id and at > row.at for place, at in visited)]
    ids = [row.pk for row in waiting if not row.is_met]
    with transaction.atomic():
        count = Inspection.objects.filter(pk__in=ids).update(
            reminders=F("reminders") + 1, reminded_at=timezone.now()
        )
        if count:
            details = {"count": count}
            audit.record(by=None, action="command:inspection:reminded", subject="inspection:many", details=details)
    return count
