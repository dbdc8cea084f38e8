"""Fields of the officer's forms."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from vungxanh.privacy.models import LookReview
from vungxanh.privacy.register import records

INPUT, AREA = {"class": "nhsuk-input"}, {"class": "nhsuk-textarea", "rows": 3}
MOMENT = {"class": "nhsuk-input nhsuk-input--width-20", "type": "datetime-local"}


def said(text: Any) -> str:
    """A sentence in the language of the page."""
    return str(text.vi if (get_language() or "vi").startswith("vi") else text.en)


def kinds() -> list[tuple[str, str]]:
    return [(record.key, said(record.name)) for record in records()]


class BreachForm(forms.Form):
    """What the notice to the authority asks for."""

    found_at = forms.DateTimeField(
        label=gettext_lazy("Found at"),
        help_text=gettext_lazy("The clock of the law runs from here."),
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    began_at = forms.DateTimeField(
        label=gettext_lazy("Began at, if known"),
        required=False,
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    where = forms.CharField(label=gettext_lazy("Where"), max_length=300, widget=forms.TextInput(attrs=INPUT))
    what = forms.CharField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("No name of anybody is needed."),
        max_length=2000,
        widget=forms.Textarea(attrs=AREA),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"), choices=kinds, widget=forms.CheckboxSelectMultiple
    )
    people = forms.IntegerField(
        label=gettext_lazy("How many people, if known"),
        required=False,
        min_value=0,
        max_value=200_000_000,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-10"}),
    )
    consequences = forms.CharField(
        label=gettext_lazy("Consequences"), max_length=2000, widget=forms.Textarea(attrs=AREA)
    )
    measures = forms.CharField(
        label=gettext_lazy("Measures taken"), required=False, max_length=2000, widget=forms.Textarea(attrs=AREA)
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom the authority may ask"), max_length=300, widget=forms.TextInput(attrs=INPUT)
    )


class TellForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Number and date of the notice"), max_length=120, widget=forms.TextInput(attrs=INPUT)
    )
    late_because = forms.CharField(
        label=gettext_lazy("Why it is late, where it is"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=INPUT),
    )


class HoldForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(attrs=INPUT))
    basis = forms.CharField(
        label=gettext_lazy("Basis (number of the paper)"), max_length=200, widget=forms.TextInput(attrs=INPUT)
    )


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=LookReview.Outcome.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    note = forms.CharField(
        label=gettext_lazy("What was said"), max_length=500, widget=forms.TextInput(attrs=INPUT)
    )
