"""Everything that changes orders. Each action is one transaction with one audit event."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.outbreak import clocks, signing
from vungxanh.outbreak.models import Case, FollowUp, Order, OrderPaper
from vungxanh.people.models import Officer
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn

#: a clock stands in the work list as late so long before it runs out: who can still act must see it
BEFORE = timedelta(minutes=30)
OPEN = (Order.Status.DRAFT, Order.Status.SIGNED, Order.Status.NOTIFIED)


@transaction.atomic
def prepare_for_contacts(*, by: Officer, case: Case, form: str, where: str = "") -> list[Order]:
    """Draft an order for every contact of the case who is under follow-up and has none open.

    Raises UserError `outbreak.unknown-form`, `outbreak.nobody-to-isolate`.
    """
    if form not in Order.Form.values:
        raise UserError("outbreak.unknown-form", field="form", form=form[:20])
    people = dict(case.contacts.filter(status="active").values_list("person", "found_at"))
    held = set(Order.objects.filter(person__in=people, status__in=OPEN).values_list("person", flat=True))
    watched = FollowUp.objects.filter(person__in=people, disease=case.disease, status="active")
    now = timezone.now()
    drafts = [
        _draft(by, case, followup, form, where, people[followup.person], now)
        for followup in watched.order_by("pk")
        if followup.person not in held
    ]
    if not drafts:
        raise UserError("outbreak.nobody-to-isolate")
    made = Order.objects.bulk_create(drafts)
    clock_items([order.pk for order in made], by=by)
    audit.record(
        by=by,
        action="outbreak:orders:drafted",
        subject=f"case:{case.pk}",
        details={"count": len(made), "form": form},
    )
    return made


def _draft(
    by: Officer, case: Case, followup: FollowUp, form: str, where: str, found: datetime, now: datetime
) -> Order:
    today = timezone.localdate()
    return Order(
        person=followup.person,
        disease=case.disease,
        case=case,
        form=form,
        where=where,
        since=today,
        until=max(today, followup.until),
        detected_at=found,
        listed_at=now,
        prepared_by=by.pk,
        scope_path=followup.scope_path,
        scope_sector="health",
    )


@transaction.atomic
def sign(*, by: Officer, orders: Sequence[Order], signer: str, title: str, number: str = "") -> int:
    """Write down that a named official signed the paper. -> how many.

    Raises UserError `outbreak.signer-needed`, `outbreak.wrong-step`.
    """
    if not signer.strip() or not title.strip():
        raise UserError("outbreak.signer-needed", field="signer")
    held = _locked(orders, Order.Status.DRAFT)
    now = timezone.now()
    for order in held:
        order.status, order.signed_at = Order.Status.SIGNED, now
        order.signer, order.signer_title, order.number = signer.strip(), title.strip(), number.strip()
    Order.objects.bulk_update(held, ["status", "signed_at", "signer", "signer_title", "number"])
    _record(by, "signed", held, {"signer_title": title})
    clock_items([order.pk for order in held], by=by)
    return len(held)


@transaction.atomic
def notify(*, by: Officer, orders: Sequence[Order]) -> int:
    """The person and those whom the decree names were told. Raises UserError `outbreak.wrong-step`."""
    held = _locked(orders, Order.Status.SIGNED)
    return _step(by, held, Order.Status.NOTIFIED, "notified_at", "notified")


@transaction.atomic
def end(*, by: Officer, orders: Sequence[Order]) -> int:
    """The isolation is over; the certificate may be printed. Raises UserError `outbreak.wrong-step`."""
    held = _locked(orders, Order.Status.NOTIFIED)
    return _step(by, held, Order.Status.ENDED, "ended_at", "ended")


@transaction.atomic
def cancel(*, by: Officer, orders: Sequence[Order]) -> int:
    """A draft that nobody will sign. Raises UserError `outbreak.wrong-step`."""
    held = _locked(orders, Order.Status.DRAFT)
    return _step(by, held, Order.Status.CANCELLED, "ended_at", "cancelled")


@transaction.atomic
def extend(*, by: Officer, order: Order, until: date, why: str = "") -> Order:
    """A new draft that follows an order which is in force; the old one ends when the new one is drafted.

    Raises UserError `outbreak.wrong-step`, `outbreak.until-not-later`.
    """
    held = _locked([order], Order.Status.NOTIFIED)[0]
    if until <= held.until:
        raise UserError("outbreak.until-not-later", field="until", until=held.until)
    _step(by, [held], Order.Status.ENDED, "ended_at", "ended")
    return _following(by, held, Order.Act.EXTEND, since=held.until, until=until, why=why)


@transaction.atomic
def change(*, by: Officer, order: Order, form: str, where: str = "", why: str) -> Order:
    """A new draft in another form or at another place, to the same last day; the old order ends with it.

    Raises UserError `outbreak.wrong-step`, `outbreak.unknown-form`, `outbreak.reason-needed`.
    """
    if form not in Order.Form.values:
        raise UserError("outbreak.unknown-form", field="form", form=form[:20])
    if not why.strip():
        raise UserError("outbreak.reason-needed", field="why")
    held = _locked([order], Order.Status.NOTIFIED)[0]
    _step(by, [held], Order.Status.ENDED, "ended_at", "ended")
    today = timezone.localdate()
    held.form, held.where = form, where
    return _following(by, held, Order.Act.CHANGE, since=min(today, held.until), until=held.until, why=why)


@transaction.atomic
def coerce(*, by: Officer, order: Order, why: str) -> Order:
    """The person refuses: a draft to enforce the order, to the same last day, decided at once; the old one ends.

    Raises UserError `outbreak.wrong-step`, `outbreak.reason-needed`.
    """
    if not why.strip():
        raise UserError("outbreak.reason-needed", field="why")
    held = Order.objects.select_for_update().get(pk=order.pk)
    if held.status not in {Order.Status.SIGNED, Order.Status.NOTIFIED}:
        raise UserError("outbreak.wrong-step", orders=str(held.pk))
    _step(by, [held], Order.Status.ENDED, "ended_at", "ended")
    today = timezone.localdate()
    return _following(by, held, Order.Act.COERCE, since=min(today, held.until), until=held.until, why=why)


def _following(by: Officer, held: Order, act: Order.Act, *, since: date, until: date, why: str) -> Order:
    now = timezone.now()
    following = Order.objects.create(
        person=held.person,
        disease=held.disease,
        case=held.case,
        form=held.form,
        where=held.where,
        since=since,
        until=until,
        detected_at=now,
        listed_at=now,
        previous_id=held.pk,
        act=act,
        reason=why.strip()[:200],
        prepared_by=by.pk,
        scope_path=held.scope_path,
        scope_sector=held.scope_sector,
    )
    _record(by, _VERBS[act], [following], {"until": until, "form": held.form})
    clock_items([following.pk], by=by)
    return following


_VERBS = {Order.Act.EXTEND: "extended", Order.Act.CHANGE: "changed", Order.Act.COERCE: "enforced"}


@transaction.atomic
def keep_paper(*, by: Officer, order: Order, name: str, content: bytes) -> OrderPaper:
    """The signed paper as it came back: digitally signed PDF, detached signature, or a scan.

    Raises UserError `outbreak.paper-too-large`, `outbreak.paper-odd`, `outbreak.paper-broken`.
    """
    found = signing.look_at(content, name, _own_paper(order))
    if found.checked == OrderPaper.Checked.BROKEN:
        raise UserError("outbreak.paper-broken", field="file")
    paper = OrderPaper.objects.create(
        order=order,
        kind=found.kind,
        content=base64.b64encode(content).decode("ascii"),
        name=name[:120],
        digest=hashlib.sha256(content).hexdigest(),
        signer=found.signer,
        checked=found.checked,
        by=by.pk,
    )
    _record(by, "paper-kept", [order], {"kind": found.kind, "checked": found.checked, "sha256": paper.digest})
    return paper


@transaction.atomic
def hand_out(*, by: Officer, order: Order, pdf: bytes) -> bytes:
    """Keep the paper that goes to the official, with its signature field: a detached signature is checked
    against exactly these bytes."""
    content = signing.with_field(pdf)
    OrderPaper.objects.create(
        order=order,
        kind=OrderPaper.Kind.HANDED,
        content=base64.b64encode(content).decode("ascii"),
        name=f"order-{order.pk}.pdf",
        digest=hashlib.sha256(content).hexdigest(),
        by=by.pk,
    )
    _record(by, "handed-out", [order], {})
    return content


def _own_paper(order: Order) -> bytes:
    """The paper that was handed out to be signed: the newest of ours, for a signature that lies beside it."""
    row = OrderPaper.objects.filter(order=order, kind=OrderPaper.Kind.HANDED).order_by("-pk").first()
    return base64.b64decode(row.content.open()) if row else b""


def clock_items(numbers: Sequence[int], *, by: By = None) -> int:
    """What the law's clocks ask for stands in the work list, due an hour before (or at once); done steps leave it.

    -> items. Run when orders move and by the worker, so that a clock escalates before it runs out.
    """
    orders = list(Order.objects.filter(pk__in=numbers))
    items = [item for order in orders if (item := _clock_item(order))]
    work.cancel_many(sources=[f"order:{order.pk}" for order in orders], by=by)
    if items:
        work.put_many(items, by=by)
    return len(items)


def _clock_item(order: Order) -> ItemIn | None:
    """The open clock of one order; none where it is over or the decree was not in force."""
    found = clocks.clocks(
        clocks.kind_of(order.act, order.form),
        detected=order.detected_at,
        listed=order.listed_at,
        signed=order.signed_at,
        notified=order.notified_at,
    )
    running = clocks.running(found) if order.status in OPEN else None
    if running is None:
        return None
    return ItemIn(
        kind=f"order.{running.step}",
        due=running.due - BEFORE,
        source=f"order:{order.pk}",
        person=order.person,
        clock=clocks.basis(),
        scope_path=order.scope_path,
        scope_sector=order.scope_sector,
    )


def _locked(orders: Sequence[Order], status: str) -> list[Order]:
    """The orders as they are now, held still; all of them must stand at the step."""
    held = list(Order.objects.select_for_update().filter(pk__in=[order.pk for order in orders]).order_by("pk"))
    wrong = [order.pk for order in held if order.status != status]
    if wrong or not held:
        raise UserError("outbreak.wrong-step", orders=", ".join(map(str, wrong[:10])) or "–")
    return held


def _step(by: Officer, held: list[Order], status: str, moment: str, verb: str) -> int:
    now = timezone.now()
    for order in held:
        order.status = status
        setattr(order, moment, now)
    Order.objects.bulk_update(held, ["status", moment])
    _record(by, verb, held, {})
    clock_items([order.pk for order in held], by=by)
    return len(held)


def _record(by: Officer, verb: str, orders: Sequence[Order], details: dict[str, object]) -> None:
    subject = f"order:{orders[0].pk}" if len(orders) == 1 else "order:many"
    facts = {"orders": [order.pk for order in orders], **details}
    audit.record(by=by, action=f"outbreak:orders:{verb}", subject=subject, details=facts)
