"""An officer's grants: assignments of today, with the organisation's subtree and whatever it inherited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from vungxanh.core.audit import By
from vungxanh.core.scope import ANY_PATH, Grant, HasGrants, scope_condition, scoped
from vungxanh.people.models import Assignment, Officer, OrganisationLink, Person, PersonReach, Succession
from vungxanh.people.roles import ROLES, Permission


@dataclass(frozen=True)
class System:
    """The system itself as actor (a scheduled task): it sees every row, and the trail shows no officer."""

    pk: None = None

    def grants(self) -> Sequence[Grant]:
        return (Grant(ANY_PATH, None, None, frozenset(Permission)),)


SYSTEM = System()


def grants_today(officer: Officer, on: date | None = None) -> list[Grant]:
    """Grants of an officer's assignments in force on a day (default today); none when switched off."""
    if not officer.is_active or officer.pk is None:
        return []
    day = on or timezone.localdate()
    rows = Assignment.objects.filter(in_force(day), officer=officer)
    return [_grant(row, day) for row in rows if row.role in ROLES]


def in_force(day: date) -> Q:
    """Rows with `since` and `until` that hold on a day."""
    return (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))


def _grant(row: Assignment, day: date) -> Grant:
    role = ROLES[row.role]
    allowed = None if role.sectors is None else frozenset(str(sector) for sector in role.sectors)
    chosen = frozenset(row.sectors) if row.sectors else None
    sectors = allowed if chosen is None else chosen if allowed is None else chosen & allowed
    orgs = None if row.organisation_id is None else organisations_under(row.organisation_id, day)
    return Grant(row.scope_path, orgs, sectors, frozenset(str(p) for p in role.permissions))


def organisations_under(root: int, day: date) -> frozenset[int]:
    """The unit, all units under it on that day, and every unit whose work they took over."""
    found: set[int] = set()
    edge = {root}
    while edge:
        found |= edge
        edge = (_children(edge, day) | _predecessors(edge, day)) - found
    return frozenset(found)


def _children(parents: Iterable[int], day: date) -> set[int]:
    return set(OrganisationLink.objects.filter(in_force(day), parent__in=parents).values_list("child", flat=True))


def _predecessors(units: Iterable[int], day: date) -> set[int]:
    rows = Succession.objects.filter(successor__in=units, on__lte=day)
    return set(rows.values_list("predecessor", flat=True))


def visible_persons(officer: HasGrants | None, permission: str) -> "QuerySet[Person]":
    """Persons whose home or whose present business (`PersonReach`) lies in the officer's scope."""
    open_now = Q(until=None) | Q(until__gt=timezone.now())
    reached = scoped(PersonReach.objects.filter(open_now), officer, permission).values("person")
    at_home = scope_condition(Person, officer, permission)
    either = Q(pk__in=reached) if at_home is None else at_home | Q(pk__in=reached)
    return Person.objects.filter(either)  # scope: both halves are


def actor(by: By) -> HasGrants | None:
    """Whoever acts, as one who holds grants: an officer, the system, or nobody."""
    if isinstance(by, Officer | System):
        return by
    if isinstance(by, int):
        return Officer.objects.filter(pk=by).first()
    return None
