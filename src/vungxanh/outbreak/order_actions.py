"""Everything that changes orders. Each action is one transaction with one audit event."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.outbreak.models import Case, FollowUp, Order
from vungxanh.people.models import Officer

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
def extend(*, by: Officer, order: Order, until: date) -> Order:
    """A new draft that follows an order which is in force; the old one ends when the new one is drafted.

    Raises UserError `outbreak.wrong-step`, `outbreak.until-not-later`.
    """
    held = _locked([order], Order.Status.NOTIFIED)[0]
    if until <= held.until:
        raise UserError("outbreak.until-not-later", field="until", until=held.until)
    _step(by, [held], Order.Status.ENDED, "ended_at", "ended")
    now = timezone.now()
    following = Order.objects.create(
        person=held.person,
        disease=held.disease,
        case=held.case,
        form=held.form,
        where=held.where,
        since=held.until,
        until=until,
        detected_at=now,
        listed_at=now,
        previous=held,
        prepared_by=by.pk,
        scope_path=held.scope_path,
        scope_sector=held.scope_sector,
    )
    _record(by, "extended", [following], {"until": until})
    return following


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
    return len(held)


def _record(by: Officer, verb: str, orders: Sequence[Order], details: dict[str, object]) -> None:
    subject = f"order:{orders[0].pk}" if len(orders) == 1 else "order:many"
    facts = {"orders": [order.pk for order in orders], **details}
    audit.record(by=by, action=f"outbreak:orders:{verb}", subject=subject, details=facts)
