"""Counts of stock and prices seen."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import Good, Price, Stock
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer


@transaction.atomic
def count(
    *, good: Good, where: str, quantity: Decimal, supplier: str, lead_days: int, scope_path: str, by: Officer
) -> Stock:
    """Write down a count; older counts of the place stay as history. Raises UserError below nothing."""
    if quantity < 0:
        raise UserError("command.stock-below-nothing", field="quantity")
    made = Stock.objects.create(
        good=good,
        where=where.strip(),
        quantity=quantity,
        supplier=supplier,
        lead_days=lead_days,
        counted_at=timezone.now(),
        counted_by=by.pk,
        scope_path=scope_path,
    )
    audit.record(by=by, action="command:stock:counted", subject=f"stock:{made.pk}")
    return made


@transaction.atomic
def price(*, good: Good, where: str, dong: int, day: date, scope_path: str, by: Officer) -> Price:
    """Write down a price; a second look on the same day and place replaces the first."""
    made, _ = Price.objects.update_or_create(
        good=good,
        where=where.strip(),
        day=day,
        defaults={"dong": dong, "seen_by": by.pk, "scope_path": scope_path},
    )
    audit.record(by=by, action="command:price:seen", subject=f"price:{made.pk}")
    return made
