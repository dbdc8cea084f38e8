"""Who was at which stall on a day it sold, for the lake: a session of its traders and porters."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import ceil_minute, floor_minute, from_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Roster
from vungxanh.lake.sources import Batch
from vungxanh.venues.evidence import SETTLED_AFTER
from vungxanh.venues.models import RosterEntry, SellingDay

#: a roster that is keyed in within the week holds for the days before
KEYED_LATE = timedelta(days=7)
_LOCK = 0x5658524F5354


class StallRosters:
    """Days on which a stall sold, with whoever was on its roster that day."""

    name = "stall-rosters"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        _number(timezone.now() - SETTLED_AFTER)
        # scope: the lake reads all
        days = list(SellingDay.objects.filter(export_no__gt=watermark).order_by("export_no"))
        if days:
            last = days[-1].export_no
            assert last
            yield Batch(last, Evidence.of(rosters=_rows(days)))

    def tail(self, now: int) -> Evidence:
        # scope: the lake reads all
        days = SellingDay.objects.filter(export_no=None, start__lt=from_minute(now + 1))
        return Evidence.of(rosters=_rows(list(days)))


def _rows(days: list[SellingDay]) -> Iterator[Roster]:
    listed: dict[int, list[RosterEntry]] = {}
    # scope: the lake reads all
    for entry in RosterEntry.objects.filter(place__in={one.place_id for one in days}).order_by("pk"):
        listed.setdefault(entry.place_id, []).append(entry)
    for day in days:
        for entry in _on(listed.get(day.place_id, ()), day.day):
            first = floor_minute(day.start)
            yield Roster(
                person=entry.person,
                group=day.place_id,
                start=first,
                end=max(ceil_minute(day.end), first + 1),
                source="venues",
                row=sender_id("venues.selling", f"{day.pk}:{entry.person}"),
            )


def _on(entries: Iterable[RosterEntry], day: date) -> Iterator[RosterEntry]:
    """`until` is the first day on which somebody is not on the roster any more; a day on it counts once."""
    seen: set[int] = set()
    for entry in entries:
        known = entry.since <= day + KEYED_LATE and (entry.until is None or day < entry.until)
        if known and entry.person not in seen:
            seen.add(entry.person)
            yield entry


@transaction.atomic
def _number(before: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            """UPDATE venues_sellingday s SET export_no = n.no FROM (
                   SELECT id, (SELECT coalesce(max(export_no), 0) FROM venues_sellingday)
                          + row_number() OVER (ORDER BY id) AS no
                   FROM venues_sellingday WHERE export_no IS NULL AND day < %s) n
               WHERE n.id = s.id""",
            [timezone.localdate(before)],
        )
