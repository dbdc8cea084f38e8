"""Brings visits in step with scans: the stays of each (place, person) that got a new scan are folded anew."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, QuerySet

from vungxanh.places.kinds import kind
from vungxanh.places.models import Place
from vungxanh.venues.folding import Direction, Hours, Scan, Stay, fold
from vungxanh.venues.models import ScanRecord, Visit

Pair = tuple[int, int]
_LOCK = 0x5658464F


def hours_of(place: Place) -> Hours:
    """The place's own usual stay and closing time, else those of its kind."""
    known = kind(place.kind)
    closes = place.closes_at or (None if known.whole_day else known.closes)
    return Hours(timedelta(minutes=place.usual_minutes or known.usual_minutes), closes)


def refold(new: Sequence[ScanRecord]) -> None:
    """Inside the transaction that wrote `new`. Visits that the lake has are left as they are."""
    pairs = sorted({(row.place_id, row.person) for row in new})
    if not pairs:
        return
    _lock(pairs)
    frozen = _frozen(pairs)
    scans = _scans(pairs)
    places = Place.objects.in_bulk({place for place, _ in pairs})
    made = [
        visit
        for pair in pairs
        for visit in _visits(pair, scans[pair], hours_of(places[pair[0]]), frozen.get(pair))
    ]
    _of_pairs(pairs).filter(export_no=None).delete()
    # a scan that came after its time was exported keeps the visit that it made then
    Visit.objects.bulk_create(made, ignore_conflicts=True)


def _lock(pairs: Sequence[Pair]) -> None:
    """Two gates of one place may bring scans of one person at the same moment. One lock a place: a lock for each
    person in a list of thousands would fill the server's table of locks."""
    places = sorted({place for place, _ in pairs})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, p) FROM unnest(%s::int[]) AS t(p)", [_LOCK, places])


def _of_pairs(pairs: Sequence[Pair]) -> "QuerySet[Visit]":
    return Visit.objects.filter(pk__in=_ids("venues_visit", "row", pairs))


def _ids(table: str, column: str, pairs: Sequence[Pair]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{column} FROM {table} t JOIN unnest(%s::int[], %s::bigint[]) AS p(place, person)"  # noqa: S608
            " ON t.place_id = p.place AND t.person = p.person",
            [[place for place, _ in pairs], [person for _, person in pairs]],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _frozen(pairs: Sequence[Pair]) -> dict[Pair, datetime]:
    """End of what the lake already has of each pair."""
    rows = _of_pairs(pairs).exclude(export_no=None).values("place", "person").annotate(last=Max("end"))
    return {(row["place"], row["person"]): row["last"] for row in rows}


def _scans(pairs: Sequence[Pair]) -> dict[Pair, list[ScanRecord]]:
    found: dict[Pair, list[ScanRecord]] = defaultdict(list)
    for row in ScanRecord.objects.filter(pk__in=_ids("venues_scanrecord", "id", pairs)):
        found[row.place_id, row.person].append(row)
    return found


def _visits(pair: Pair, rows: Iterable[ScanRecord], hours: Hours, frozen: datetime | None) -> list[Visit]:
    ways = {row.pk: row.way for row in rows}
    scans = [
        Scan(row.pk, row.at, Direction(row.direction), row.strength, row.mask)
        for row in rows
        if frozen is None or row.at > frozen
    ]
    return [_visit(pair, stay, ways[stay.first]) for stay in fold(scans, hours)]


def _visit(pair: Pair, stay: Stay, way: str) -> Visit:
    return Visit(
        row=stay.first,
        place_id=pair[0],
        person=pair[1],
        start=stay.start,
        end=stay.end,
        until=stay.until,
        end_assumed=stay.end_assumed,
        start_assumed=stay.start_assumed,
        strength=stay.strength,
        way=way,
        mask=stay.mask,
    )
