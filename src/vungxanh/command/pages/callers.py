"""Who is calling: found by number or name, or registered here; missed calls and messages to call back."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.actions import register_person
from vungxanh.people.queries import masked, search
from vungxanh.people.roles import Permission

INPUT = {"class": "nhsuk-input"}
CALLER = "hotline-caller"


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
        request.session[CALLER] = int(request.POST["choose"]) if request.POST["choose"].isdecimal() else None
        return redirect("command:hotline")
    if "q" in request.POST:
        found = search(request.POST["q"], by=officer, purpose=purpose)
        form = CallerForm(initial={"phone": request.POST["q"] if request.POST["q"].strip("+ .").isdigit() else ""})
    if "register" in request.POST and form.is_valid():
        path = max((grant.path for grant in grants_of(officer, Permission.HOTLINE_ANSWER)), key=len)
        given = form.cleaned_data
        try:
            person = register_person(
                name=given["name"], birth_year=given["birth_year"], phones=[given["phone"]], scope_path=path,
                by=officer, purpose=purpose,
            )  # fmt: skip
            request.session[CALLER] = person
            notes.success(request, _("Registered."))
            return redirect("command:hotline")
        except UserError as exc:
            field = "phone" if exc.field in {"phone", "phones"} else exc.field
            form.add_error(field if field in form.fields else None, exc.text(get_language() or "vi"))
    return render(request, "command/caller.html", {"form": form, "found": found})


def present(request: HttpRequest) -> tuple[int | None, str]:
    """The caller of this call, masked; forgotten when the event is written down."""
    person = request.session.get(CALLER)
    return (person, masked([person]).get(person, "")) if isinstance(person, int) else (None, "")


def forget(request: HttpRequest) -> None:
    request.session.pop(CALLER, None)
