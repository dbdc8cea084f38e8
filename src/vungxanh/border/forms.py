"""Fields of the desk's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.border import journeys
from vungxanh.border.models import Review
from vungxanh.border.schemas import ReviewIn
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import ROLES, Permission

TEXT = {"class": "nhsuk-input"}


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
    """A carrier's passenger list."""

    gate = forms.ChoiceField(label=_("Gate of entry"), widget=forms.Select(attrs={"class": "nhsuk-select"}))
    flight = forms.CharField(label=_("Flight number"), max_length=10, widget=forms.TextInput(attrs=TEXT))
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


class WithdrawForm(forms.Form):
    """Why a rule is withdrawn, with its key typed in: this cannot be undone."""

    reason = forms.CharField(label=_("What was wrong"), max_length=300, widget=forms.TextInput(attrs=TEXT))
    typed = forms.CharField(label=_("Type the rule's key to confirm"), widget=forms.TextInput(attrs=TEXT))
