"""The page where beds, tests and staff are counted each day."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.outbreak import capacity, capacity_actions
from vungxanh.outbreak.models import DatedCount
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

NUMBER = forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-5", "min": 0})


class CountForm(forms.Form):
    """How many there are today."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        choices=DatedCount.Kind.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    total = forms.IntegerField(label=gettext_lazy("There are"), min_value=0, max_value=10_000_000, widget=NUMBER)
    used = forms.IntegerField(
        label=gettext_lazy("Taken or used up"), min_value=0, max_value=10_000_000, widget=NUMBER
    )


@officer_required(Permission.CASE_READ)
def counts(request: HttpRequest) -> HttpResponse:
    """The newest counts, and today's."""
    officer = officer_of(request)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        capacity_actions.put(
            by=officer, kind=data["kind"], day=timezone.localdate(), total=data["total"], used=data["used"]
        )
        messages.success(request, _("Counted."))
        return redirect("outbreak:capacity")
    return render(request, "outbreak/capacity.html", {"form": form, "found": capacity.newest(officer)})
