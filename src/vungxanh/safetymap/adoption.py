"""Who really does what they owe: by commune and kind, from place facts, with the lists behind every number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from vungxanh.core.scope import HasGrants
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import names_of_paths, newest_facts
from vungxanh.rules.duties import Duty, duties, duty_rule
from vungxanh.safetymap.publication import commune_path
from vungxanh.safetymap.queries import is_old, visible_places

DONE, STALE, NONE = "done", "stale", "none"


@dataclass(slots=True)
class Line:
    """Places of one commune and kind that owe one system."""

    path: str
    commune: str
    kind: str
    system: str
    owed: int = 0
    done: int = 0
    stale: int = 0

    @property
    def none(self) -> int:
        return self.owed - self.done - self.stale

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.owed) if self.owed else 0


def lines(officer: HasGrants, now: datetime | None = None) -> list[Line]:
    """By commune, kind and system; systems that no fact shows are left out, since nobody can count them."""
    found: dict[tuple[str, str, str], Line] = {}
    for place, duty, state in _states(visible_places(officer), now or timezone.now()):
        path = commune_path(place.scope_path)
        line = found.setdefault((path, place.kind, duty.system), Line(path, "", place.kind, duty.system))
        line.owed += 1
        line.done += state == DONE
        line.stale += state == STALE
    names = names_of_paths({line.path for line in found.values()})
    for line in found.values():
        line.commune = names.get(line.path, line.path)
    return sorted(found.values(), key=lambda line: (line.commune, line.kind, line.system))


def behind(
    officer: HasGrants, *, path: str, kind: str, system: str, state: str, now: datetime | None = None
) -> list[Place]:
    """The places behind one number."""
    rows = visible_places(officer).filter(scope_path__startswith=path, kind=kind)
    found = _states(rows, now or timezone.now())
    return [place for place, duty, is_now in found if duty.system == system and is_now == state]


def _states(rows: Iterable[Place], now: datetime) -> Iterable[tuple[Place, Duty, str]]:
    places = list(rows)
    wanted = {shown.fact for shown in duty_rule().shown_by.values()}
    facts: dict[str, dict[int, PlaceFact]] = defaultdict(dict)
    for fact in wanted:
        facts[fact] = newest_facts([place.pk for place in places], fact)
    for place in places:
        for duty in duties(place.kind):
            if duty.shown_by is not None:
                yield place, duty, _state(facts[duty.shown_by.fact].get(place.pk), duty.shown_by.days, now)


def _state(fact: PlaceFact | None, days: int, now: datetime) -> str:
    if fact is None:
        return NONE
    return STALE if is_old(fact, days, now) else DONE
