"""Somebody who should be in isolation, or who is ill, was recorded at a place: the gate shows what it shows to
everybody, and the commune has a task.

Who they are stands above this room; it registers what it knows (`register`). What `work` has open is known here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from vungxanh.people.queries import home_paths
from vungxanh.work.actions import OPEN, put_many
from vungxanh.work.models import WorkItem
from vungxanh.work.schemas import ItemIn

KIND = "isolation.seen"
#: open items that mean that somebody is in isolation now
_MEANS = ("isolation.check", "isolation.test", "isolation.end")
#: how soon somebody looks: our proposal
WITHIN = timedelta(hours=2)
#: what was recorded longer ago is for a tracer, not for a visit
FRESH = timedelta(hours=12)

Lookup = Callable[[Sequence[int], datetime], set[int]]
_lookups: dict[str, Lookup] = {}


def register(name: str, lookup: Lookup) -> None:
    """`lookup(persons, at)` -> those of whom a commune wants to know; the same name again replaces."""
    _lookups[name] = lookup


def _in_work(persons: Sequence[int], at: datetime) -> set[int]:
    # scope: the system asks; nobody is shown the answer
    rows = WorkItem.objects.filter(person__in=persons, kind__in=_MEANS, state__in=OPEN, made_at__lte=at)
    return {person for person in rows.values_list("person", flat=True) if person is not None}


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody was recorded somewhere."""

    place: int
    person: int
    at: datetime


def notice(rows: Iterable[Seen]) -> int:
    """A task a day for each watched person in new records, in the caller's transaction. -> tasks."""
    now = timezone.now()
    latest = {row.person: row for row in sorted(rows, key=lambda r: r.at) if row.at > now - FRESH}
    if not latest:
        return 0
    people = list(latest)
    watched = set().union(*(lookup(people, now) for lookup in (_in_work, *_lookups.values())))
    if not watched:
        return 0
    homes = home_paths(watched)
    return len(put_many([_item(latest[one], homes.get(one, "/"), now) for one in sorted(watched)], by=None))


def _item(row: Seen, home: str, now: datetime) -> ItemIn:
    when = timezone.localtime(row.at)
    return ItemIn(
        kind=KIND,
        due=now + WITHIN,
        source=f"venue-seen:{when:%Y-%m-%d}",
        person=row.person,
        place=row.place,
        reason=_("Recorded at a place at %(time)s") % {"time": f"{when:%H:%M %d/%m}"},
        scope_path=home,
    )
