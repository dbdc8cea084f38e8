"""Courses: what I owe, one course with its clip and questions, certificate, tasks, completion by facility."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.command.actions import training as actions
from vungxanh.command.clips import film_of
from vungxanh.command.courses_data import Course, courses
from vungxanh.command.drills import Drill, drills
from vungxanh.command.models import Completion, CourseTask, DrillRun
from vungxanh.command.training_queries import Facility, by_facility, owed
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import grants_of
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.roles import Permission


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = CourseTask
        fields = ("course", "organisation", "due")

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick = {"class": "nhsuk-select"}
        known = [(course.id, course.title) for course in courses(_language()).values()]
        self.fields["course"].widget = forms.Select(attrs=pick, choices=known)
        paths = [grant.path for grant in grants_of(officer, Permission.DISPATCH_ISSUE)]
        reach = Organisation.objects.none()
        for path in paths:
            reach = reach | Organisation.objects.filter(scope_path__startswith=path)
        self.fields["organisation"].queryset = reach.order_by("name")[:1000]  # type: ignore[attr-defined]
        self.fields["organisation"].widget.attrs.update(pick)
        self.fields["due"].widget = forms.DateInput(
            attrs={"class": "nhsuk-input", "type": "date"}, format="%Y-%m-%d"
        )


@officer_required()
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    may_ask = officer.may(Permission.DISPATCH_ISSUE)
    if request.method == "POST" and may_ask:
        return _ask(request, officer)
    context: dict[str, Any] = {
        "owed": owed(officer, _language()),
        "done": Completion.objects.filter(officer=officer).order_by("-at"),
        "all": courses(_language()).values(),
        "drills": drills().values(),
        "runs": DrillRun.objects.filter(officer=officer).exclude(ended_at=None).order_by("-ended_at")[:20],
        "task_form": TaskForm(officer=officer) if may_ask else None,
    }
    if officer.may(Permission.STATISTICS_READ):
        context["facilities"] = _facilities(request, officer)
    return render(request, "command/courses.html", context)


def _ask(request: HttpRequest, officer: Officer) -> HttpResponse:
    wanted = Organisation.objects.filter(pk=request.POST.get("organisation") or 0).first()
    paths = [grant.path for grant in grants_of(officer, Permission.DISPATCH_ISSUE)]
    try:
        if wanted is None or not any(wanted.scope_path.startswith(path) for path in paths):
            raise UserError("command.duty-to-nobody", field="organisation")
        due = forms.DateField(required=False).clean(request.POST.get("due", ""))
        actions.ask(organisation=wanted, course=request.POST.get("course", ""), due=due, by=officer)
        notes.success(request, _("Asked; it stands on the list of everybody there."))
    except (UserError, forms.ValidationError) as exc:
        notes.error(request, exc.text(_language()) if isinstance(exc, UserError) else exc.messages[0])
    return redirect("command:courses")


def _facilities(request: HttpRequest, officer: Officer) -> Listing[Facility]:
    columns: list[Column[Facility]] = [
        Column(
            "unit", _("Facility"), lambda f: f.organisation.name, sort=lambda f: f.organisation.name, head=True
        ),
        Column("course", _("Course"), lambda f: f.course.title, sort=lambda f: f.course.id),
        Column("officers", _("Officers"), lambda f: f.officers, sort=lambda f: f.officers, numeric=True),
        Column("passed", _("Passed"), lambda f: f.passed, sort=lambda f: f.passed, numeric=True),
    ]
    rows = by_facility(officer, _language())
    return Listing("command-facilities", columns, rows, request.GET, caption=_("Completion by facility"))


def _course(key: str) -> Course:
    found = courses(_language()).get(key)
    if found is None:
        raise Http404
    return found


def drills_of(found: Course) -> list[Drill]:
    """Drills beside the situations: who traces or decides an area practises in the invented town."""
    return [drill for drill in drills().values() if set(drill.roles) & set(found.roles)]


@officer_required()
def course(request: HttpRequest, key: str) -> HttpResponse:
    found = _course(key)
    if request.method == "POST":
        given = {at: _chosen(request.POST.get(f"q{at}")) for at in range(len(found.questions))}
        made = actions.finish(course=found, given=given, by=officer_of(request))
        if made:
            return redirect("command:certificate", made.pk)
        right = {"right": found.score(given), "all": len(found.questions), "needed": found.needed}
        notes.error(
            request, _("%(right)d of %(all)d right; %(needed)d are needed. Read again and try again.") % right
        )
    context: dict[str, Any] = {"course": found, "given": request.POST}
    return render(request, "command/course.html", context)


def _chosen(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else -1


@officer_required()
def practice(request: HttpRequest, key: str) -> HttpResponse:
    """Invented situations, each answered with its reason at once. Nothing of it is kept, no live row is read."""
    found = _course(key)
    told = [
        (at, one, _chosen(request.POST.get(f"p{at}")), f"p{at}" in request.POST)
        for at, one in enumerate(found.practice)
    ]
    right = sum(chosen == one.right for _at, one, chosen, _answered in told)
    context: dict[str, Any] = {"course": found, "told": told, "right": right, "answered": request.method == "POST"}
    return render(request, "command/practice.html", {**context, "drills": drills_of(found)})


@officer_required()
def course_clip(request: HttpRequest, key: str) -> HttpResponse:
    """The course's pages as a captioned clip."""
    found = _course(key)
    lines = [line for page in found.pages for line in page]
    return HttpResponse(film_of(found.title, lines), content_type="video/mp4")


@officer_required()
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Completion, pk=pk, officer=officer_of(request))
    context = {"row": row, "course": courses(_language()).get(row.course), "officer": officer_of(request)}
    return render(request, "command/certificate.html", context)
