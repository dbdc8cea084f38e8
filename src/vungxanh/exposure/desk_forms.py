"""Forms of the officers' pages beside the codes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.exposure.forms import TEXT, CaseForm
from vungxanh.exposure.models import Feed


class ListForm(forms.Form):
    """Cases, one a line."""

    cases = forms.CharField(
        label=_("Cases, one a line: number, first day of symptoms"),
        help_text=_("For example: 41, 02/05/2022. Leave the day out where there were no symptoms."),
        max_length=40_000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 8, "autocomplete": "off"}),
    )

    def clean_cases(self) -> list[tuple[int, date | None]]:
        lines = [line for line in self.cleaned_data["cases"].splitlines() if line.strip()]
        return [self._line(number, line) for number, line in enumerate(lines, 1)]

    @staticmethod
    def _line(number: int, line: str) -> tuple[int, date | None]:
        case, _comma, day = line.partition(",")
        try:
            return int(case), parse_date(day.strip()) if day.strip() else None
        except (ValueError, UserError) as exc:
            text = _("Line %(number)s cannot be read. An example of right: 41, 02/05/2022")
            raise forms.ValidationError(text, params={"number": number}) from exc


class KeyForm(forms.Form):
    key = forms.CharField(
        label=_("Key, in hexadecimal or base64"), max_length=40, widget=forms.TextInput(attrs=TEXT)
    )


class PersonForm(forms.Form):
    q = forms.CharField(
        label=_("Name, telephone number or document of who is calling"),
        max_length=100,
        widget=forms.TextInput(attrs=TEXT),
    )


class FeedForm(forms.Form):
    """A gateway or a laboratory."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(Feed.Kind.GATEWAY, _("a gateway at a place")), (Feed.Kind.LAB, _("a laboratory"))],
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    name = forms.CharField(label=_("Name of the machine"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    place = forms.IntegerField(
        label=_("Number of the place"),
        help_text=_("For a gateway only; it stands on the place's page."),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-10", "inputmode": "numeric"}),
    )


class HandOverForm(forms.Form):
    """A beacon and who wears it."""

    card = forms.CharField(label=_("Card of the beacon"), max_length=60, widget=forms.TextInput(attrs=TEXT))
    q = forms.CharField(
        label=_("Document or telephone number of the wearer"),
        help_text=_("Who is not in the register yet is registered first."),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT),
    )
    agreed = forms.BooleanField(
        label=_("The wearer agrees that places with a gateway note when they are there"),
    )


class PublishForm(CaseForm):
    """The days of a beacon that its wearer chose; each is shown and may be left out."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days (each from 7 o'clock in the morning to 7 o'clock of the next)"),
        coerce=date.fromisoformat,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nhsuk-checkboxes__input"}),
    )
    agreed = forms.BooleanField(label=_("The wearer agrees that the keys of these days are published"))

    def __init__(self, data: Any = None, *, days: Sequence[date]) -> None:
        super().__init__(data, initial={"days": [day.isoformat() for day in days]})
        choices = [(day.isoformat(), f"{day:%d/%m/%Y}") for day in days]
        self.fields["days"].choices = choices  # type: ignore[attr-defined]
