"""What keepers are asked about places they run: facts, numbers, markets, meetings, lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.errors import UserError
from vungxanh.venues.forms import AREA, INPUT, SELECT, say
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.imports import PersonRow, people_rows
from vungxanh.venues.keeping import Facts
from vungxanh.venues.models import Venue
from vungxanh.venues.schemas import Guest
from vungxanh.venues.tickets import Dealing

NUMBER = {"class": "nhsuk-input nhsuk-input--width-5", "inputmode": "numeric"}
DAY = {"class": "nhsuk-input nhsuk-input--width-10", "type": "date"}
HOUR = {"class": "nhsuk-input nhsuk-input--width-5", "type": "time"}
TICK = {"class": "vx-tick"}


def _text(label: Any, most: int, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=hint, widget=forms.TextInput(attrs=INPUT)
    )


def _number(label: Any, least: int, most: int, *, required: bool = False) -> forms.IntegerField:
    widget = forms.NumberInput(attrs=NUMBER)
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=required, widget=widget)


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs=TICK))


class EditForm(forms.Form):
    name = _text(_("Name of the place"), 200)
    address = _text(_("Address (house number, street, hamlet)"), 300, required=False)
    capacity = _number(_("How many people it holds"), 1, 1_000_000)
    usual_minutes = _number(_("How many minutes people usually stay"), 1, 1440)
    closes_at = forms.TimeField(label=_("Closing time"), required=False, widget=forms.TimeInput(attrs=HOUR))
    help = _text(_("Number for help, printed on the poster"), 40, required=False)
    asks = forms.ChoiceField(
        label=_("What the gate asks for"),
        choices=(("visit", _("The visit only")), ("declaration", _("A valid health declaration"))),
        widget=forms.Select(attrs=SELECT),
    )
    mode = forms.ChoiceField(
        label=_("How visits are recorded"),
        choices=(("named", _("By name, for a tracer only")), ("private", _("On people's own telephones only"))),
        widget=forms.Select(attrs=SELECT),
    )
    occupancy_public = _tick(_("Everybody may see how full it is"))
    visitor_register = _tick(_("Office: ask whom visitors come to see, until closing time"))
    ends_on = forms.DateField(
        label=_("Last day (a fair, a meeting)"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    seat_layout = _text(_("Seats (may be left out)"), 200, required=False)

    @classmethod
    def of(cls, venue: Venue, posted: Any = None) -> "EditForm":
        """Filled with what is known; what the rule in force orders is said, not offered."""
        place = venue.place
        known = {name: getattr(venue, name) for name in ("help", "asks", "mode", "ends_on", "seat_layout")}
        known |= {name: getattr(venue, name) for name in ("occupancy_public", "visitor_register")}
        known |= {name: getattr(place, name) for name in ("name", "address", "capacity", "usual_minutes")}
        rule = pack()
        known |= {"closes_at": place.closes_at, "mode": rule.mode_of(place.kind, venue.mode)}
        form = cls(posted, initial=known)
        ordered = rule.ordered_mode(place.kind)
        mode = form.fields["mode"]
        if ordered and isinstance(mode, forms.ChoiceField):
            mode.choices = [choice for choice in EditForm.base_fields["mode"].choices if choice[0] == ordered]  # type: ignore[attr-defined]
            mode.help_text = f"{rule.name.vi} ({rule.basis.doc})"
        return form

    def facts(self) -> Facts:
        return Facts(**self.cleaned_data)


class PeopleFileForm(forms.Form):
    """A list of people; the columns are found by their heads."""

    file = forms.FileField(
        label=_("Workbook or CSV"),
        help_text=_("Columns: name, and as known: year of birth, telephone, identity number, stall, role, seat."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv", "class": "nhsuk-input"}),
    )

    def rows(self) -> list[PersonRow]:
        """Raises UserError `venues.no-person-column`."""
        return people_rows(self.cleaned_data["file"].read())


class RegisterFileForm(PeopleFileForm):
    """A paper register or a list of guests, of one day."""

    day = forms.DateField(label=_("Day of the register"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    way = forms.ChoiceField(
        label=_("What kind of list it is"),
        choices=(("paper", _("A paper register, keyed in")), ("list", _("A list of guests"))),
        widget=forms.Select(attrs=SELECT),
    )


class LorryForm(forms.Form):
    plate = _text(_("Number plate"), 20)
    origin = _text(_("Where from"), 120, required=False)
    goods = _text(_("What it brings"), 120, required=False)
    driver = _text(_("Driver's name"), 120, required=False)
    phone = _text(_("Driver's telephone"), 30, required=False)

    def guest(self) -> Guest | None:
        name = self.cleaned_data["driver"].strip()
        return Guest(name=name, phone=self.cleaned_data["phone"]) if name else None


class TicketForm(forms.Form):
    basis = _text(_("Instrument"), 200, hint=_("For example: CV 2601/UBND of 24/7/2021"))
    valid_from = forms.DateField(label=_("From day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    valid_to = forms.DateField(label=_("To day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    weekdays = forms.MultipleChoiceField(
        label=_("Market days"),
        choices=(
            ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")),
            ("4", _("Friday")), ("5", _("Saturday")), ("6", _("Sunday")),
        ),
        widget=forms.SelectMultiple(attrs=SELECT | {"size": 7}),
    )  # fmt: skip
    groups = _number(_("Into how many groups are households dealt"), 1, 7, required=True)
    first_hour = _number(pgettext_lazy("tickets", "From hour"), 0, 23, required=True)
    last_hour = _number(pgettext_lazy("tickets", "To hour"), 1, 24, required=True)
    hours_each = _number(_("Hours each"), 1, 24, required=True)
    households = forms.CharField(
        label=_("Households, one number on each line"), widget=forms.Textarea(attrs=AREA), max_length=400_000
    )

    def dealing(self) -> Dealing:
        data = dict(self.cleaned_data)
        data.pop("households")
        return Dealing(**data | {"weekdays": tuple(sorted(int(day) for day in data["weekdays"]))})


def add_refusal(form: forms.Form, error: UserError) -> None:
    """A sentence beside the field that is wrong."""
    form.add_error(error.field if error.field in form.fields else None, say(error))
