"""Reads of cases, always within the officer's scope."""

from django.db.models import QuerySet
from django.http import Http404

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.outbreak.models import Case
from vungxanh.people.roles import Permission


def cases(officer: HasGrants, *, status: str = "", disease: str = "") -> "QuerySet[Case]":
    """Cases that the officer may read, newest first."""
    found = scoped(Case.objects.all(), officer, Permission.CASE_READ)
    if status in Case.Status.values:
        found = found.filter(status=status)
    if disease:
        found = found.filter(disease=disease)
    return found.order_by("-reported_at", "-pk")


def case(officer: HasGrants, number: int, permission: Permission = Permission.CASE_READ) -> Case:
    """One case within the officer's scope; outside it there is none. Raises Http404."""
    found = scoped(Case.objects.all(), officer, permission).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
