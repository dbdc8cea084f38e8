"""The questions asked of keepers and citizens."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vungxanh.core.errors import UserError
from vungxanh.places.choose import communes
from vungxanh.places.kinds import kinds, parts_of
from vungxanh.places.schemas import NewPlace, today
from vungxanh.places.seats import plan
from vungxanh.venues.actions import VenueFacts
from vungxanh.venues.imports import part_names
from vungxanh.venues.schemas import Guest

INPUT = {"class": "nhsuk-input"}
AREA = {"class": "nhsuk-textarea", "rows": 8}
SELECT = {"class": "nhsuk-select"}
#: kinds that are parts of other places, or made by other rooms: nobody registers them by themselves
_NOT_ALONE = {"stall", "floor", "room", "classroom", "workshop", "ward", "trip", "household"}


def say(error: UserError) -> str:
    """The sentence in the reader's language."""
    return error.text("en" if (get_language() or "vi").startswith("en") else "vi")


def kind_choices(codes: Any = None) -> list[tuple[str, str]]:
    english = (get_language() or "vi").startswith("en")
    chosen = codes if codes is not None else [k for k in kinds().values() if k.code not in _NOT_ALONE]
    return [(each.code, each.name.en if english else each.name.vi) for each in chosen]


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Your mobile number"),
        help_text=_("A code of six digits is sent to it. Only this number can manage the place."),
        max_length=30,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "tel", "autocomplete": "tel"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the message"),
        max_length=10,
        widget=forms.TextInput(
            attrs=INPUT
            | {
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "nhsuk-input nhsuk-input--width-5",
            }
        ),
    )


class VenueForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of place"), widget=forms.Select(attrs=SELECT))
    name = forms.CharField(
        label=_("Name of the place"),
        help_text=_("As on its sign."),
        max_length=200,
        widget=forms.TextInput(attrs=INPUT),
    )
    commune = forms.CharField(
        label=_("Commune and province"),
        help_text=_("Old or new name, for example: Trưng Vương, Thái Nguyên."),
        max_length=200,
        widget=forms.TextInput(attrs=INPUT),
    )
    commune_code = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Which one?"))
    address = forms.CharField(
        label=_("Address (house number, street, hamlet)"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=INPUT | {"autocomplete": "street-address"}),
    )
    capacity = forms.IntegerField(
        label=_("How many people it holds"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(
            attrs=INPUT | {"class": "nhsuk-input nhsuk-input--width-5", "inputmode": "numeric"}
        ),
    )
    help = forms.CharField(
        label=_("Number for help, printed on the poster"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices: list[tuple[str, str]] = []
        self._field("kind").choices = [("", "—"), *kind_choices()]
        written = self.data.get("commune", "") if self.is_bound else ""
        if written.strip():
            found = communes(written, today())
            self.choices = [(choice.code, choice.label) for choice in found]
        self._field("commune_code").choices = self.choices

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("commune_code") and "commune" in cleaned:
            cleaned["commune_code"] = self._only_choice(cleaned["commune"])
        return cleaned

    def _only_choice(self, written: str) -> str:
        if len(self.choices) == 1:
            return self.choices[0][0]
        code = "venues.commune-unclear" if self.choices else "venues.commune-needed"
        self.add_error("commune", say(UserError(code, value=written)))
        return ""

    def new_place(self) -> NewPlace:
        data = self.cleaned_data
        return NewPlace(
            kind=data["kind"],
            name=data["name"],
            commune_code=data["commune_code"],
            address=data["address"],
            capacity=data["capacity"],
        )

    def facts(self) -> VenueFacts:
        return VenueFacts(help=self.cleaned_data["help"])


class PartsForm(forms.Form):
    kind = forms.ChoiceField(label=_("What are they"), widget=forms.Select(attrs=SELECT))
    names = forms.CharField(
        label=_("One on each line"),
        help_text=_("For example: Stall 12 – vegetables"),
        required=False,
        widget=forms.Textarea(attrs=AREA),
    )
    file = forms.FileField(
        label=_("Or a workbook with a column “Tên quầy”"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv", "class": "nhsuk-input"}),
    )

    def __init__(self, *args: Any, of_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kind_choices(parts_of(of_kind) or [kinds()["room"]])

    def names_given(self) -> list[str]:
        """Lines and rows together. Raises UserError `venues.no-part-column`."""
        uploaded = self.cleaned_data["file"]
        listed = part_names(uploaded.read()) if uploaded else []
        return [*self.cleaned_data["names"].splitlines(), *listed]


class TripForm(forms.Form):
    plate = forms.CharField(label=_("Number plate"), max_length=20, widget=forms.TextInput(attrs=INPUT))
    route = forms.CharField(
        label=_("Route"),
        help_text=_("For example: Thái Nguyên – Hà Nội, 07:00"),
        max_length=200,
        widget=forms.TextInput(attrs=INPUT),
    )
    seat_layout = forms.CharField(
        label=_("Seats (may be left out)"),
        help_text=_("Rows and aisles: 2+2*10,5 is ten rows of 2+2 and five seats in the last."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=INPUT),
    )

    def clean_seat_layout(self) -> str:
        layout = str(self.cleaned_data["seat_layout"]).replace(" ", "")
        if layout:
            try:
                plan(layout)
            except UserError as error:
                raise forms.ValidationError(say(error)) from error
        return layout


class GuestForm(forms.Form):
    name = forms.CharField(
        label=_("Full name"), max_length=120, widget=forms.TextInput(attrs=INPUT | {"autocomplete": "name"})
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        min_value=1900,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-4", "inputmode": "numeric"}),
    )
    phone = forms.CharField(
        label=_("Telephone (if any)"),
        help_text=_("So that you can be told if somebody there falls ill."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "tel", "autocomplete": "tel"}),
    )

    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(name=data["name"], birth_year=data["birth_year"], phone=data["phone"])
