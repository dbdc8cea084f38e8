"""Figures of entries: by gate, flight, nationality or day. Counted from the rows that count, never stored.

An entry is a declaration that was not replaced. Declared before arrival: its first version came from no desk.
Corrected at the desk: a desk replaced it. Waiting: from the first time a desk opened it to the outcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vungxanh.border.models import Channel, Declaration, Review
from vungxanh.core.figures import Bars, Series
from vungxanh.exchange import csv, xlsx

#: keys to count by -> column of the declaration
KEYS = {"day": "entry_on", "gate": "gate", "flight": "flight", "nationality": "nationality"}
MOST_DAYS = 92
UNKNOWN = "–"


@dataclass(slots=True)
class Line:
    """One day, gate, flight or nationality. `waits` in minutes, of those who were decided."""

    key: str
    entries: int = 0
    before: int = 0
    corrected: int = 0
    decided: int = 0
    held: int = 0
    transferred: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def share_before(self) -> float | None:
        return self.before / self.entries if self.entries else None

    @property
    def waiting(self) -> float | None:
        """Median in minutes."""
        return round(median(self.waits), 1) if self.waits else None

    @property
    def waiting_most(self) -> float | None:
        """Nine of ten waited less."""
        if len(self.waits) < 2:
            return self.waiting
        return round(quantiles(self.waits, n=10, method="inclusive")[-1], 1)

    def add(self, row: tuple[Any, ...]) -> None:
        _key, channel, corrects, first, seen, at, outcome = row
        self.entries += 1
        from_desk = channel == Channel.DESK
        self.before += not from_desk or (corrects is not None and first != Channel.DESK)
        self.corrected += from_desk and corrects is not None
        self.decided += outcome is not None
        self.held += outcome == Review.Outcome.HOLD
        self.transferred += outcome == Review.Outcome.TRANSFER
        if seen and at and at >= seen:
            self.waits.append((at - seen).total_seconds() / 60)


def count(rows: "QuerySet[Declaration]", since: date, until: date, by: str) -> list[Line]:
    """Lines for the entries of these days, in order of the key; the rows are scoped by the caller."""
    last = min(until, since + timedelta(days=MOST_DAYS - 1))
    columns = (KEYS[by], "channel", "corrects", "corrects__channel", "seen_at", "review__at", "review__outcome")
    found = rows.filter(entry_on__range=(since, last), withdrawn_at=None).values_list(*columns)
    return counted(found.iterator(chunk_size=5000))


def counted(rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    """Rows as (key, channel, corrects, first channel, seen, decided, outcome). Pure."""
    lines: dict[str, Line] = {}
    for row in rows:
        key = row[0].isoformat() if isinstance(row[0], date | datetime) else str(row[0] or UNKNOWN)
        lines.setdefault(key, Line(key)).add(row)
    return [lines[key] for key in sorted(lines)]


def whole(lines: Iterable[Line]) -> Line:
    """All lines as one."""
    total = Line("")
    for line in lines:
        for name in ("entries", "before", "corrected", "decided", "held", "transferred"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
        total.waits += line.waits
    return total


def chart(lines: list[Line], title: str) -> Bars:
    """Entries, split into declared before arrival and only at the desk."""
    shown = sorted(lines, key=lambda line: -line.entries)[:30]
    shown.sort(key=lambda line: line.key)
    return Bars(
        title=title,
        labels=[line.key for line in shown],
        series=[
            Series(_("declared before arrival"), [line.before for line in shown]),
            Series(_("declared at the desk"), [line.entries - line.before for line in shown]),
        ],
        note=_("Entries that were not replaced, by their first declaration."),
        axis=_("entries"),
    )


def heads() -> list[str]:
    return [
        _("Counted by"),
        _("Entries"),
        _("Declared before arrival"),
        _("Corrected at the desk"),
        _("Decided"),
        _("Held at the gate"),
        _("Transferred"),
        _("Median wait (min)"),
        _("Nine of ten waited less (min)"),
    ]


def cells(line: Line) -> tuple[str | float | None, ...]:
    return (
        line.key,
        line.entries,
        line.before,
        line.corrected,
        line.decided,
        line.held,
        line.transferred,
        line.waiting,
        line.waiting_most,
    )


def as_csv(lines: Iterable[Line]) -> bytes:
    return csv.write(heads(), map(cells, lines))


def as_xlsx(lines: Iterable[Line], heading: str, *, drill: bool) -> bytes:
    first, *rest = heads()
    columns = [xlsx.Column(first), *(xlsx.Column(title, "number", 14) for title in rest)]
    return xlsx.write([xlsx.Sheet(_("Entries"), columns, map(cells, lines), heading=(heading,))], drill=drill)
