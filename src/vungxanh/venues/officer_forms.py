"""What officers are asked before a list is opened or a place marked."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.core.errors import UserError
from vungxanh.venues.forms import INPUT, VenueForm

_MOMENT = {"class": "nhsuk-input", "type": "datetime-local"}


def digits_of(text: str) -> int:
    """`VX-812` -> 812. Raises UserError `venues.no-such-place`."""
    digits = "".join(c for c in text if c in "0123456789")
    if not digits or len(digits) > 9:
        raise UserError("venues.no-such-place", field="place", value=text[:20])
    return int(digits)


class WindowForm(forms.Form):
    """A place by its printed number, a time, and the case for which it is asked."""

    place = forms.CharField(
        label=_("Number of the place"), help_text="VX-812", widget=forms.TextInput(attrs=INPUT)
    )
    start = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M")
    )
    end = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"))
    case = forms.CharField(label=_("Number of the case"), max_length=40, widget=forms.TextInput(attrs=INPUT))

    def clean_place(self) -> int:
        digits = "".join(c for c in self.cleaned_data["place"] if c.isdecimal())
        if not digits or len(digits) > 9:
            raise forms.ValidationError(_("Give the number on the poster, for example VX-812."))
        return int(digits)

    def window(self) -> tuple[int, datetime, datetime, str]:
        data: dict[str, Any] = self.cleaned_data
        return data["place"], data["start"], data["end"], data["case"]


class AdviceForm(WindowForm):
    advice = forms.CharField(
        label=_("What people who were there should do"),
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 4}),
        max_length=1000,
    )


class OfficerVenueForm(VenueForm):
    phone = forms.CharField(
        label=_("Mobile number of the keeper"),
        max_length=30,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "tel"}),
    )
