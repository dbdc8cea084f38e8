"""Who may see which row: place path × organisation × sector, failing closed.

A **path** is a string of unit codes of the scheme in force today, from the nation down, each ended by `/`:
`/` the nation, `/19/` a province, `/19/05710/` a commune, `/19/05710/p812/` a place in it. A row lies within
every path that its own path begins with.

`scoped(queryset, officer)` is the only way to read a scoped model for an officer; `tools/lint_scope.py`
refuses the others. No officer, no grant, a model that does not say where its scope stands: no row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet

ANY_PATH = "/"
M = TypeVar("M", bound=Model)


class Sector(StrEnum):
    """Branch of administration that a row belongs to. A medical row is `health`, wherever it lies."""

    HEALTH = "health"
    INDUSTRY_TRADE = "industry-trade"
    EDUCATION = "education"
    TRANSPORT = "transport"
    CULTURE = "culture"
    LABOUR = "labour"
    BORDER = "border"
    POLICE = "police"
    GOVERNMENT = "government"


@dataclass(frozen=True)
class Scope:
    """Where a model keeps its scope: look-up names of its columns (`place__scope_path` reaches over a key).

    `org=None`: the model knows no organisation, so who is bound to one sees none of it. `fixed_sector` stands
    for a table whose rows are all of one sector.
    """

    path: str = "scope_path"
    org: str | None = "scope_org"
    sector: str | None = "scope_sector"
    fixed_sector: Sector | None = None


@dataclass(frozen=True)
class Grant:
    """What one assignment of an officer opens. `None` stands for "all", an empty set for none."""

    path: str
    orgs: frozenset[int] | None
    sectors: frozenset[str] | None
    permissions: frozenset[str]

    def opens(self, path: str, org: int | None, sector: str) -> bool:
        """Does it open a row with this scope? The same rule as `scoped`, for a single row."""
        return (
            path.startswith(self.path)
            and (self.orgs is None or org in self.orgs)
            and (self.sectors is None or sector in self.sectors)
        )


class HasGrants(Protocol):
    """An officer, as far as this module knows one."""

    def grants(self) -> Sequence[Grant]: ...


def path_of(*codes: str | int) -> str:
    """`path_of("19", "05710")` -> `/19/05710/`; without codes the nation."""
    return ANY_PATH + "".join(f"{code}/" for code in codes)


def scoped(queryset: "QuerySet[M]", officer: HasGrants | None, permission: str | None = None) -> "QuerySet[M]":
    """The rows of `queryset` that `officer` may see; with `permission`, only by grants that carry it.

    Raises TypeError for a model without `SCOPE`: that is a bug of ours, not an empty answer.
    """
    condition = scope_condition(queryset.model, officer, permission)
    return queryset.none() if condition is None else queryset.filter(condition)


def scope_condition(model: type[Model], officer: HasGrants | None, permission: str | None = None) -> Q | None:
    """The same as a condition, for a package whose rows may be seen for one more reason; None opens nothing."""
    where = getattr(model, "SCOPE", None)
    if not isinstance(where, Scope):
        raise TypeError(f"{model.__name__} does not say where its scope stands (SCOPE)")
    return _any_of(_condition(where, grant) for grant in grants_of(officer, permission))


def grants_of(officer: HasGrants | None, permission: str | None = None) -> list[Grant]:
    """Grants of an officer, only those with `permission` where it is given; none for nobody."""
    grants = officer.grants() if officer is not None else ()
    return [grant for grant in grants if permission is None or permission in grant.permissions]


def may(officer: HasGrants | None, permission: str, *, path: str, org: int | None, sector: str) -> bool:
    """May the officer do this to a row of this scope?"""
    return any(grant.opens(path, org, sector) for grant in grants_of(officer, permission))


def _any_of(conditions: Iterable[Q | None]) -> Q | None:
    found: Q | None = None
    for condition in conditions:
        if condition is not None:
            found = condition if found is None else found | condition
    return found


def _condition(where: Scope, grant: Grant) -> Q | None:
    """One grant as a filter; None where it can open nothing of this model."""
    parts: dict[str, Any] = {f"{where.path}__startswith": grant.path}
    if grant.orgs is not None:
        if where.org is None:
            return None
        parts[f"{where.org}__in"] = grant.orgs
    if grant.sectors is not None:
        if where.fixed_sector is not None:
            return Q(**parts) if where.fixed_sector in grant.sectors else None
        if where.sector is None:
            return None
        parts[f"{where.sector}__in"] = grant.sectors
    return Q(**parts)
