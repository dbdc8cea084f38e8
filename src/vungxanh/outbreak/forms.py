"""What officers type, checked field by field. The room's actions check the meaning once more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.outbreak import symptoms
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import NewCase, Question
from vungxanh.rules.contact import contact_rules

DAY = {"type": "date", "class": "nhsuk-input nhsuk-input--width-10"}
MOMENT = {"type": "datetime-local", "class": "nhsuk-input nhsuk-input--width-20"}
TEXT = {"class": "nhsuk-input"}
SELECT = {"class": "nhsuk-select"}


class FindPerson(forms.Form):
    """Whom the case is about."""

    q = forms.CharField(
        label=_("Name, telephone or document number"),
        max_length=120,
        widget=forms.TextInput(attrs={**TEXT, "data-search": "", "autocomplete": "off"}),
    )


class NewPerson(forms.Form):
    """Somebody who is not in the register yet."""

    name = forms.CharField(label=_("Full name"), max_length=120, widget=forms.TextInput(attrs=TEXT))
    sex = forms.TypedChoiceField(
        label=_("Sex"),
        coerce=int,
        choices=[(2, _("female")), (1, _("male")), (3, _("not told"))],
        widget=forms.Select(attrs=SELECT),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-4"}),
    )
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=30, widget=forms.TextInput(attrs={**TEXT, "type": "tel"})
    )


class Days(forms.Form):
    """When it began, and who says so."""

    onset = forms.DateField(
        label=_("Day of onset"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Leave empty where there were no symptoms."),
    )
    onset_provenance = forms.ChoiceField(
        label=_("Where this day comes from"),
        required=False,
        choices=[("", "–"), *Case.Provenance.choices],
        widget=forms.Select(attrs=SELECT),
    )
    sampled = forms.DateField(
        label=_("Day of the positive sample"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )


class OpenCase(Days):
    """A new case of a person who is known."""

    status = forms.ChoiceField(
        label=_("Classification"),
        required=False,
        choices=[pair for pair in Case.Status.choices if pair[0] != "withdrawn"],
        initial=Case.Status.CONFIRMED,
        widget=forms.Select(attrs=SELECT),
    )
    isolated_at = forms.DateTimeField(
        label=_("Isolated since"),
        required=False,
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, disease: str = "covid19", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disease = disease
        self.fields["symptoms"].choices = symptoms.choices(disease)  # type: ignore[attr-defined]

    def new_case(self, person: int) -> NewCase:
        data = self.cleaned_data
        return NewCase(
            person=person,
            onset=data["onset"],
            onset_provenance=data["onset_provenance"],
            sampled=data["sampled"],
            symptoms=tuple(data["symptoms"]),
            isolated_at=data["isolated_at"],
            disease=self.disease,
            status=data["status"] or Case.Status.CONFIRMED,
        )


class Reason(forms.Form):
    """Why something is changed."""

    why = forms.CharField(label=_("Reason for the change"), max_length=200, widget=forms.TextInput(attrs=TEXT))


class CorrectDays(Days, Reason):
    """A correction of the days."""

    field_order = ("onset", "onset_provenance", "sampled", "why")


class Ask(forms.Form):
    """How to work out the exposed, and which of them to show; nonsense falls back to the plain question."""

    rule = forms.CharField(required=False)
    generations = forms.IntegerField(required=False, min_value=1, max_value=4)
    least = forms.IntegerField(required=False, min_value=0, max_value=240)
    generation = forms.IntegerField(required=False, min_value=1, max_value=4)
    certainty = forms.ChoiceField(required=False, choices=[("", ""), ("0", "0"), ("1", "1"), ("2", "2")])

    def question(self) -> Question:
        data = self.cleaned_data if self.is_valid() else {}
        rule = data.get("rule") or ""
        return Question(
            rule=rule if rule in contact_rules() else "",
            generations=data.get("generations") or Question().generations,
            least_minutes=data.get("least") or 0,
        )

    @property
    def shown_generation(self) -> int | None:
        return self.cleaned_data.get("generation") if self.is_valid() else None

    @property
    def shown_certainty(self) -> int | None:
        text = self.cleaned_data.get("certainty") if self.is_valid() else ""
        return int(text) if text else None
