"""For whoever watches the house: /ready, /metrics, and the officers' page of what is late."""

import hmac
import os
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core import watch
from vungxanh.exposure.models import Window
from vungxanh.notify.models import Delivery
from vungxanh.people.access import officer_required
from vungxanh.work.models import WorkItem

LOCAL = frozenset({"127.0.0.1", "::1"})


def message_wait(now: datetime) -> float:
    """Seconds that the oldest message due to leave has waited."""
    due = Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__lte=now)  # scope: a number of seconds
    return watch.age(due.aggregate(first=Min("next_at"))["first"], now)


def messages_uncertain(now: datetime) -> float:
    return float(Delivery.objects.filter(state=Delivery.State.UNCERTAIN).count())  # scope: a count


def work_overdue(now: datetime) -> float:
    """Seconds since the oldest open item that nobody acknowledged was due."""
    due = WorkItem.objects.filter(state=WorkItem.State.OPEN, due__lte=now)  # scope: a number of seconds
    return watch.age(due.aggregate(first=Min("due"))["first"], now)


def key_wait(now: datetime) -> float:
    """Seconds since the end of the oldest export window whose files are not written."""
    waiting = Window.objects.exclude(state=Window.State.DONE).filter(end__lte=now.timestamp())
    first = waiting.aggregate(first=Min("end"))["first"]
    return now.timestamp() - first if first else 0.0


def register() -> None:
    """Called by the AppConfig of `web`, which may know every room."""
    watch.register("notify.queue", message_wait)
    watch.register("notify.uncertain", messages_uncertain)
    watch.register("work.overdue", work_overdue)
    watch.register("exposure.file", key_wait)


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """May requests be sent here? The database answers, and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    if behind:
        return HttpResponse("migrations", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for this machine or whoever holds VUNGXANH_METRICS_TOKEN. Numbers only."""
    if not _may_scrape(request):
        return HttpResponse(status=404)
    lines = []
    for reading in watch.readings():
        name = f"vungxanh_{reading.limit.name.replace('.', '_')}_{reading.limit.unit}"
        value = "NaN" if reading.value is None else f"{reading.value:g}"
        lines += [f"# HELP {name} {reading.limit.en}", f"# TYPE {name} gauge", f"{name} {value}"]
        lines += [f"{name}_limit {reading.limit.above:g}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_scrape(request: HttpRequest) -> bool:
    token = os.environ.get("VUNGXANH_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(token.encode(), given.encode())
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOCAL and not forwarded


@officer_required()
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """What is late in this house, for every officer, in words."""
    language = (get_language() or "vi")[:2]
    rows = [
        {
            "name": reading.limit.name,
            "label": reading.limit.en if language == "en" else reading.limit.vi,
            "now": _shown(reading.value, reading.limit.unit),
            "limit": _shown(reading.limit.above, reading.limit.unit),
            "state": reading.state,
        }
        for reading in watch.readings()
    ]
    late = sum(row["state"] != "ok" for row in rows)
    return render(request, "web/status.html", {"rows": rows, "late": late})


def _shown(value: float | None, unit: str) -> str:
    """A share in percent; seconds in the largest unit that leaves two digits."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.0%}"
    if unit == "count":
        return f"{value:.0f}"
    for size, letter in ((86_400, _("d")), (3_600, _("h")), (60, _("min"))):
        if value >= 2 * size:
            return f"{value / size:.0f} {letter}"
    return f"{value:.0f} s"
