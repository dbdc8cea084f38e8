"""What the venues keep and for how long, by the pack in force; the highest exported number stays, because the lake
counts from it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Max, QuerySet

from vungxanh.core.retention import Kind, stated
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

PACKAGE = "vungxanh.venues"


def kinds() -> Iterator[Kind]:
    """Visits that no lake has yet stay until it has them."""
    # scope: the system forgets
    rule, visits = pack(), Visit.objects.all()
    days, source, sure = timedelta(days=rule.visit_days), rule.basis.doc, rule.verified
    scan_days = timedelta(days=rule.scan_days)

    def ruled(name: str, vi: str, en: str, rows: "QuerySet[Any]", field: str) -> Kind:
        return Kind(
            name,
            vi,
            en,
            rule.visit_days,
            source,
            sure,
            lambda now: _exported(rows.filter(**{f"{field}__lt": now - days})),
        )

    yield Kind(
        "scans",
        "Lượt quét như thiết bị gửi",
        "Scans as a device sent them",
        rule.scan_days,
        source,
        sure,
        # scope: the system forgets
        lambda now: ScanRecord.objects.filter(at__lt=now - scan_days).delete()[0],
    )
    yield ruled("visits", "Lượt đến, đi", "Arrivals and departures", visits, "start")
    # scope: the system forgets
    yield ruled("seats", "Chỗ ngồi trên xe", "Seats on a trip", SeatRecord.objects.all(), "boarded")
    # scope: the system forgets
    selling = SellingDay.objects.all()
    yield ruled("selling", "Ngày bán hàng tại sạp", "Days of selling at a stall", selling, "start")
    # scope: the system forgets
    yield stated(PACKAGE, "reminders", lambda before: Reminder.objects.filter(at__lt=before).delete()[0])
    code_hours = timedelta(hours=rule.code_hours)
    yield Kind(
        "codes",
        "Mã xác nhận số điện thoại",
        "Codes that confirm a telephone",
        rule.code_hours / 24,
        source,
        sure,
        lambda now: PhoneCode.objects.filter(expires_at__lt=now - code_hours).delete()[0],
    )
    yield stated(PACKAGE, "used", lambda before: UsedCode.objects.filter(at__lt=before).delete()[0])
    yield stated(
        PACKAGE, "deliveries", lambda before: WebhookDelivery.objects.filter(made_at__lt=before).delete()[0]
    )


def _exported(rows: "QuerySet[Any]") -> int:
    """Those that the lake has, but for the one with the highest number of all."""
    newest = rows.model._default_manager.aggregate(no=Max("export_no"))["no"]  # noqa: SLF001  public API
    return int(rows.filter(export_no__isnull=False).exclude(export_no=newest).delete()[0])
