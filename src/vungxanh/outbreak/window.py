"""The infectious window as a bar: days as columns, the window as a span in them, the onset as a line."""

from dataclasses import dataclass
from datetime import date, timedelta

from vungxanh.core.minutes import day_start
from vungxanh.outbreak import times
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.words import ended_by
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing.model import Window

MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """Positions are percent of the track; the words say the same."""

    days: tuple[str, ...]
    start: float
    width: float
    onset: float | None
    text: str
    ended_by: str
    rule: ContactRule


def bar(case: Case, window: Window, rule: ContactRule) -> Bar:
    """The window with a day before and after it."""
    first = times.local(window.start).date() - timedelta(days=1)
    last = min(
        times.local(max(window.start, window.end - 1)).date() + timedelta(days=1), first + timedelta(MOST_DAYS)
    )
    zero, end = day_start(first), day_start(last + timedelta(days=1))

    def at(minute: int) -> float:
        return round(100 * (min(max(minute, zero), end) - zero) / (end - zero), 2)

    mark = case.onset or case.sampled
    return Bar(
        days=labels(first, last),
        start=at(window.start),
        width=round(at(window.end) - at(window.start), 2),
        onset=None if mark is None else at(day_start(mark)),
        text=f"{times.moment(window.start)} – {times.moment(window.end)}",
        ended_by=ended_by(window.ended_by),
        rule=rule,
    )


def labels(first: date, last: date) -> tuple[str, ...]:
    """Day numbers under the track; the month where it begins and once at the start."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    every = max(1, -(-len(days) // 12))
    return tuple(f"{d.day}/{d.month}" if n % every == 0 else "" for n, d in enumerate(days))
