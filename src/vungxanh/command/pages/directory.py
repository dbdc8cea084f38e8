"""The directory: numbers by organisation, topic and day, who is on duty; anybody's page of today's numbers."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command import addressees
from vungxanh.command.actions import directory as actions
from vungxanh.command.models import ContactPoint
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import grants_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force

EDIT = Permission.DISPATCH_ISSUE
INPUT, PICK = {"class": "nhsuk-input"}, {"class": "nhsuk-select"}


class PointForm(forms.Form):
    organisation: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=None, widget=forms.Select(attrs=PICK)
    )
    topic = forms.CharField(
        label=gettext_lazy("topic"), max_length=40, widget=forms.TextInput(attrs={**INPUT, "list": "topics"})
    )
    number = forms.CharField(label=gettext_lazy("number"), max_length=20, widget=forms.TextInput(attrs=INPUT))
    hours = forms.CharField(
        label=gettext_lazy("hours"), max_length=60, required=False, widget=forms.TextInput(attrs=INPUT)
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail of this contact point"),
        help_text=gettext_lazy("Reports of goods are sent to the one of the area's market surveillance."),
        required=False,
        widget=forms.EmailInput(attrs=INPUT),
    )
    since = forms.DateField(
        label=gettext_lazy("Valid from"),
        widget=forms.DateInput(attrs={**INPUT, "type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = addressees.units_in_reach(officer).order_by("name")  # type: ignore[attr-defined]


class ShiftForm(forms.Form):
    officer: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=None, widget=forms.Select(attrs=PICK)
    )
    begin = forms.DateTimeField(
        label=gettext_lazy("From"), widget=forms.DateTimeInput(attrs={**INPUT, "type": "datetime-local"})
    )
    end = forms.DateTimeField(
        label=gettext_lazy("To"), widget=forms.DateTimeInput(attrs={**INPUT, "type": "datetime-local"})
    )
    number = forms.CharField(
        label=gettext_lazy("Another number during these hours"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs=INPUT),
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Assignment.objects.none()
        for grant in grants_of(officer, EDIT):
            rows = rows | Assignment.objects.filter(scope_path__startswith=grant.path)
        people = Officer.objects.filter(assignments__in=rows, is_active=True).distinct().order_by("name")
        self.fields["officer"].queryset = people  # type: ignore[attr-defined]


@officer_required()
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    may_edit = officer.may(EDIT)
    form = (
        PointForm(request.POST or None, officer=officer, initial={"since": timezone.localdate()})
        if may_edit
        else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.add(**form.cleaned_data, by=officer)
            notes.success(request, _("Saved."))
            return redirect("command:directory")
        except UserError as exc:
            form.add_error(exc.field, exc.text(get_language() or "vi"))
    columns: list[Column[ContactPoint]] = [
        Column("unit", _("Organisation"), lambda p: p.organisation.name, sort="organisation__name", head=True),
        Column("topic", _("topic"), lambda p: p.topic, sort="topic"),
        Column("number", _("number"), lambda p: p.number),
        Column("hours", _("hours"), lambda p: p.hours),
        Column("email", _("e-mail"), lambda p: p.email),
        Column("duty", _("On duty now"), _on_duty),
        Column("state", _("State"), _state),
    ]
    rows = ContactPoint.objects.filter(in_force(timezone.localdate()))  # scope: numbers to call are public
    shown = rows.select_related("organisation").prefetch_related("shifts__officer")
    listing = Listing(
        "command-directory", columns, shown, request.GET, caption=_("Directory"), default_sort="unit"
    )
    context = {"form": form, "listing": listing, "points": _mine(officer) if may_edit else []}
    return render(request, "command/directory.html", context)


def _mine(officer: Officer) -> Any:
    return scoped(ContactPoint.objects.select_related("organisation"), officer, EDIT).filter(until=None)


def _on_duty(point: ContactPoint) -> str:
    now = timezone.now()
    names = [
        f"{shift.officer} {shift.number}".strip() for shift in point.shifts.all() if shift.begin <= now < shift.end
    ]
    return ", ".join(names)


def _state(point: ContactPoint) -> str:
    if point.dead_since:
        return _("nobody answers; not given out")
    return (
        _("tried %(day)s") % {"day": timezone.localdate(point.tried_at).strftime("%d/%m/%Y")}
        if point.tried_at
        else ""
    )


@officer_required(EDIT)
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """One number: its duty roster, and whether anybody answers."""
    officer = officer_of(request)
    row = get_object_or_404(_mine(officer), pk=pk)
    form = ShiftForm(request.POST if "put" in request.POST else None, officer=officer)
    if request.method == "POST":
        try:
            if "dead" in request.POST:
                actions.dead(point=row, by=officer)
            elif "alive" in request.POST:
                actions.alive(point=row, by=officer)
            elif form.is_valid():
                actions.put_on_duty(point=row, **form.cleaned_data, by=officer)
            if not form.errors:
                return redirect("command:point", pk)
        except UserError as exc:
            form.add_error(exc.field, exc.text(get_language() or "vi"))
    shifts = row.shifts.filter(end__gt=timezone.now()).select_related("officer")[:60]
    return render(request, "command/point.html", {"point": row, "form": form, "shifts": shifts})


def numbers(request: HttpRequest) -> HttpResponse:
    """Anybody's page: the numbers of today, by organisation."""
    alive = {"dead_since": None}
    rows = ContactPoint.objects.filter(in_force(timezone.localdate()), **alive)  # scope: numbers are public
    shown = rows.select_related("organisation").order_by("organisation__name", "topic")[:500]
    return render(request, "command/numbers.html", {"points": shown})
