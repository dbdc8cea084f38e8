"""What changes several rows: a directive is drafted, confirmed, acknowledged, reported on, withdrawn."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from vungxanh.command.models import (
    Charge,
    ChargeState,
    CitedDocument,
    Difficulty,
    Directive,
    DirectiveState,
    Duty,
    Receipt,
)
from vungxanh.command.queries import same_matter
from vungxanh.command.rule_changes import fingerprint, parsed
from vungxanh.command.schemas import DirectiveIn
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.vault import encrypt
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Officer

BATCH = 2000
REMINDER = (
    "Đơn vị chưa xác nhận đã đọc văn bản {number} của {issuer}: {about}\n\n"
    "Đề nghị đăng nhập, bấm “Chúng tôi đã đọc” và báo tiến độ hoặc khó khăn."
)


@transaction.atomic
def draft(
    *, given: DirectiveIn, scope_path: str, scope_org: int | None, scope_sector: str, by: Officer
) -> Directive:
    """Keep a directive as a draft: nothing is in force before `confirm`."""
    directive = Directive.objects.create(
        number=given.number,
        symbol=given.symbol,
        day=given.day,
        issuer_name=given.issuer_name,
        abstract=given.abstract,
        text=given.text,
        drafted_by=by.pk,
        scope_path=scope_path,
        scope_org=scope_org,
        scope_sector=scope_sector,
    )
    _write_parts(directive, given)
    audit.record(by=by, action="command:directive:drafted", subject=f"directive:{directive.pk}")
    return directive


@transaction.atomic
def redraft(*, directive: Directive, given: DirectiveIn, by: Officer) -> Directive:
    """Replace a draft by what the official corrected. Raises UserError once it is in force."""
    _must_be(directive, DirectiveState.DRAFT)
    for field in ("number", "symbol", "day", "issuer_name", "abstract", "text"):
        setattr(directive, field, getattr(given, field))
    directive.save()
    directive.cited.all().delete()
    directive.duties.all().delete()
    _write_parts(directive, given)
    audit.record(by=by, action="command:directive:corrected", subject=f"directive:{directive.pk}")
    return directive


@transaction.atomic
def attach(*, directive: Directive, name: str, content: bytes, by: Officer) -> None:
    """Keep the file that it was read from."""
    directive.file, directive.file_name = encrypt("dispatch", b64encode(content).decode()), name
    directive.save(update_fields=["file", "file_name"])
    audit.record(by=by, action="command:directive:attached", subject=f"directive:{directive.pk}")


def _write_parts(directive: Directive, given: DirectiveIn) -> None:
    known = {
        str(found): found for found in Directive.objects.exclude(state=DirectiveState.DRAFT).exclude(number="")
    }
    CitedDocument.objects.bulk_create(
        CitedDocument(
            directive=directive,
            kind=c.kind,
            number=c.number,
            day=c.day,
            issuer=c.issuer,
            known=known.get(c.number),
        )
        for c in given.citations
    )
    Duty.objects.bulk_create(
        Duty(
            directive=directive,
            position=at,
            ordinal=d.ordinal,
            addressee=d.addressee[:400],
            text=d.text,
            due=d.due,
            every=d.every,
            place_kinds=list(d.place_kinds),
        )
        for at, d in enumerate(given.duties)
    )


def _must_be(directive: Directive, state: DirectiveState) -> None:
    if directive.state != state:
        raise UserError("command.wrong-state", state=directive.get_state_display())


@transaction.atomic
def confirm(*, directive: Directive, sent_to: dict[int, list[int]], by: Officer) -> int:
    """Put a directive in force and send it. `sent_to`: duty id -> organisation ids. -> number of receipts.

    Raises UserError without number, date, duty or addressee, and where another in force has the same number.
    """
    _must_be(directive, DirectiveState.DRAFT)
    if not (directive.number and directive.day):
        raise UserError("command.without-number", field="number")
    duties = {duty.pk: duty for duty in directive.duties.all()}
    if not duties or set(sent_to) != set(duties) or not all(sent_to.values()):
        raise UserError("command.duty-to-nobody", field="addressee")
    same = Directive.objects.filter(number=directive.number, symbol=directive.symbol, day=directive.day)
    if same.exclude(pk=directive.pk).exclude(state=DirectiveState.DRAFT).exists():
        raise UserError("command.same-number", field="number", number=str(directive))
    _must_be_shown(directive)
    directive.state, directive.confirmed_by, directive.confirmed_at = (
        DirectiveState.IN_FORCE,
        by.pk,
        timezone.now(),
    )
    directive.save()
    if directive.replaces and directive.replaces.state == DirectiveState.IN_FORCE:
        withdraw(directive=directive.replaces, by=by)
    units = {unit for ids in sent_to.values() for unit in ids}
    receipts = _send(directive, units, None)
    charges = (Charge(receipt_id=receipts[unit], duty_id=duty) for duty, ids in sent_to.items() for unit in ids)
    Charge.objects.bulk_create(charges, batch_size=BATCH)
    audit.record(
        by=by,
        action="command:directive:confirmed",
        subject=f"directive:{directive.pk}",
        details={"units": len(units), "duties": len(duties)},
    )
    return len(units)


def _must_be_shown(directive: Directive) -> None:
    """What it disagrees with was compared, and whom its rule touches was looked at, before anybody signs."""
    others = same_matter(directive)
    if directive.replaces_id is not None:
        others = others.exclude(pk=directive.replaces_id)
    if not directive.compared and others.exists():
        raise UserError("command.not-compared", field="compared")
    shown = fingerprint(directive.rule_kind, directive.rule_id, directive.rule_text)
    if directive.rule_kind and directive.rule_shown != shown:
        raise UserError("command.rule-not-shown")


@transaction.atomic
def propose_rule(*, directive: Directive, kind: str, rule: str, text: str, by: Officer) -> None:
    """Say which rule the draft changes, and how; without a kind, none. Raises what `parsed` raises."""
    _must_be(directive, DirectiveState.DRAFT)
    if kind:
        parsed(kind, text)
    directive.rule_kind, directive.rule_id, directive.rule_text = kind, rule if kind else "", text if kind else ""
    directive.rule_shown = ""
    directive.save(update_fields=["rule_kind", "rule_id", "rule_text", "rule_shown"])
    audit.record(by=by, action="command:directive:rule-proposed", subject=f"directive:{directive.pk}")


@transaction.atomic
def rule_shown(*, directive: Directive, by: Officer) -> None:
    """The difference and the simulation stood on the official's screen."""
    directive.rule_shown = fingerprint(directive.rule_kind, directive.rule_id, directive.rule_text)
    directive.save(update_fields=["rule_shown"])
    audit.record(by=by, action="command:directive:rule-shown", subject=f"directive:{directive.pk}")


