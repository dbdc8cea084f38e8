"""The page where people report on themselves with the code that they were given; nobody logs in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from vungxanh.core.errors import UserError
from vungxanh.outbreak import answers_actions, guessing
from vungxanh.outbreak.models import Check
from vungxanh.outbreak.pages import refuse
from vungxanh.people.queries import masked


class CodeForm(forms.Form):
    """The code and the year of birth."""

    code = forms.CharField(
        label=_("Code on your paper"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "nhsuk-input nhsuk-input--width-10", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    birth_year = forms.IntegerField(
        label=_("Your year of birth"),
        min_value=1900,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-4"}),
    )


def self_report(request: HttpRequest) -> HttpResponse:
    """Code and year first; then one question for each person of the household; then thanks."""
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            mine = _mine(request, data["code"], data["birth_year"])
        except UserError as error:
            refuse(form, error)
        else:
            outcomes = {one.person: request.POST.get(f"how-{number}", "") for number, one in enumerate(mine)}
            if any(outcomes.values()):
                context["done"] = answers_actions.answer(mine=mine, outcomes=outcomes, channel=Check.Channel.WEB)
                context["sick"] = Check.Outcome.SYMPTOMS in outcomes.values()
            else:
                names = masked(one.person for one in mine)
                context["people"] = [
                    (number, names.get(one.person, ""), one.check) for number, one in enumerate(mine)
                ]
    return render(request, "outbreak/self_report.html", context)


def _mine(request: HttpRequest, code: str, birth_year: int) -> list[answers_actions.Mine]:
    """Who is behind the code, for a network that has not guessed too often."""
    network = guessing.network_of(request)
    guessing.check(network)
    try:
        return answers_actions.behind(code, birth_year)
    except UserError:
        guessing.note_wrong(network)
        raise
