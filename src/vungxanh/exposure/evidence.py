"""What this room gives to the lake: encounters that people agreed to share, stays of wearers heard by gateways.

A row goes to the lake once and is then final, so encounters wait as long as the agreement can be taken back, and
stays until gateways that were offline have sent. What waits is read as the live tail. The distance is not told:
Bluetooth measures none, and a phone alone makes nobody a contact.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import floor_minute
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import GatewayVisit, SharedEncounter
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Visit
from vungxanh.lake.sources import Batch

BATCH = 50_000
_LOCK = 0x56585F4558504F53


class SharedEncounters:
    """Encounters with the consent of who shared them."""

    name = "exposure"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        _number("exposure_sharedencounter", limits().share.settle_days)
        last = watermark
        while rows := list(SharedEncounter.objects.filter(export_no__gt=last).order_by("export_no")[:BATCH]):
            last = rows[-1].export_no or last
            yield Batch(last, Evidence.of(encounters=map(_encounter, rows)))

    def tail(self, now: int) -> Evidence:
        rows = SharedEncounter.objects.filter(export_no=None, start__lte=now)
        return Evidence.of(encounters=map(_encounter, rows))


class GatewayVisits:
    """Stays of wearers at places with a gateway."""

    name = "exposure-gateways"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        _number("exposure_gatewayvisit", limits().gateway.settle_days)
        last = watermark
        visits = GatewayVisit.objects.select_related("gateway")  # scope: the lake takes every row
        while rows := list(visits.filter(export_no__gt=last).order_by("export_no")[:BATCH]):
            last = rows[-1].export_no or last
            yield Batch(last, Evidence.of(visits=map(_visit, rows)))

    def tail(self, now: int) -> Evidence:
        rows = GatewayVisit.objects.filter(export_no=None, start__lte=now).select_related("gateway")
        return Evidence.of(visits=map(_visit, rows))


@transaction.atomic
def _number(table: str, days: int) -> None:
    """Number what is final, under a lock: no number appears below one that was handed out."""
    before = floor_minute(timezone.now() - timedelta(days=days))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            f"""UPDATE {table} t SET export_no = n.no FROM (
                    SELECT id, (SELECT coalesce(max(export_no), 0) FROM {table})
                           + row_number() OVER (ORDER BY "end", id) AS no
                    FROM {table} WHERE export_no IS NULL AND "end" < %s) n
                WHERE n.id = t.id""",  # noqa: S608 names of our own tables
            [before],
        )


def _encounter(found: SharedEncounter) -> Encounter:
    return Encounter(
        a=found.person,
        b=found.other,
        start=found.start,
        end=found.end,
        seconds=min(found.seconds, 60 * (found.end - found.start)),
        source="exposure",
        row=found.row,
    )


def _visit(found: GatewayVisit) -> Visit:
    assert found.gateway.place is not None
    return Visit(
        person=found.person,
        place=found.gateway.place,
        start=found.start,
        end=found.end,
        source="exposure-gateways",
        row=sender_id("exposure.gateway", str(found.pk)),
    )
