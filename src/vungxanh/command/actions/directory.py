"""Numbers of the directory and who is on duty: added, ended, found dead."""

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import ContactPoint, DutyShift
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation

NUMBER = re.compile(r"\+?\d[\d .\-]{1,17}\d")


def checked(number: str) -> str:
    """Raises UserError `command.number-odd` for what nobody can dial."""
    if not NUMBER.fullmatch(number.strip()):
        raise UserError("command.number-odd", field="number")
    return number.strip()


@transaction.atomic
def add(
    *, organisation: Organisation, topic: str, number: str, hours: str, since: date, by: Officer, email: str = ""
) -> ContactPoint:
    """A new number for a topic; the one before ends the day before. Raises UserError `command.number-odd`."""
    number = checked(number)
    open_one = ContactPoint.objects.filter(organisation=organisation, topic=topic, until=None).first()
    if open_one and open_one.since >= since:
        open_one.delete()
    elif open_one:
        open_one.until = since - timedelta(days=1)
        open_one.save()
    made = ContactPoint.objects.create(
        organisation=organisation, topic=topic, number=number, hours=hours.strip(), email=email, since=since
    )
    audit.record(by=by, action="command:number:added", subject=f"contact-point:{made.pk}")
    return made


@transaction.atomic
def dead(*, point: ContactPoint, by: Officer) -> None:
    """Nobody answers there: from now on it is neither printed nor sent, until it is entered again."""
    point.dead_since = timezone.now()
    point.save(update_fields=["dead_since"])
    audit.record(by=by, action="command:number:dead", subject=f"contact-point:{point.pk}")


@transaction.atomic
def alive(*, point: ContactPoint, by: Officer) -> None:
    """Somebody tried it and was answered."""
    point.dead_since, point.tried_at = None, timezone.now()
    point.save(update_fields=["dead_since", "tried_at"])
    audit.record(by=by, action="command:number:tried", subject=f"contact-point:{point.pk}")


@transaction.atomic
def put_on_duty(
    *, point: ContactPoint, officer: Officer, begin: datetime, end: datetime, number: str, by: Officer
) -> DutyShift:
    """Who answers from `begin` to `end`, perhaps on a number of their own. Raises UserError for overlaps."""
    if end <= begin:
        raise UserError("command.shift-ends-before", field="end")
    if point.shifts.filter(begin__lt=end, end__gt=begin).exists():
        raise UserError("command.shift-overlaps", field="begin")
    number = checked(number) if number.strip() else ""
    made = DutyShift.objects.create(point=point, officer=officer, begin=begin, end=end, number=number)
    audit.record(by=by, action="command:duty:put", subject=f"contact-point:{point.pk}")
    return made
