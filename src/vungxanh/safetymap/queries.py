"""Reads: the newest snapshot for everybody, a place's results for its keeper, lists for officers within scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.core.vietnamese import fold
from vungxanh.places.models import ExposedPlace, Place, PlaceFact
from vungxanh.places.queries import newest_fact
from vungxanh.rules.criteria import CriteriaSet, packaged_sets
from vungxanh.rules.duties import Duty, duties
from vungxanh.safetymap import completing
from vungxanh.safetymap.models import Assessment, Snapshot

#: how long a place that was marked for a case, and not proposed, stays on the list of the map's officers
MARKED_LATELY = timedelta(days=14)


def newest_snapshot() -> Snapshot | None:
    """What everybody sees."""
    return Snapshot.objects.order_by("-made_at", "-pk").first()  # scope: published for everybody


def sets_for(kind: str) -> list[CriteriaSet]:
    """Complete sets for a kind of place; the project's own comes last, since an authority's comes first."""
    every = [*packaged_sets().values(), *completing.in_force().values()]
    found = [one for one in every if one.complete and kind in one.kinds_known]
    return sorted(found, key=lambda one: (one.basis.own, one.id))


def finished(place: Place, assessor: str) -> Assessment | None:
    """The newest finished assessment of one assessor."""
    rows = Assessment.objects.filter(place=place, assessor=assessor)  # scope: the caller holds the place
    return rows.filter(finished_at__isnull=False).order_by("-finished_at").first()


def differences(own: Assessment | None, inspected: Assessment | None) -> list[int]:
    """Items on which the place and the inspector differ; none where they used different sets."""
    if own is None or inspected is None or own.criteria != inspected.criteria:
        return []
    items = set(own.answers) | set(inspected.answers)
    return sorted(int(item) for item in items if own.answers.get(item) != inspected.answers.get(item))


@dataclass(frozen=True)
class Deed:
    """A duty beside what shows it: `done` None where no fact can show it."""

    duty: Duty
    done: bool | None
    at: datetime | None
    stale: bool


def deeds(place: Place, now: datetime | None = None) -> list[Deed]:
    """What we owe, what we do: from real use, never from a tick."""
    moment = now or timezone.now()
    return [_deed(place, duty, moment) for duty in duties(place.kind)]


def _deed(place: Place, duty: Duty, now: datetime) -> Deed:
    if duty.shown_by is None:
        return Deed(duty, None, None, stale=False)
    fact = newest_fact(place, duty.shown_by.fact, now)
    if fact is None:
        return Deed(duty, False, None, stale=False)
    stale = is_old(fact, duty.shown_by.days, now)
    return Deed(duty, not stale, fact.at, stale)


def is_old(fact: PlaceFact, days: int, now: datetime) -> bool:
    if days and fact.at < now - timedelta(days=days):
        return True
    return fact.valid_until is not None and fact.valid_until <= now


def visible_places(officer: HasGrants) -> "QuerySet[Place]":
    """Whole, open places within the officer's area, by name."""
    return scoped(Place.objects.filter(parent=None, merged_into=None, closed=None), officer).order_by("name_sort")


def visible_exposures(officer: HasGrants) -> "QuerySet[ExposedPlace]":
    """Those on the map, on their way there, and marked for a case lately; newest first."""
    rows = scoped(ExposedPlace.objects.select_related("place"), officer)
    lately = Q(proposed_at=None, marked_at__gt=timezone.now() - MARKED_LATELY)
    return rows.filter(lately | Q(expires_at__gt=timezone.now()), withdrawn_at=None).order_by("-marked_at")


def matching(rows: Iterable[dict[str, Any]], text: str, names: Iterable[str] = ("name",)) -> list[dict[str, Any]]:
    """Published rows whose name holds the text, in any spelling."""
    wanted = fold(text).strip()
    return [row for row in rows if not wanted or any(wanted in fold(str(row.get(name) or "")) for name in names)]