def _send(directive: Directive, units: Iterable[int], passed_from: Receipt | None) -> dict[int, int]:
    """Organisation id -> receipt id."""
    now = timezone.now()
    rows = Receipt.objects.bulk_create(
        (
            Receipt(directive=directive, organisation_id=unit, passed_from=passed_from, sent_at=now)
            for unit in sorted(units)
        ),
        batch_size=BATCH,
    )
    return {row.organisation_id: row.pk for row in rows}


@transaction.atomic
def acknowledge(*, receipt: Receipt, by: Officer) -> None:
    """The unit has read it. Doing it twice changes nothing."""
    if receipt.acknowledged_at is None:
        receipt.acknowledged_at, receipt.acknowledged_by = timezone.now(), by.pk
        receipt.save(update_fields=["acknowledged_at", "acknowledged_by"])
        audit.record(by=by, action="command:receipt:acknowledged", subject=f"receipt:{receipt.pk}")


@transaction.atomic
def pass_down(*, receipt: Receipt, units: list[int], by: Officer) -> int:
    """Send the unit's own duties on to units under it. -> how many got it now.

    Raises UserError `command.circular` for a unit that stands above in the same line.
    """
    above, at = set(), receipt
    while True:
        above.add(at.organisation_id)
        if at.passed_from is None:
            break
        at = at.passed_from
    if above & set(units):
        raise UserError("command.circular", field="units")
    have = set(receipt.directive.receipts.filter(organisation__in=units).values_list("organisation_id", flat=True))
    sent = _send(receipt.directive, set(units) - have, receipt)
    duties = list(receipt.charges.values_list("duty_id", flat=True))
    Charge.objects.bulk_create(
        (Charge(receipt_id=row, duty_id=duty) for row in sent.values() for duty in duties), batch_size=BATCH
    )
    audit.record(
        by=by, action="command:receipt:passed-down", subject=f"receipt:{receipt.pk}", details={"units": len(sent)}
    )
    return len(sent)


