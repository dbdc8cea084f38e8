"""Who sat where on the way into the country, as the lake wants it.

A row goes to the lake once and is then final, so it waits some days in which a declaration may be corrected or a
better list may come. What waits is read from here as the live tail; a trace misses nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.border.models import Aboard, Voyage
from vungxanh.border.periods import days
from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import VIETNAM, ceil_minute, floor_minute, from_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag
from vungxanh.lake.rows import Seat as SeatRow
from vungxanh.lake.sources import Batch

_LOCK = 0x424F5244
BATCH = 50_000


class VoyageSeats:
    """Seats of voyages. The voyage's place is the trip; a time that nobody told is assumed to be the whole day."""

    name = "border"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """Numbers are given under a lock, so none can appear below one that was handed out."""
        _number(timezone.now() - days("settled"))
        last = watermark
        while rows := list(_aboard(export_no__gt=last).order_by("export_no")[:BATCH]):
            assert rows[-1].export_no
            last = rows[-1].export_no
            yield Batch(last, Evidence.of(seats=map(seat, rows)))

    def tail(self, now: int) -> Evidence:
        rows = _aboard(export_no=None, voyage__on__lte=timezone.localdate(from_minute(now)))
        return Evidence.of(seats=map(seat, rows))


def _aboard(**which: Any) -> "QuerySet[Aboard]":
    return Aboard.objects.filter(**which).select_related("voyage")  # scope: evidence is the lake's, without names


def interval(voyage: Voyage) -> tuple[int, int, bool]:
    """Minutes of a voyage and whether they are told. Without times it is the day of entry, from midnight on."""
    midnight = datetime.combine(voyage.on, datetime.min.time(), tzinfo=ZoneInfo(VIETNAM))
    start = voyage.departs or (min(midnight, voyage.arrives) if voyage.arrives else midnight)
    end = voyage.arrives or start + timedelta(days=1)
    first = floor_minute(start)
    return first, max(ceil_minute(end), first + 1), bool(voyage.departs and voyage.arrives)


def seat(found: Aboard) -> SeatRow:
    first, last, told = interval(found.voyage)
    return SeatRow(
        person=found.person,
        trip=found.voyage.place,
        seat_row=found.row,
        start=first,
        end=last,
        flags=0 if told else int(Flag.ASSUMED_END),
        source="border",
        row=sender_id("border.aboard", str(found.pk)),
    )


@transaction.atomic
def _number(before: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """UPDATE border_aboard a SET export_no = n.no FROM (
                   SELECT b.id, (SELECT coalesce(max(export_no), 0) FROM border_aboard)
                          + row_number() OVER (ORDER BY b.id) AS no
                   FROM border_aboard b JOIN border_voyage v ON v.id = b.voyage_id
                   WHERE b.export_no IS NULL AND v."on" < %s) n
               WHERE a.id = n.id""",
            [timezone.localdate(before)],
        )
