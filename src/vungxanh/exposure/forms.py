"""Forms of the room's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.exposure.codec.keys import ReportType

TEXT = {"class": "nhsuk-input", "autocomplete": "off"}


class CaseForm(forms.Form):
    """A case and when it began."""

    case_id = forms.IntegerField(
        label=_("Case number"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-10", "inputmode": "numeric"}),
    )
    onset = forms.DateField(
        label=_("First day of symptoms"),
        help_text=_("Leave empty where there were none, or nobody knows."),
        required=False,
        widget=forms.DateInput(attrs={"class": "nhsuk-input nhsuk-input--width-10", "type": "date"}),
    )


class CodeForm(CaseForm):
    """A code for a case."""

    report_type = forms.TypedChoiceField(
        label=_("How the illness was established"),
        coerce=lambda value: ReportType(int(value)),
        choices=[
            (int(ReportType.CONFIRMED_TEST), _("by a test")),
            (int(ReportType.CONFIRMED_CLINICAL), _("by a doctor, without a test")),
        ],
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )


class RecallForm(forms.Form):
    """A positive that was wrong."""

    case_id = forms.IntegerField(
        label=_("Case number"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input nhsuk-input--width-10", "inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("Why the result was wrong"), max_length=200, widget=forms.TextInput(attrs=TEXT)
    )

    # two forms stand on one page, and no two fields may share an id
    prefix = "recall"


class ReceiptForm(forms.Form):
    """A receipt, to see where its keys are or to take them back."""

    receipt = forms.CharField(label=_("Receipt"), max_length=80, widget=forms.TextInput(attrs=TEXT))
