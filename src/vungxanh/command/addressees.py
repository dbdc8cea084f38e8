"""Which units of the register an addressee's words mean. Proposals only: the official chooses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from vungxanh.command.reading import settings
from vungxanh.core.scope import HasGrants, grants_of, path_of
from vungxanh.core.vietnamese import fold
from vungxanh.people.models import Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is `kind:<kind>` (every unit of that kind in the issuer's area) or `unit:<id>`."""

    key: str
    label: str
    units: int


def units_in_reach(officer: HasGrants) -> "QuerySet[Organisation]":
    """Units of today that the officer may address: those within the area of their right to issue."""
    today = timezone.localdate()
    area = Q(pk__in=[])
    for grant in grants_of(officer, Permission.DISPATCH_ISSUE):
        area |= Q(scope_path__startswith=grant.path)
    return Organisation.objects.filter(area, in_force(today))


def kinds_in_reach(officer: HasGrants) -> dict[str, int]:
    """Kind -> number of units in reach."""
    rows = units_in_reach(officer).values_list("kind").annotate(Count("pk")).order_by("kind")
    return dict(rows)


def propose(words: str, officer: HasGrants) -> list[str]:
    """Keys that fit an addressee's words: named units first, then kinds; empty where nothing fits."""
    named = [f"unit:{unit.pk}" for unit in units_in_reach(officer).filter(name__in=_parts(words))]
    if named:
        return named
    kinds = kinds_in_reach(officer)
    return [f"kind:{kind}" for part in _parts(words) for kind in _kinds(part) if kind in kinds]


def _parts(words: str) -> list[str]:
    return [part.strip() for part in words.split(";") if part.strip()]


def _kinds(part: str) -> Iterable[str]:
    for entry in settings()["group"]:
        if re.search(str(entry["pattern"]), part, re.IGNORECASE):
            return [str(entry["kind"])]
    return []


def resolve(keys: Iterable[str], officer: HasGrants) -> list[int]:
    """Keys -> ids of units, only those in reach."""
    reach = units_in_reach(officer)
    kinds = {key[5:] for key in keys if key.startswith("kind:")}
    units = {int(key[5:]) for key in keys if key.startswith("unit:") and key[5:].isdecimal()}
    found = set(reach.filter(kind__in=kinds).values_list("pk", flat=True))
    return sorted(found | set(reach.filter(pk__in=units).values_list("pk", flat=True)))


def search(text: str, officer: HasGrants, limit: int = 20) -> list[Organisation]:
    """Units in reach whose name holds `text`, without regard to accents."""
    wanted = fold(text)
    return [unit for unit in units_in_reach(officer).order_by("name") if wanted in fold(unit.name)][:limit]


def area_of(officer: HasGrants) -> str:
    """Widest path under which the officer may issue; the nation's where several do not share one."""
    paths = {grant.path for grant in grants_of(officer, Permission.DISPATCH_ISSUE)}
    return min(paths, key=len) if paths else path_of()
