"""Figures of an outbreak: the epidemic curve, delays, what is late. Every figure says how it was counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _

from vungxanh.core.figures import Bars, Series
from vungxanh.outbreak.models import Case

#: a curve shows so many days; longer outbreaks show their last ones
MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one case; None where one is not known."""

    person: int
    onset: date | None
    sampled: date | None
    reported: date
    isolated: date | None

    @property
    def began(self) -> date | None:
        return self.onset or self.sampled


def dates(cases: Iterable[Case]) -> list[Dates]:
    return [
        Dates(
            case.person,
            case.onset,
            case.sampled,
            timezone.localdate(case.reported_at),
            timezone.localdate(case.isolated_at) if case.isolated_at else None,
        )
        for case in cases
    ]


def curve(cases: Sequence[Dates], by: str, linked: set[int]) -> Bars:
    """Cases by day of onset (else of the sample) or of report, split by whether a source is known."""
    reported = by == "reported"
    days_of = [(case.reported if reported else case.began, case.person in linked) for case in cases]
    counted = [(day, has_source) for day, has_source in days_of if day is not None]
    known, unknown = (
        Counter(day for day, has_source in counted if has_source is wanted) for wanted in (True, False)
    )
    days = _days([day for day, _source in counted])
    title = _("Cases by day of report") if reported else _("Cases by day of onset, else of the sample")
    return Bars(
        title,
        [f"{day.day}/{day.month}" for day in days],
        (
            Series(_("source known"), [known[day] for day in days]),
            Series(_("source not known"), [unknown[day] for day in days]),
        ),
        note=_(
            "Withdrawn cases are left out. Days in Viet Nam. The last days are not complete: reports come late."
        ),
        axis=_("Day"),
    )


def _days(found: Sequence[date]) -> list[date]:
    """Every day from the first to the last, at most the last `MOST_DAYS`."""
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - timedelta(days=MOST_DAYS - 1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Delay:
    """Days between two events: how many cases have both, and their middle and extremes."""

    name: str
    count: int
    middle: float | None
    least: int | None
    most: int | None


def delay(name: str, pairs: Iterable[tuple[date | None, date | None]]) -> Delay:
    """Pairs without one of the two days are left out, not counted as nought."""
    days = [(after - before).days for before, after in pairs if before is not None and after is not None]
    if not days:
        return Delay(name, 0, None, None, None)
    return Delay(name, len(days), float(median(days)), min(days), max(days))


def delays(cases: Sequence[Dates]) -> list[Delay]:
    return [
        delay(_("onset to report"), ((c.onset, c.reported) for c in cases)),
        delay(_("onset to isolation"), ((c.onset, c.isolated) for c in cases)),
        delay(_("onset to sample"), ((c.onset, c.sampled) for c in cases)),
    ]
