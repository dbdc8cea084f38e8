"""Where to look first: places that owe something which no fact shows, the longest unvisited among equals first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Max
from django.utils import timezone

from vungxanh.command.models import Inspection
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.people.roles import Permission
from vungxanh.places.models import ExposedPlace, Place, PlaceFact
from vungxanh.places.queries import is_stale
from vungxanh.rules.duties import Duty, duties, duty_rule

#: the place fact that safety assessments publish
LEVEL_FACT = "safetymap.level"
#: why a published safety level asks for a visit
Level = Literal["", "bad", "conditions", "stale"]
#: the gravest first; a level that may be worse by now counts like one that sets conditions
GRAVITY: dict[Level, int] = {"bad": 0, "conditions": 1, "stale": 1, "": 2}


@dataclass(frozen=True, slots=True)
class Planned:
    """A place of the plan: duties that its facts show, and those nobody can see without going there."""

    place: Place
    shown: tuple[Duty, ...]
    unseen: tuple[Duty, ...]
    last_visit: datetime | None
    overdue: bool
    exposed: bool = False
    level: Level = ""

    @property
    def rank(self) -> tuple[bool, bool, int, int, float]:
        """Overdue re-visits, where a case was, a bad or stale safety level, the most unseen duties, the longest
        unvisited."""
        visited = self.last_visit.timestamp() if self.last_visit else 0.0
        return (not self.overdue, not self.exposed, GRAVITY[self.level], -len(self.unseen), visited)


def plan(officer: HasGrants, limit: int = 200) -> list[Planned]:
    """The officer's places in the order of visiting, at most `limit`."""
    now = timezone.now()
    kinds = [kind for kind, owed in duty_rule().kinds.items() if owed]
    places = scoped(Place.objects.filter(kind__in=kinds, closed=None), officer, Permission.SAFETY_INSPECT)
    rows = list(places.order_by("pk")[:5000])
    newest = _newest_facts([place.pk for place in rows])
    visits = scoped(Inspection.objects.filter(place__in=rows), officer, Permission.SAFETY_INSPECT)
    last = dict(visits.values_list("place").annotate(Max("at")))
    late = set(visits.filter(revisit_on__lt=timezone.localdate(now)).values_list("place", "at"))
    exposed = _exposed([place.pk for place in rows], now)
    found = []
    for place in rows:
        owed = duties(place.kind)
        shown = tuple(duty for duty in owed if _is_shown(duty, place, newest, now))
        unseen = tuple(duty for duty in owed if duty not in shown)
        at = last.get(place.pk)
        level = _level(newest.get((place.pk, LEVEL_FACT)), now)
        found.append(Planned(place, shown, unseen, at, (place.pk, at) in late, place.pk in exposed, level))
    return sorted(found, key=lambda one: one.rank)[:limit]


def _exposed(ids: list[int], now: datetime) -> set[int]:
    """Places where a case was within the fortnight, as two persons published it."""
    rows = ExposedPlace.objects.filter(place__in=ids, end__gte=now - timedelta(days=14))  # scope: places in hand
    return set(rows.values_list("place", flat=True))


def _level(fact: PlaceFact | None, now: datetime) -> Level:
    """What the newest published safety level says against a place; nothing where none was published."""
    if fact is None:
        return ""
    may_open = fact.value.get("may_open") if isinstance(fact.value, dict) else None
    if may_open == "no":
        return "bad"
    if may_open == "conditions":
        return "conditions"
    return "stale" if is_stale(fact, now) else ""


def _newest_facts(ids: list[int]) -> dict[tuple[int, str], PlaceFact]:
    """(place, kind of fact) -> the newest."""
    facts = PlaceFact.objects.filter(place__in=ids)  # scope: places in hand
    rows = facts.order_by("place", "kind", "-at").distinct("place", "kind")
    return {(row.place_id, row.kind): row for row in rows}


def _is_shown(duty: Duty, place: Place, newest: dict[tuple[int, str], PlaceFact], now: datetime) -> bool:
    if duty.shown_by is None or (fact := newest.get((place.pk, duty.shown_by.fact))) is None:
        return False
    if duty.shown_by.days:
        return fact.at >= now - timedelta(days=duty.shown_by.days)
    return fact.valid_until is None or fact.valid_until > now
