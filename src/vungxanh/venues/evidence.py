"""Visits and places as the lake wants them.

A visit goes to the lake once and is then final, so it waits until gates that were offline have had time to send.
What waits is read from here as the live tail; a trace misses nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import ceil_minute, floor_minute, from_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag
from vungxanh.lake.rows import Place as PlaceRow
from vungxanh.lake.rows import Seat as SeatRow
from vungxanh.lake.rows import Visit as VisitRow
from vungxanh.lake.sources import Batch
from vungxanh.places.queries import containment
from vungxanh.venues.models import SeatRecord
from vungxanh.venues.refold import hours_of, settle

#: gates work for three days without a network, and a paper register is keyed in within the week
SETTLED_AFTER = timedelta(days=7)
BATCH = 50_000
_LOCK = 0x56585F56454E5545

_COLUMNS = """SELECT v.row, v.person, v.place_id, v.start, v."end", v.until, v.end_assumed, v.start_assumed,
    v.mask, (SELECT min(n.start) FROM venues_visit n WHERE n.person = v.person AND n.start > v.start), v.export_no
    FROM venues_visit v"""


class VenueVisits:
    """The lake's view of this room."""

    name = "venues"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """Numbers are given under a lock, so none can appear below one that was handed out."""
        settle()
        _number(timezone.now() - SETTLED_AFTER)
        last = watermark
        while rows := _fetch("WHERE v.export_no > %s ORDER BY v.export_no LIMIT %s", [last, BATCH]):
            last = rows[-1][-1]
            yield Batch(last, Evidence.of(visits=map(_row, rows)))

    def tail(self, now: int) -> Evidence:
        settle()
        rows = _fetch("WHERE v.export_no IS NULL AND v.start < %s", [from_minute(now + 1)])
        return Evidence.of(visits=(_row(row) for row in rows))


class TripSeats:
    """Seats of trips. The trip is the place; alighting is assumed at arrival where nobody scanned out."""

    name = "seats"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        _number_seats(timezone.now() - SETTLED_AFTER)
        rows = list(_seats(export_no__gt=watermark).order_by("export_no"))
        if rows:
            last = rows[-1].export_no
            assert last
            yield Batch(last, Evidence.of(seats=map(_seat, rows)))

    def tail(self, now: int) -> Evidence:
        return Evidence.of(seats=map(_seat, _seats(export_no=None, boarded__lt=from_minute(now + 1))))


def _seats(**which: Any) -> "QuerySet[SeatRecord]":
    return SeatRecord.objects.filter(**which).select_related("trip", "trip__vehicle")


@transaction.atomic
def _number_seats(before: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """UPDATE venues_seatrecord s SET export_no = n.no FROM (
                   SELECT id, (SELECT coalesce(max(export_no), 0) FROM venues_seatrecord)
                          + row_number() OVER (ORDER BY id) AS no
                   FROM venues_seatrecord WHERE export_no IS NULL AND boarded < %s) n
               WHERE n.id = s.id""",
            [before],
        )


def _seat(found: SeatRecord) -> SeatRow:
    first = floor_minute(found.boarded)
    assumed = found.trip.arrives or found.boarded + hours_of(found.trip.vehicle).usual
    return SeatRow(
        person=found.person,
        trip=found.trip_id,
        seat_row=found.row,
        start=first,
        end=max(ceil_minute(found.alighted or assumed), first + 1),
        flags=0 if found.alighted and not found.alight_assumed else int(Flag.ASSUMED_END),
        source="venues",
        row=sender_id("venues.seat", str(found.pk)),
    )


class PlaceTree:
    """What lies in what, for the lake; places are numbered in order, so their id is the watermark."""

    name = "places"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        rows = [
            PlaceRow(place, kind, parent, source="places", row=place)
            for place, kind, parent in containment(watermark)
        ]
        if rows:
            yield Batch(rows[-1].place, Evidence.of(places=rows))

    def tail(self, now: int) -> Evidence:
        return Evidence.empty()


@transaction.atomic
def _number(before: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """UPDATE venues_visit v SET export_no = n.no, "end" = coalesce(v."end", v.until),
                      end_assumed = v.end_assumed OR v."end" IS NULL
               FROM (SELECT row, (SELECT coalesce(max(export_no), 0) FROM venues_visit)
                            + row_number() OVER (ORDER BY start, row) AS no
                     FROM venues_visit WHERE export_no IS NULL AND start < %s) n
               WHERE n.row = v.row""",
            [before],
        )


def _fetch(where: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} {where}", list(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _row(found: tuple[Any, ...]) -> VisitRow:
    row, person, place, start, end, until, end_assumed, start_assumed, mask, next_start, _ = found
    assumed, first = end is None or end_assumed, floor_minute(start)
    last = ceil_minute(end or until)
    if assumed and next_start is not None:  # whoever appears elsewhere is not here any more
        last = min(last, floor_minute(next_start))
    return VisitRow(
        person=person,
        place=place,
        start=first,
        end=max(last, first + 1),
        mask=mask,
        flags=int(Flag.ASSUMED_END) if assumed or start_assumed else 0,
        source="venues",
        row=row,
    )
