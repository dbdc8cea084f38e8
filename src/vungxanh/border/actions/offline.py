"""What a desk sent that had no network: each record once, none lost; what cannot be taken waits for an officer."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from vungxanh.border import entry_forms, queries
from vungxanh.border.actions import desk, entries
from vungxanh.border.models import Channel, Declaration, DeskRecord, Draft, Review
from vungxanh.border.schemas import Given, ReviewIn, Verdict
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH, Sector, grants_of
from vungxanh.core.sealing import open_box
from vungxanh.forms.reading import read
from vungxanh.people.models import Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission

#: a device's clock may run ahead by so much
SKEW = timedelta(hours=1)
KINDS = ("declare", "review")
State = DeskRecord.State


def merge(*, sealed: Sequence[Any], by: Officer) -> list[Verdict]:
    """Records of one device -> one verdict each, in the order given. Sending again is harmless.

    Verdicts: accepted, duplicate, kept (an officer must settle it, nothing is lost), not-taken (stays on the
    device: unreadable, or another officer's). Raises UserError `people.not-allowed`.
    """
    require(by, Permission.BORDER_REVIEW)
    opened = [(place, _opened(one)) for place, one in enumerate(sealed)]
    verdicts = [Verdict(_id_of(one), "not-taken", "border.record-unreadable") for one in sealed]
    mine = [(place, record) for place, record in opened if record is not None]
    for place, record in mine:
        if record["officer"] != by.pk:
            verdicts[place] = Verdict(record["id"], "not-taken", "border.record-of-another")
    # a declaration before what was decided about it, then in the order in which they were made
    order = sorted(mine, key=lambda pair: (KINDS.index(pair[1]["kind"]), pair[1]["at"]))
    for place, record in order:
        if record["officer"] == by.pk:
            verdicts[place] = _taken(record, by)
    details = {"sent": len(sealed), "accepted": sum(one.verdict == "accepted" for one in verdicts)}
    audit.record(by=by, action="border:desk:merged", subject="declaration:many", details=details)
    return verdicts


def _id_of(one: Any) -> str:
    return str(one.get("id", ""))[:36] if isinstance(one, dict) else ""


def _opened(one: Any) -> dict[str, Any] | None:
    """A record out of its box, with the parts that every record has; None where it is none."""
    try:
        record = json.loads(open_box(str(one["box"])))
        known = {"id": str(UUID(str(record["id"]))), "officer": int(record["officer"])}
        at = parse_datetime(str(record["at"]))
        return {**record, **known, "at": at} if at and at.tzinfo and record["kind"] in KINDS else None
    except (UserError, ValueError, KeyError, TypeError):
        return None


def _taken(record: dict[str, Any], by: Officer) -> Verdict:
    number = UUID(record["id"])
    with transaction.atomic():
        if DeskRecord.objects.filter(pk=number).exists():  # scope: the device's own
            return Verdict(record["id"], "duplicate")
        row = _row(record, by)
        try:
            with transaction.atomic():
                row.declaration = _done(record, by)
        except UserError as exc:
            row.state, row.reason, row.declaration = State.KEPT, exc.code[:60], _about(record, by)
        row.save(force_insert=True)
    verdict = "accepted" if row.state == State.TAKEN else "kept"
    return Verdict(record["id"], verdict, row.reason, row.declaration_id)


def _row(record: dict[str, Any], by: Officer) -> DeskRecord:
    path = next((grant.path for grant in grants_of(by, Permission.BORDER_REVIEW)), ANY_PATH)
    return DeskRecord(
        record=UUID(record["id"]),
        kind=record["kind"],
        at=record["at"],
        received_at=timezone.now(),
        by=by.pk,
        body=json.dumps({**record, "at": record["at"].isoformat()}, ensure_ascii=False),
        state=State.TAKEN,
        scope_path=path,
        scope_sector=Sector.BORDER,
    )


def _done(record: dict[str, Any], by: Officer) -> Declaration:
    if record["at"] > timezone.now() + SKEW:
        raise UserError("border.clock-ahead")
    if record["kind"] == "declare":
        return _declared(record, by)
    row = _about(record, by)
    if row is None:
        raise UserError("border.declaration-waits" if record.get("of") else "border.declaration-unknown")
    desk.review(declaration=row, given=_review(record), by=by)
    return row


def _declared(record: dict[str, Any], by: Officer) -> Declaration:
    """What was typed is read as a browser's page would be; what is incomplete becomes the officer's draft."""
    form, at = entry_forms.form(str(record.get("form", ""))), record["at"]
    posted = QueryDict(mutable=True)
    posted.update({str(name): str(value) for name, value in dict(record.get("posted") or {}).items()})
    page = read(list(form.questions), posted, timezone.localdate(at))
    sender = UUID(record["id"])
    if page.choices or not entry_forms.checked(form, page.answers, timezone.localdate(at)).good:
        raise UserError("border.draft-waits")
    return entries.declare(given=Given(form.key, page.answers, sender=sender, at=at), channel=Channel.DESK, by=by)


def draft_of(*, row: DeskRecord, by: Officer) -> str:
    """Token of the draft in which an officer completes what came in unfinished; made on first use."""
    known = Draft.objects.filter(sender=row.record).first()
    if known:
        return known.token
    record = json.loads(row.body.open())
    form = entry_forms.form(record["form"])
    posted = QueryDict(mutable=True)
    posted.update({str(name): str(value) for name, value in record["posted"].items()})
    page = read(list(form.questions), posted, timezone.localdate(row.at))
    return entries.start(form=form.key, answers=page.answers, sender=row.record, by=by).token


def _about(record: dict[str, Any], by: Officer) -> Declaration | None:
    """The declaration that a decision is about: by its number, or by the record that declared it offline."""
    if record["kind"] == "declare":
        return None
    rows = queries.seen(by).filter(withdrawn_at=None)
    if record.get("of"):
        sender = _uuid(record["of"])  # an empty one would find whoever has none
        return rows.filter(sender=sender).first() if sender else None
    number = record.get("declaration")
    return rows.filter(pk=number).first() if isinstance(number, int) else None


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _review(record: dict[str, Any]) -> ReviewIn:
    """Raises UserError `border.record-unreadable`."""
    outcome = str(record.get("outcome", ""))
    if outcome not in Review.Outcome.values:
        raise UserError("border.record-unreadable")
    second = str(record.get("second") or "")
    return ReviewIn(
        outcome=outcome,
        reason=str(record.get("reason") or "")[:300],
        temperature=_degrees(record.get("temperature")),
        sampled=record.get("sampled") is True,
        second=int(second) if second.isascii() and second.isdigit() else None,
        at=record["at"],
    )


def _degrees(told: Any) -> Decimal | None:
    """A temperature as the form would take it; one that is no body's is left out and stays in the record."""
    try:
        value = Decimal(str(told or "").replace(",", "."))
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.1")) if Decimal(30) <= value <= Decimal(45) else None


@transaction.atomic
def resume(*, declaration: Declaration, by: Officer) -> int:
    """What came in unfinished is whole now: what was decided about it offline counts. -> how many."""
    if declaration.sender is None:
        return 0
    DeskRecord.objects.filter(pk=declaration.sender).update(  # scope: of the row in hand
        declaration=declaration, state=State.TAKEN, reason="", settled_at=timezone.now()
    )
    waiting = DeskRecord.objects.filter(  # scope: only those that name it are done
        state=State.KEPT, reason="border.declaration-waits", settled_at=None
    )
    done = 0
    for row in waiting:
        record = json.loads(row.body.open())
        if _uuid(record.get("of")) == declaration.sender:
            done += _again(row, {**record, "at": datetime.fromisoformat(record["at"])}, declaration, by)
    return done


def _again(row: DeskRecord, record: dict[str, Any], declaration: Declaration, by: Officer) -> int:
    try:
        with transaction.atomic():
            desk.review(declaration=declaration, given=_review(record), by=by)
    except UserError as exc:
        row.reason, row.declaration = exc.code[:60], declaration
        row.save(update_fields=["reason", "declaration"])
        return 0
    row.state, row.reason, row.declaration, row.settled_at = State.TAKEN, "", declaration, timezone.now()
    row.save(update_fields=["state", "reason", "declaration", "settled_at"])
    return 1


@transaction.atomic
def settle(*, row: DeskRecord, by: Officer) -> None:
    """An officer has read what was kept and dealt with it."""
    require(by, Permission.BORDER_REVIEW)
    row.settled_at = timezone.now()
    row.save(update_fields=["settled_at"])
    audit.record(by=by, action="border:desk:settled", subject=f"desk-record:{row.record}")