@transaction.atomic
def report(*, charge: Charge, state: ChargeState, note: str, by: Officer) -> None:
    """How far a unit is with one duty; reporting implies having read the directive."""
    acknowledge(receipt=charge.receipt, by=by)
    charge.state, charge.note, charge.updated_at, charge.updated_by = state, note.strip(), timezone.now(), by.pk
    charge.save()
    audit.record(
        by=by, action="command:charge:reported", subject=f"charge:{charge.pk}", details={"state": str(state)}
    )


@transaction.atomic
def ask(*, receipt: Receipt, duty: Duty | None, text: str, by: Officer) -> Difficulty:
    """Report a difficulty; the official who confirmed the directive answers within its hours."""
    if not text.strip():
        raise UserError("command.difficulty-without-words", field="text")
    now = timezone.now()
    made = Difficulty.objects.create(
        receipt=receipt,
        duty=duty,
        text=text.strip(),
        asked_at=now,
        asked_by=by.pk,
        answerer=Officer.objects.get(pk=receipt.directive.confirmed_by or 0),
        answer_due=now + timedelta(hours=receipt.directive.answer_hours),
    )
    audit.record(by=by, action="command:difficulty:asked", subject=f"difficulty:{made.pk}")
    return made


@transaction.atomic
def answer(*, difficulty: Difficulty, text: str, by: Officer) -> None:
    """Answer a difficulty, once. Raises UserError without words or when it is answered."""
    if not text.strip():
        raise UserError("command.answer-without-words", field="answer")
    if difficulty.answered_at:
        raise UserError("command.already-answered", field="answer")
    difficulty.answer, difficulty.answered_at, difficulty.answered_by = text.strip(), timezone.now(), by.pk
    difficulty.save()
    audit.record(by=by, action="command:difficulty:answered", subject=f"difficulty:{difficulty.pk}")


@transaction.atomic
def withdraw(*, directive: Directive, by: Officer) -> None:
    """End a directive; its history stays."""
    _must_be(directive, DirectiveState.IN_FORCE)
    directive.state, directive.withdrawn_at = DirectiveState.WITHDRAWN, timezone.now()
    directive.save()
    audit.record(by=by, action="command:directive:withdrawn", subject=f"directive:{directive.pk}")


@transaction.atomic
def remind(*, directive: Directive, by: Officer) -> int:
    """Count a reminder to every unit that has not acknowledged, and write to its head. -> how many."""
    late = directive.receipts.filter(acknowledged_at=None)
    count = late.update(reminders=F("reminders") + 1, reminded_at=timezone.now())
    audit.record(
        by=by, action="command:directive:reminded", subject=f"directive:{directive.pk}", details={"units": count}
    )
    _write_to_heads(directive, late, by)
    return count


def _write_to_heads(directive: Directive, late: "QuerySet[Receipt]", by: Officer | None) -> None:
    """An e-mail to the head of each unit, where the register knows one; a reminder a day and directive."""
    heads = late.exclude(organisation__head=None).exclude(organisation__head__email="")
    addresses = list(heads.values_list("organisation__head__email", flat=True).distinct())
    if not addresses:
        return
    text = REMINDER.format(number=directive, issuer=directive.issuer_name, about=directive.abstract)
    source = f"directive:{directive.pk}:reminder:{timezone.localdate().isoformat()}"
    subject = f"Nhắc: văn bản {directive} chưa được xác nhận"[:200]
    asked = BatchIn(
        Channel.EMAIL, text, source, subject=subject, addresses=addresses, citizen=False,
        scope_path=directive.scope_path, scope_sector=directive.scope_sector,
    )  # fmt: skip
    queue(asked, by=by)


def remind_by_the_clock() -> int:
    """The worker's hourly round: units silent for a day are reminded once a day. -> how many."""
    day_ago = timezone.now() - timedelta(days=1)
    silent = Receipt.objects.filter(acknowledged_at=None, sent_at__lt=day_ago, directive__state="in_force")
    due = silent.filter(Q(reminded_at=None) | Q(reminded_at__lt=day_ago))
    count = 0
    for directive in Directive.objects.filter(pk__in=due.values("directive").distinct()):
        with transaction.atomic():
            rows = due.filter(directive=directive)
            ids = list(rows.values_list("pk", flat=True))
            Receipt.objects.filter(pk__in=ids).update(reminders=F("reminders") + 1, reminded_at=timezone.now())
            _write_to_heads(directive, Receipt.objects.filter(pk__in=ids), None)
            subject, details = f"directive:{directive.pk}", {"units": len(ids)}
            audit.record(by=None, action="command:directive:reminded", subject=subject, details=details)
            count += len(ids)
    return count
