"""Private places, in the manner of CrowdNotifier: nothing is central until a place is declared exposed.

Whoever reads the poster learns its seed; a telephone keeps one number an hour, made of the seed. When the place is
declared exposed the numbers of its hours are published, and every telephone fetches the same list and compares at
home: the server learns neither who was there nor who matched. The idea is CrowdNotifier's (techspec v3), the
derivation ours: SHA-256("vungxanh-hour-1" || seed 32 bytes || hour since 1970, 8 bytes big-endian), 16 bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.utils import timezone

from vungxanh.core.minutes import ceil_minute, floor_minute
from vungxanh.core.vault import keyed_hash
from vungxanh.places.models import ExposedPlace, Place
from vungxanh.places.queries import within
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.in_force import mode_of
from vungxanh.venues.models import Venue

_LABEL = b"vungxanh-hour-1"
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Window:
    """One exposed window as it is published. Minutes since the epoch; it names no place."""

    ids: tuple[str, ...]
    start: int
    end: int
    advice: str

    def as_json(self) -> dict[str, Any]:
        return {"ids": list(self.ids), "start": self.start, "end": self.end, "advice": self.advice}


def seed_of(place: int) -> bytes:
    """32 bytes that only readers of the place's code learn."""
    return keyed_hash("private-place", f"{place}:1") + keyed_hash("private-place", f"{place}:2")


def hour_id(seed: bytes, hour: int) -> str:
    """What a telephone keeps of one hour: 16 bytes as hex."""
    return sha256(_LABEL + seed + hour.to_bytes(8, "big")).digest()[:16].hex()


def hours(seed: bytes, start: int, end: int) -> tuple[str, ...]:
    """Numbers of every hour that `[start, end)` touches, in minutes since the epoch."""
    return tuple(
        hour_id(seed, hour) for hour in range(start // _HOUR, max(start // _HOUR, (end - 1) // _HOUR) + 1)
    )


def is_private(place: Place, venue: Venue | None) -> bool:
    """Does whoever comes here leave no trace with us?"""
    return venue is not None and mode_of(venue) == "private"


def published(now: datetime | None = None) -> list[Window]:
    """Windows of exposed private places that telephones may still remember."""
    since = (now or timezone.now()) - timedelta(days=pack().scan_days)
    # scope: the public list: marked for a case or released, and not taken back
    standing = ExposedPlace.objects.filter(withdrawn_at=None, end__gt=since)
    rows = standing.exclude(Q(case="") & Q(released_at=None)).select_related("place")
    return [window for row in rows.order_by("pk") for window in _windows(row)]


def _windows(row: ExposedPlace) -> Iterator[Window]:
    """One a place and part of it: whoever was in a part was in the whole."""
    # scope: the public list
    venues = Venue.objects.filter(place__in=within(row.place.scope_path)).select_related("place")
    # scope: the public list
    whole = Venue.objects.filter(pk__in=_path_ids(row.place)).select_related("place")
    private = any(mode_of(venue) == "private" for venue in [*venues, *whole])
    if not private:
        return
    start, end = floor_minute(row.start), ceil_minute(row.end)
    for place in within(row.place.scope_path).values_list("pk", flat=True):
        yield Window(hours(seed_of(place), start, end), start, end, row.advice)


def _path_ids(place: Place) -> list[int]:
    return [int(part[1:]) for part in place.scope_path.split("/") if part.startswith("p")]
