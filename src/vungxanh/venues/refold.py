"""Brings visits in step with scans: the stays of each (place, person) that got a new scan are folded anew.

One scan at a gate is folded at once. A long list only notes which pairs it touched (`Unfolded`): its records are
safe, and whoever reads visits folds what is noted first (`settle`), so that nobody reads a stale one. A job does
so every minute. Whoever should be apart is noticed when their scans are folded.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from vungxanh.core.append import copy_in
from vungxanh.places.kinds import kind, longest_minutes
from vungxanh.places.models import Place
from vungxanh.venues import watched
from vungxanh.venues.folding import Direction, Hours, Scan, Stay, fold
from vungxanh.venues.models import Visit
from vungxanh.venues.schemas import Recorded
from vungxanh.venues.use import note_use
from vungxanh.venues.watched import Seen

Pair = tuple[int, int]
#: lists up to this length are folded in the transaction that writes them
AT_ONCE = 25
#: pairs folded in one transaction while settling
CHUNK = 20_000
_LOCK = 0x5658464F

_NOTE = """INSERT INTO venues_unfolded (place_id, person)
    SELECT place, person FROM unnest(%s::int[], %s::bigint[]) AS p(place, person)"""
_DELETE = """DELETE FROM venues_visit v USING unnest(%s::int[], %s::bigint[]) AS p(place, person)
    WHERE v.place_id = p.place AND v.person = p.person AND v.export_no IS NULL"""
_FROZEN = """SELECT v.place_id, v.person, max(v."end")
    FROM venues_visit v JOIN unnest(%s::int[], %s::bigint[]) AS p(place, person)
    ON v.place_id = p.place AND v.person = p.person WHERE v.export_no IS NOT NULL GROUP BY 1, 2"""
_SCANS = """SELECT s.place_id, s.person, s.id, s.at, s.direction, s.strength, s.mask, s.way
    FROM venues_scanrecord s JOIN unnest(%s::int[], %s::bigint[]) AS p(place, person)
    ON s.place_id = p.place AND s.person = p.person"""


def hours_of(place: Place) -> Hours:
    """The place's own usual stay and closing time, else those of its kind."""
    known = kind(place.kind)
    closes = place.closes_at or (None if known.whole_day else known.closes)
    usual = place.usual_minutes or known.usual_minutes
    return Hours(timedelta(minutes=usual), closes, timedelta(minutes=longest_minutes(usual)))


def refold(new: Sequence[Recorded]) -> None:
    """Inside the transaction that wrote `new`: fold at once, or note for `settle`."""
    pairs = list({(row.place_id, row.person) for row in new})
    if len(new) <= AT_ONCE:
        fold_pairs(sorted(pairs))
        watched.notice(Seen(row.place_id, row.person, row.at) for row in new)
    else:
        _run(_NOTE, pairs)


def settle() -> int:
    """Fold everything that is noted; -> pairs folded. Cheap when nothing is."""
    done = 0
    while _is_noted():
        done += _take_noted()
    return done


def _is_noted() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM venues_unfolded LIMIT 1")
        return cursor.fetchone() is not None


@transaction.atomic
def _take_noted() -> int:
    """Notes are removed in the transaction that folds them, so none is lost when it fails."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM venues_unfolded WHERE id IN (SELECT id FROM venues_unfolded ORDER BY id LIMIT %s)"
            " RETURNING place_id, person",
            [CHUNK],
        )
        pairs = sorted({(place, person) for place, person in cursor.fetchall()})
    watched.notice(fold_pairs(pairs))
    return len(pairs)


def fold_pairs(pairs: Sequence[Pair]) -> list[Seen]:
    """Visits of these pairs from their scans; what the lake has stays as it is. -> the newest scan of each."""
    if not pairs:
        return []
    _lock(pairs)
    frozen, scans = _frozen(pairs), _scans(pairs)
    # scope: the system folds all
    places = Place.objects.in_bulk({place for place, _ in pairs})
    hours = {number: hours_of(place) for number, place in places.items()}
    made = [
        _visit(pair, stay, ways[stay.first])
        for pair, (found, ways) in scans.items()
        for stay in fold((s for s in found if pair not in frozen or s.at > frozen[pair]), hours[pair[0]])
    ]
    _run(_DELETE, pairs)
    if made:
        copy_in(made)
    latest: dict[int, datetime] = {}
    for visit in made:
        latest[visit.place_id] = max(visit.start, latest.get(visit.place_id, visit.start))
    note_use((places[number], at) for number, at in latest.items())
    return [Seen(*pair, max(scan.at for scan in found)) for pair, (found, _) in scans.items()]


def _lock(pairs: Sequence[Pair]) -> None:
    """Two gates of one place may bring scans of one person at the same moment. One lock a place: a lock for each
    person in a list of thousands would fill the server's table of locks."""
    places = sorted({place for place, _ in pairs})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, p) FROM unnest(%s::int[]) AS t(p)", [_LOCK, places])


def _run(statement: str, pairs: Sequence[Pair]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[place for place, _ in pairs], [person for _, person in pairs]])
        found: list[tuple[object, ...]] = cursor.fetchall() if cursor.description else []
    return found


def _frozen(pairs: Sequence[Pair]) -> dict[Pair, datetime]:
    """End of what the lake already has of each pair."""
    rows = _run(_FROZEN, pairs)
    return {(place, person): last for place, person, last in rows}  # type: ignore[misc]  # columns as selected


def _scans(pairs: Sequence[Pair]) -> dict[Pair, tuple[list[Scan], dict[int, str]]]:
    """Pair -> its scans, and by which way each came."""
    rows: Iterable[tuple[int, int, int, datetime, int, int, bool | None, str]] = _run(_SCANS, pairs)  # type: ignore[assignment]
    found: dict[Pair, tuple[list[Scan], dict[int, str]]] = defaultdict(lambda: ([], {}))
    for place, person, own, at, direction, strength, mask, way in rows:
        scans, ways = found[place, person]
        scans.append(Scan(own, at, Direction(direction), strength, mask))
        ways[own] = way
    return dict(found)


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
