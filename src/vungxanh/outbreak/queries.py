"""Reads of cases, always within the officer's scope."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.outbreak.models import Case, Check, Contact, FollowUp
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


#: most checks on one page of today's list; a station has fewer, a province filters by commune
MOST_DUE = 500


def due_checks(
    officer: HasGrants, day: date, permission: Permission = Permission.CONTACT_FOLLOW
) -> "QuerySet[Check]":
    """Checks due up to `day`, of people within the officer's scope: overdue first, then tests, then by area."""
    mine = scoped(FollowUp.objects.filter(status=FollowUp.Status.ACTIVE), officer, permission)
    found = Check.objects.filter(followup__in=mine, outcome="", day__lte=day).select_related("followup")
    return found.order_by("day", "-test", "followup__scope_path", "pk")


def last_outcomes(followups: Iterable[int]) -> dict[int, str]:
    """Follow-up -> what came of its newest check that was entered."""
    rows = Check.objects.filter(followup__in=followups).exclude(outcome="").order_by("followup", "-day")
    return dict(rows.distinct("followup").values_list("followup", "outcome"))


def contacts(officer: HasGrants, case: Case) -> "QuerySet[Contact]":
    """Contacts of a case that the officer may see."""
    return scoped(Contact.objects.filter(case=case), officer, Permission.CASE_READ)


def with_source(persons: Sequence[int], disease: str) -> set[int]:
    """Those of the persons who were written down as contacts of another case: their source is known."""
    # scope: yes or no about persons in hand
    rows = Contact.objects.filter(person__in=persons, case__disease=disease).exclude(status=Contact.Status.DROPPED)
    return set(rows.exclude(case__status=Case.Status.WITHDRAWN).values_list("person", flat=True))
