"""A visit is written down; a referral is answered; a reminder is counted."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import Finding, Inspection
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation
from vungxanh.places.models import Place
from vungxanh.rules.duties import duties, duty_rule


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
) -> Inspection:
    """Write a visit down. Raises UserError where a duty has no finding, or a referral no reason."""
    owed = {duty.system for duty in duties(place.kind)}
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
        basis=str(duty_rule().basis.doc),
        revisit_on=revisit_on,
        referred_to=refer_to,
        referred_why=why.strip() if refer_to else "",
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
