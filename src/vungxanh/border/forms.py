"""Fields of the desk's pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vungxanh.border import journeys
from vungxanh.border.models import Crossing, PassengerList, Review
from vungxanh.border.schemas import CrossingIn, ReviewIn
from vungxanh.forms.communes import look_up
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import ROLES, Permission

TEXT = {"class": "nhsuk-input"}


Choices = list[tuple[str, Any]]


def _gate_field(gates: Sequence[journeys.Gate], language: str) -> forms.ChoiceField:
    choices: Choices = [(gate.code, gate.name.vi if language == "vi" else gate.name.en) for gate in gates]
    widget = forms.Select(attrs={"class": "nhsuk-select"})
    return forms.ChoiceField(label=_("Border gate"), choices=choices, widget=widget)


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"class": "nhsuk-input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ReviewForm(forms.Form):
    """The outcome at the desk. The three buttons are its `outcome`."""

    temperature = forms.DecimalField(
        label=_("Temperature (°C)"), required=False, min_value=30, max_value=45, max_digits=3, decimal_places=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-5", "step": "0.1"}),
    )  # fmt: skip
    sampled = forms.BooleanField(
        label=_("Sample taken"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "nhsuk-checkboxes__input"}),
    )
    reason = forms.CharField(
        label=_("Reason (needed to let go somebody whom the rule would not)"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=TEXT),
    )
    destination = forms.CharField(
        label=_("Transferred to"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT)
    )
    second = forms.ModelChoiceField(
        label=_("Second officer who agrees"),
        queryset=Officer.objects.none(),
        required=False,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    outcome = forms.ChoiceField(choices=Review.Outcome.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [key for key, role in ROLES.items() if Permission.BORDER_REVIEW in role.permissions]
        others = Assignment.objects.filter(role__in=roles).exclude(officer=officer).values("officer")
        field = self.fields["second"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Officer.objects.filter(pk__in=others, is_active=True)

    def given(self) -> ReviewIn:
        data = self.cleaned_data
        return ReviewIn(
            outcome=data["outcome"],
            reason=data["reason"],
            temperature=data["temperature"],
            sampled=data["sampled"],
            destination=data["destination"],
            second=data["second"].pk if data["second"] else None,
        )


class ListForm(forms.Form):
    """A carrier's passenger list, or a hotel's list of guests."""

    kind = forms.ChoiceField(
        label=_("Whose list"),
        choices=PassengerList.Kind.choices,
        initial=PassengerList.Kind.CARRIER,
        required=False,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    gate = forms.ChoiceField(label=_("Gate of entry"), widget=forms.Select(attrs={"class": "nhsuk-select"}))
    flight = forms.CharField(
        label=_("Flight number"), max_length=10, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    sender_name = forms.CharField(
        label=_("Name of the hotel"), max_length=120, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    entry_on = forms.DateField(
        label=_("Date of entry"), widget=forms.DateInput(attrs={"class": "nhsuk-input", "type": "date"})
    )
    file = forms.FileField(
        label=_("File (CSV, Excel, ODS)"), widget=forms.FileInput(attrs={"class": "nhsuk-file-upload"})
    )

    def __init__(self, *args: Any, language: str = "vi", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, gate.name.vi if language == "vi" else gate.name.en) for code, gate in journeys.gates().items()
        ]


class TimesForm(forms.Form):
    """When a vehicle left and came, in the time of Viet Nam."""

    departs = forms.DateTimeField(label=_("Left at (time of Viet Nam)"), required=False, widget=_moment())
    arrives = forms.DateTimeField(label=_("Arrived at (time of Viet Nam)"), required=False, widget=_moment())


class RequestForm(forms.Form):
    """A list asked of a carrier or a hotel."""

    kind = forms.ChoiceField(
        label=_("Whom to ask"),
        choices=PassengerList.Kind.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    asked_of = forms.CharField(
        label=_("Name of the carrier or hotel"), max_length=120, widget=forms.TextInput(attrs=TEXT)
    )
    flight = forms.CharField(
        label=_("Flight number (carriers)"), max_length=10, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    entry_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"class": "nhsuk-input", "type": "date"})
    )
    email = forms.EmailField(
        label=_("E-mail (the request is sent at once)"), required=False, widget=forms.EmailInput(attrs=TEXT)
    )

    def __init__(self, *args: Any, gates: Sequence[journeys.Gate], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"] = _gate_field(gates, language)


class RuleForm(forms.Form):
    """A rule's version as text, and its key typed in to put it in force."""

    text = forms.CharField(
        label=_("The rule (TOML). Give it a new version."),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 24, "spellcheck": "false"}),
    )
    typed = forms.CharField(
        label=_("Type the rule's key to put it in force"), required=False, widget=forms.TextInput(attrs=TEXT)
    )


class WithdrawForm(forms.Form):
    """Why a rule is withdrawn, with its key typed in: this cannot be undone."""

    reason = forms.CharField(label=_("What was wrong"), max_length=300, widget=forms.TextInput(attrs=TEXT))
    typed = forms.CharField(label=_("Type the rule's key to confirm"), widget=forms.TextInput(attrs=TEXT))


class CrossingForm(forms.Form):
    """One scan of a frequent crosser."""

    sender = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Scan the driver's or resident's code, or type a document number"),
        max_length=2000,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off", "spellcheck": "false"}),
    )
    way = forms.ChoiceField(
        label=_("Direction"), choices=Crossing.Way.choices, widget=forms.Select(attrs={"class": "nhsuk-select"})
    )
    vehicle = forms.CharField(
        label=_("Plate or boat"), max_length=20, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    mate = forms.CharField(
        label=_("Co-driver: scan the code, or a document number"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off", "spellcheck": "false"}),
    )
    yard = forms.CharField(
        label=_("Hand-over yard"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**TEXT, "list": "yards"}),
    )
    temperature = forms.DecimalField(
        label=_("Temperature (°C)"), required=False, min_value=30, max_value=45, max_digits=3, decimal_places=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-5", "step": "0.1"}),
    )  # fmt: skip
    unwell = forms.BooleanField(
        label=_("Does not feel well"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "nhsuk-checkboxes__input"}),
    )

    def __init__(self, *args: Any, gates: Sequence[journeys.Gate], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"] = _gate_field(gates, language)

    def given(self) -> CrossingIn:
        return CrossingIn(**self.cleaned_data)


class MetForm(forms.Form):
    """Where an officer met somebody away from a gate."""

    where = forms.CharField(
        label=_("Commune or ward where you met"), max_length=200, widget=forms.TextInput(attrs=TEXT)
    )

    def __init__(self, *args: Any, gates: Sequence[journeys.Gate], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"] = _gate_field(gates, language)

    def clean_where(self) -> str:
        """Code of the commune. One name that several have is not enough."""
        found = look_up(self.cleaned_data["where"], timezone.localdate())
        if len(found) != 1:
            raise forms.ValidationError(_("Name the commune and its province, for example: Đồng Đăng, Lạng Sơn."))
        return found[0].code
