"""Windows -> the level of each day, with every step kept so that it can be explained.

Minutes are compared as they are added up, unrounded: rounding a day's sum to one decimal turns a 14.98 into a 15.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.risk.profile import NONE, Profile
from vungxanh.exposure.risk.windows import Scan, Window


@dataclass(frozen=True, slots=True)
class ScoredWindow:
    """`near`: minutes by distance class, `weighted`: after distance, `minutes`: after the factor as well.

    `dropped`: why the window does not count, or None.
    """

    window: Window
    infectiousness: str
    factor: float
    near: dict[str, float]
    weighted: float
    minutes: float
    dropped: str | None


@dataclass(frozen=True, slots=True)
class ScoredDay:
    """`encounters`: windows that differ in kind of report, infectiousness or calibration; at least so many."""

    day: date
    level: str
    minutes: float
    near: dict[str, float]
    encounters: int
    windows: tuple[ScoredWindow, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """`level`: the highest of any day. `days`: newest first, without those on which nothing counted."""

    profile: str
    level: str
    days: tuple[ScoredDay, ...]
    dropped: tuple[ScoredWindow, ...]


def score(windows: Iterable[Window], profile: Profile) -> Scored:
    """Judge windows by a profile."""
    judged = [score_window(window, profile) for window in windows]
    by_day: dict[date, list[ScoredWindow]] = defaultdict(list)
    for one in judged:
        if one.dropped is None:
            by_day[one.window.day].append(one)
    days = tuple(_day(day, by_day[day], profile) for day in sorted(by_day, reverse=True))
    order = [NONE, *(level.level for level in profile.levels)]
    level = max((day.level for day in days), key=order.index, default=NONE)
    return Scored(profile.name, level, days, tuple(one for one in judged if one.dropped))


def score_window(window: Window, profile: Profile) -> ScoredWindow:
    """One window, whether it counts or not."""
    infectiousness = window.infectiousness or profile.infectiousness(window.onset)
    factor = profile.factor(window.report_type, infectiousness)
    near: dict[str, float] = defaultdict(float)
    weighted = 0.0
    for scan in window.scans:
        bucket = profile.bucket(_attenuation(scan, profile))
        if bucket is not None:
            minutes = max(scan.seconds, 0) / 60
            near[bucket.distance] += minutes
            weighted += minutes * bucket.weight
    dropped = _dropped(window, profile, infectiousness, factor)
    return ScoredWindow(window, infectiousness, factor, dict(near), weighted, factor * weighted, dropped)


def _attenuation(scan: Scan, profile: Profile) -> int:
    return scan.minimum if profile.attenuation == "minimum" else scan.typical


def _dropped(window: Window, profile: Profile, infectiousness: str, factor: float) -> str | None:
    if window.report_type == ReportType.REVOKED:
        return "revoked"
    if infectiousness == NONE:
        return "not-infectious"
    if factor == 0:
        return "report-type"
    if profile.drop is not None and minutes_under(window, profile, profile.drop.below) < profile.drop.minutes:
        return "too-short"
    return None


def minutes_under(window: Window, profile: Profile, below: int) -> float:
    """Minutes of the scans under `below` dB."""
    return sum(max(s.seconds, 0) for s in window.scans if _attenuation(s, profile) < below) / 60


def _day(day: date, windows: list[ScoredWindow], profile: Profile) -> ScoredDay:
    near: dict[str, float] = defaultdict(float)
    for one in windows:
        for distance, minutes in one.near.items():
            near[distance] += minutes
    total = sum(one.minutes for one in windows)
    if profile.bucket_cap is not None:
        capped = {b.distance: min(near[b.distance], profile.bucket_cap) * b.weight for b in profile.buckets}
        total = sum(capped.values())
    level = profile.levels[-1].level if profile.any_sighting else profile.level(total)
    kinds = {(one.window.report_type, one.infectiousness, one.window.confidence) for one in windows}
    return ScoredDay(day, level, total, dict(near), len(kinds), tuple(windows))
