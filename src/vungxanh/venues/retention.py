"""What is over is removed, by the days of the pack in force; the highest exported number stays, because the lake
counts from it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.models import (
    PhoneCode,
    Reminder,
    ScanRecord,
    SeatRecord,
    SellingDay,
    UsedCode,
    Visit,
    WebhookDelivery,
)

#: a rotating code is worth nothing after minutes; two days cover every gate that comes back
USED_FOR = timedelta(days=2)
#: a stay is reminded within two days or never
REMINDERS_FOR = timedelta(days=4)
DELIVERIES_FOR = timedelta(days=30)


def forget(now: datetime | None = None) -> dict[str, int]:
    """The job of the night. -> rows removed of each kind. Visits that no lake has yet stay until it has them."""
    moment, rule = now or timezone.now(), pack()
    scans, visits = moment - timedelta(days=rule.scan_days), moment - timedelta(days=rule.visit_days)
    removed = {
        # scope: the system forgets
        "scans": ScanRecord.objects.filter(at__lt=scans).delete()[0],
        # scope: the system forgets
        "visits": _exported(Visit.objects.filter(start__lt=visits)),
        # scope: the system forgets
        "seats": _exported(SeatRecord.objects.filter(boarded__lt=visits)),
        # scope: the system forgets
        "selling": _exported(SellingDay.objects.filter(start__lt=visits)),
        # scope: the system forgets
        "reminders": Reminder.objects.filter(at__lt=moment - REMINDERS_FOR).delete()[0],
        "codes": PhoneCode.objects.filter(expires_at__lt=moment - timedelta(hours=rule.code_hours)).delete()[0],
        "used": UsedCode.objects.filter(at__lt=moment - USED_FOR).delete()[0],
        "deliveries": WebhookDelivery.objects.filter(made_at__lt=moment - DELIVERIES_FOR).delete()[0],
    }
    told = {**removed, "rule": rule.id}
    audit.record(by=None, action="venues:records:forgotten", subject="place:many", details=told)
    return removed


def _exported(rows: "QuerySet[Any]") -> int:
    """Those that the lake has, but for the one with the highest number of all."""
    newest = rows.model._default_manager.aggregate(no=Max("export_no"))["no"]  # noqa: SLF001  public API
    return int(rows.filter(export_no__isnull=False).exclude(export_no=newest).delete()[0])
