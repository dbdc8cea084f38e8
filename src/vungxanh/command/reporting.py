"""Figures of a report: each a registered question whose answer is a list of rows, so every number can be opened.

Rooms above register theirs in their AppConfig (`register(Figure(...))`); this room brings its own. A number is the
length of its list when the report was drawn up; the list is kept with the report.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.core.listing import Column
from vungxanh.core.scope import HasGrants

#: (area, since, until) -> ids of what counts: everything of the area, whoever asks; a count names nobody
Count = Callable[[str, datetime, datetime], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Figure:
    """`key` stands in texts as `{key}`. `rows`: those of the ids that this officer may see, in `columns`."""

    key: str
    name: Any
    count: Count
    rows: Callable[[HasGrants, Sequence[int]], "QuerySet[Any]"]
    columns: Callable[[], Sequence[Column[Any]]]


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """The same key again replaces it."""
    _figures[figure.key] = figure


def figures() -> dict[str, Figure]:
    """Every figure that a text may name."""
    return dict(sorted(_figures.items()))


def period(kind: str, day: date) -> tuple[datetime, datetime]:
    """Of a day: the day. Of a week: Monday 00:00 to Sunday 24:00, the week that holds `day`. Half-open."""
    first = day - timedelta(days=day.weekday()) if kind == "weekly" else day
    length = 7 if kind == "weekly" else 1
    zone = timezone.get_default_timezone()
    begin = datetime.combine(first, time(), zone)
    return begin, datetime.combine(first + timedelta(days=length), time(), zone)
