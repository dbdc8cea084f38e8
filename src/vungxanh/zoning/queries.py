"""Levels and zones of an officer's area. They name no person, so the area decides and no sector."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from vungxanh.core.scope import HasGrants, grants_of
from vungxanh.people.roles import Permission
from vungxanh.zoning.models import AreaLevel, ZoneProposal

M = TypeVar("M", bound=Model)
PERMISSIONS = (Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)


def in_area(rows: "QuerySet[M]", officer: HasGrants) -> "QuerySet[M]":
    """Rows within a grant of the officer that lets propose or decide zones; none without one."""
    paths = {grant.path for permission in PERMISSIONS for grant in grants_of(officer, permission)}
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(scope_path__startswith=path)
    return rows.filter(wanted)


def visible_proposals(officer: HasGrants) -> "QuerySet[ZoneProposal]":
    rows = ZoneProposal.objects.all()  # scope: by area, in the next line
    return in_area(rows, officer).order_by("-made_at")


def visible_levels(officer: HasGrants) -> "QuerySet[AreaLevel]":
    rows = AreaLevel.objects.exclude(state=AreaLevel.State.REPLACED)  # scope: by area, in the next line
    return in_area(rows, officer).order_by("state", "name")
