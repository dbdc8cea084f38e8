"""Who is calling: found by number or name, or registered here; missed calls and messages to call back."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of
from vungxanh.people import serving
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.actions import register_person
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, search
from vungxanh.people.roles import Permission

INPUT = {"class": "nhsuk-input"}


class CallerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, widget=forms.TextInput(attrs=INPUT))
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the caller"),
        max_length=20,
        widget=forms.TextInput(attrs={**INPUT, "inputmode": "tel"}),
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("Year of birth"), required=False, widget=forms.NumberInput(attrs=INPUT)
    )


@officer_required(Permission.HOTLINE_ANSWER)
def caller(request: HttpRequest) -> HttpResponse:
    """The text searched for is posted: a number or a name stands in no address and no log."""
    officer = officer_of(request)
    purpose = _("Hotline call")
    found: Any = None
    form = CallerForm(request.POST if "register" in request.POST else None)
    if "choose" in request.POST:
        return _choose(request, officer)
    if "q" in request.POST:
        found = search(request.POST["q"], by=officer, purpose=purpose)
        serving.found(request, [one.id for one in found])
        form = CallerForm(initial={"phone": request.POST["q"] if request.POST["q"].strip("+ .").isdigit() else ""})
    if "register" in request.POST and form.is_valid():
        path = max((grant.path for grant in grants_of(officer, Permission.HOTLINE_ANSWER)), key=len)
        given = form.cleaned_data
        try:
            person = register_person(
                name=given["name"], birth_year=given["birth_year"], phones=[given["phone"]], scope_path=path,
                by=officer, purpose=purpose,
            )  # fmt: skip
            serving.serve(request, person, back=reverse("command:hotline"))
            notes.success(request, _("Registered."))
            return redirect("command:hotline")
        except UserError as exc:
            field = "phone" if exc.field in {"phone", "phones"} else exc.field
            form.add_error(field if field in form.fields else None, exc.text(get_language() or "vi"))
    return render(request, "command/caller.html", {"form": form, "found": found})


def _choose(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Only somebody whom this officer's last search found: a number typed into the page opens nobody's record."""
    given = request.POST["choose"]
    person = int(given) if given.isdecimal() and len(given) < 19 else 0
    if not serving.was_found(request, person):
        audit.record(by=officer, action="command:caller:refused", subject=f"person:{person}")
        raise PermissionDenied
    serving.serve(request, person, back=reverse("command:hotline"))
    return redirect("command:hotline")


def present(request: HttpRequest) -> tuple[int | None, str]:
    """The caller of this call, masked; forgotten when the event is written down."""
    person = serving.person_of(request)
    return (person, masked([person]).get(person, "")) if person is not None else (None, "")
