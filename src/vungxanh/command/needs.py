"""Areas for which reserves are reckoned: communes by their census, and zones that a room above registers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from vungxanh.core.scope import HasGrants, grants_of
from vungxanh.people.models import Organisation, Person
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force


@dataclass(frozen=True, slots=True)
class Area:
    """`people` to be fed for `days`; what lies under `path` counts as held for it.

    `census`: where the number comes from; None: people of the register, of whom many communes have only some.
    """

    key: str
    name: str
    people: int
    days: int
    path: str
    census: "Census | None" = None


@dataclass(frozen=True, slots=True)
class Census:
    """How many people live in a commune, as counted on a day."""

    people: int
    on: date
    source: str


#: paths of communes and a day -> the newest count of that day or before, where there is one
Counts = Callable[[Sequence[str], date], Mapping[str, Census]]
_census: list[Counts] = []


def register_census(counts: Counts) -> None:
    """Who keeps the population says how many live where."""
    _census[:] = [counts]


Zones = Callable[[HasGrants], Sequence[Area]]
_zones: dict[str, Zones] = {}


def register(key: str, areas: Zones) -> None:
    """The same key again replaces it."""
    _zones[key] = areas


def zones(officer: HasGrants) -> list[Area]:
    """Zones proposed or decided that the officer may see."""
    return [area for areas in _zones.values() for area in areas(officer)]


def communes(officer: HasGrants, days: int) -> list[Area]:
    """Communes of the officer's area with their population, else with the people registered there."""
    paths = [grant.path for grant in (*grants_of(officer, Permission.RESERVE_WRITE),
                                      *grants_of(officer, Permission.STATISTICS_READ))]  # fmt: skip
    units = Organisation.objects.filter(in_force(timezone.localdate()), kind="commune-committee").order_by("name")
    mine = [unit for unit in units if any(unit.scope_path.startswith(path) for path in paths)]
    paths_of = [unit.scope_path for unit in mine]
    counted = Person.objects.filter(same_as=None, scope_path__in=paths_of)  # scope: a count names nobody
    people = dict(counted.values_list("scope_path").annotate(Count("pk")).order_by())
    known: dict[str, Census] = {}
    for counts in _census:
        known |= counts(paths_of, timezone.localdate())
    return [_commune(unit, known.get(unit.scope_path), people.get(unit.scope_path, 0), days) for unit in mine]


def _commune(unit: Organisation, census: Census | None, registered: int, days: int) -> Area:
    people = census.people if census else registered
    return Area(f"commune:{unit.pk}", unit.name, people, days, unit.scope_path, census)
