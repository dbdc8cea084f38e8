"""Courses: what I owe, one course on one page, a certificate to print, completion by unit."""

from typing import Any

from django.contrib import messages as notes
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.command.actions import training as actions
from vungxanh.command.courses_data import Course, courses, due
from vungxanh.command.models import Completion
from vungxanh.core.scope import grants_of
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import Permission


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _passed(officer: Officer) -> dict[str, str]:
    rows = Completion.objects.filter(officer=officer).order_by("at")
    return dict(rows.values_list("course", "version"))


def _roles(officer: Officer) -> set[str]:
    return set(Assignment.objects.filter(officer=officer).values_list("role", flat=True))


@officer_required()
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    context = {
        "due": due(_roles(officer), _passed(officer), _language()),
        "done": Completion.objects.filter(officer=officer).order_by("-at"),
        "all": courses(_language()).values(),
        "counts": _counts(officer) if officer.may(Permission.STATISTICS_READ) else None,
    }
    return render(request, "command/courses.html", context)


def _counts(officer: Officer) -> list[tuple[Course, int, int]]:
    """(course, officers who owe it, of whom passed its present version) within the officer's area."""
    area = Q(pk__in=[])
    for grant in grants_of(officer, Permission.STATISTICS_READ):
        area |= Q(assignments__scope_path__startswith=grant.path)
    reach = Officer.objects.filter(area, is_active=True)
    found = []
    for course in courses(_language()).values():
        owe = reach.filter(assignments__role__in=course.roles).distinct()
        passed = Completion.objects.filter(course=course.id, version=course.version, officer__in=owe)
        found.append((course, owe.count(), passed.aggregate(n=Count("officer", distinct=True))["n"]))
    return found


@officer_required()
def course(request: HttpRequest, key: str) -> HttpResponse:
    found = courses(_language()).get(key)
    if found is None:
        raise Http404
    if request.method == "POST":
        given = {at: int(request.POST.get(f"q{at}") or -1) for at in range(len(found.questions))}
        made = actions.finish(course=found, given=given, by=officer_of(request))
        if made:
            return redirect("command:certificate", made.pk)
        right = {"right": found.score(given), "all": len(found.questions), "needed": found.needed}
        notes.error(
            request, _("%(right)d of %(all)d right; %(needed)d are needed. Read again and try again.") % right
        )
    context: dict[str, Any] = {"course": found, "given": request.POST}
    return render(request, "command/course.html", context)


@officer_required()
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Completion, pk=pk, officer=officer_of(request))
    context = {"row": row, "course": courses(_language()).get(row.course), "officer": officer_of(request)}
    return render(request, "command/certificate.html", context)
