"""From scans to visits: what one person did at one place. Pure; the tests hold it sentence by sentence.

* A scan within `bounce` after the one before it is the same scan.
* A second scan is a check-out, whoever made it, if it comes within the longest stay of the place and before it
  closes; later it is a new check-in, and the end of the stay before it is assumed. An explicit "out" counts all
  day; an explicit "in" while inside starts anew.
* A stay that nobody closed ends, assumed, after the usual minutes of the place, at its closing time at the latest.
* A check-out without a check-in proves presence at that moment: a stay of one minute whose start is assumed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM

BOUNCE = timedelta(minutes=5)
_ZONE = ZoneInfo(VIETNAM)


class Direction(IntEnum):
    """What the sender says a scan was; a poster that is scanned again says nothing."""

    EITHER = 0
    IN = 1
    OUT = 2


@dataclass(frozen=True, slots=True)
class Scan:
    """One accepted scan of one person at one place."""

    id: int
    at: datetime
    direction: Direction = Direction.EITHER
    strength: int = 0
    mask: bool | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """`[start, end)`; `end` None while nobody has checked out, then `until` says when it is assumed to end."""

    first: int
    start: datetime
    until: datetime
    end: datetime | None = None
    end_assumed: bool = False
    start_assumed: bool = False
    strength: int = 0
    mask: bool | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """How long people stay at a place, and when it is empty (None: never)."""

    usual: timedelta
    closes: time | None = None
    longest: timedelta = timedelta(hours=4)

    def until(self, start: datetime) -> datetime:
        """When a stay from `start` is assumed to end."""
        return self._by_closing(start, start + self.usual)

    def is_check_out(self, start: datetime, scan: Scan) -> bool:
        """Does a scan end the stay from `start`, or did its person come again?"""
        if scan.direction == Direction.OUT and scan.at.astimezone(_ZONE).date() == start.astimezone(_ZONE).date():
            return True
        return scan.at <= self._by_closing(start, start + self.longest)

    def _by_closing(self, start: datetime, end: datetime) -> datetime:
        if self.closes is None:
            return end
        closing = datetime.combine(start.astimezone(_ZONE).date(), self.closes, _ZONE)
        return min(end, closing) if closing > start else end


def fold(scans: Iterable[Scan], hours: Hours) -> list[Stay]:
    """Stays in order of time; only the last can be open. Equal scans in any order give equal stays."""
    stays: list[Stay] = []
    last: datetime | None = None
    for scan in sorted(scans, key=lambda s: (s.at, s.id)):
        if last is not None and scan.at - last < BOUNCE and not _leaves(scan, stays):
            continue
        last = scan.at
        _take(stays, scan, hours)
    return stays


def _leaves(scan: Scan, stays: Sequence[Stay]) -> bool:
    """An explicit check-out counts however soon it comes."""
    return scan.direction == Direction.OUT and bool(stays) and stays[-1].end is None


def _take(stays: list[Stay], scan: Scan, hours: Hours) -> None:
    inside = stays[-1] if stays and stays[-1].end is None else None
    if inside and not hours.is_check_out(inside.start, scan):
        stays[-1] = _assume_end(inside, inside.until)
        inside = None
    if inside and scan.direction != Direction.IN:
        end = max(scan.at, inside.start)
        stays[-1] = replace(inside, end=end, strength=max(inside.strength, scan.strength))
        return
    if inside:
        stays[-1] = _assume_end(inside, scan.at)
    stays.append(_opened(scan, hours))


def _opened(scan: Scan, hours: Hours) -> Stay:
    known = {"strength": scan.strength, "mask": scan.mask}
    if scan.direction == Direction.OUT:
        return Stay(scan.id, scan.at, scan.at, end=scan.at, start_assumed=True, **known)  # type: ignore[arg-type]
    return Stay(scan.id, scan.at, hours.until(scan.at), **known)  # type: ignore[arg-type]


def _assume_end(stay: Stay, latest: datetime) -> Stay:
    return replace(stay, end=max(min(stay.until, latest), stay.start), end_assumed=True)
