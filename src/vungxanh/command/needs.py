"""Areas for which reserves are reckoned: communes of the register, and zones that a room above registers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from vungxanh.core.scope import HasGrants, grants_of
from vungxanh.people.models import Organisation, Person
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force


@dataclass(frozen=True, slots=True)
class Area:
    """`people` to be fed for `days`; what lies under `path` counts as held for it."""

    key: str
    name: str
    people: int
    days: int
    path: str


Zones = Callable[[HasGrants], Sequence[Area]]
_zones: dict[str, Zones] = {}


def register(key: str, areas: Zones) -> None:
    """The same key again replaces it."""
    _zones[key] = areas


def zones(officer: HasGrants) -> list[Area]:
    """Zones proposed or decided that the officer may see."""
    return [area for areas in _zones.values() for area in areas(officer)]


def communes(officer: HasGrants, days: int) -> list[Area]:
    """Communes of the officer's area with the people registered there; a commune nobody is registered in has 0."""
    paths = [grant.path for grant in (*grants_of(officer, Permission.RESERVE_WRITE),
                                      *grants_of(officer, Permission.STATISTICS_READ))]  # fmt: skip
    units = Organisation.objects.filter(in_force(timezone.localdate()), kind="commune-committee").order_by("name")
    mine = [unit for unit in units if any(unit.scope_path.startswith(path) for path in paths)]
    paths_of = [unit.scope_path for unit in mine]
    counted = Person.objects.filter(same_as=None, scope_path__in=paths_of)  # scope: a count names nobody
    people = dict(counted.values_list("scope_path").annotate(Count("pk")).order_by())
    return [Area(f"commune:{u.pk}", u.name, people.get(u.scope_path, 0), days, u.scope_path) for u in mine]
