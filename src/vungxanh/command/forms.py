"""Boundary forms: a pasted dispatch, its corrected head, its duties, a report, a difficulty."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vungxanh.command.files import LARGEST, text_of
from vungxanh.command.models import ChargeState, Directive
from vungxanh.core.errors import UserError

INPUT, AREA, PICK = "nhsuk-input", "nhsuk-textarea", "nhsuk-select"


class PasteForm(forms.Form):
    file = forms.FileField(
        label=_("The document as a file (DOCX, PDF, text)"),
        required=False,
        widget=forms.FileInput(attrs={"class": INPUT, "accept": ".docx,.pdf,.txt"}),
    )
    text = forms.CharField(
        label=_("Text of the document"),
        required=False,
        help_text=_("Paste the whole text, from the issuer's name to “Nơi nhận”."),
        max_length=200_000,
        widget=forms.Textarea(attrs={"class": AREA, "rows": 18}),
    )
    content: bytes = b""
    name: str = ""

    def clean(self) -> dict[str, Any]:
        """The text wins over the file; of a file, its text. A scan is kept, and its text asked for."""
        given = super().clean() or {}
        upload = given.get("file")
        if upload:
            self.content, self.name = upload.read(LARGEST + 1), upload.name[:120]
        try:
            if upload and not given.get("text", "").strip():
                given["text"] = text_of(self.content)
        except UserError as exc:
            self.add_error(exc.field, exc.text((get_language() or "vi")[:2]))
        if not upload and not given.get("text", "").strip():
            self.add_error("text", _("Paste the text, or choose a file."))
        return given


class HeadForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Directive
        fields = ("number", "symbol", "day", "issuer_name", "abstract", "answer_hours", "replaces", "compared")
        labels = {  # noqa: RUF012 (Django's own form of Meta)
            "number": _("Number"),
            "symbol": _("Symbol"),
            "day": _("Date of issue"),
            "issuer_name": _("Issuer"),
            "abstract": _("About"),
            "answer_hours": _("Hours within which a difficulty is answered"),
            "replaces": _("Replaces"),
            "compared": _("I have compared it with the documents in force on the same matter"),
        }
        widgets = {  # noqa: RUF012
            "number": forms.TextInput(attrs={"class": f"{INPUT} nhsuk-input--width-5", "inputmode": "numeric"}),
            "symbol": forms.TextInput(attrs={"class": f"{INPUT} nhsuk-input--width-20"}),
            "day": forms.DateInput(
                attrs={"class": f"{INPUT} nhsuk-input--width-10", "type": "date"}, format="%Y-%m-%d"
            ),
            "issuer_name": forms.TextInput(attrs={"class": INPUT}),
            "abstract": forms.Textarea(attrs={"class": AREA, "rows": 2}),
            "answer_hours": forms.NumberInput(attrs={"class": f"{INPUT} nhsuk-input--width-4"}),
            "replaces": forms.Select(attrs={"class": PICK}),
        }

    def __init__(self, *args: Any, same: "QuerySet[Directive] | None" = None, **kwargs: Any) -> None:
        """Without others in force on the same matter there is nothing to compare or to replace."""
        super().__init__(*args, **kwargs)
        if same is None or not same.exists():
            del self.fields["replaces"], self.fields["compared"]
        else:
            self.fields["replaces"].queryset = same  # type: ignore[attr-defined]


class DutyForm(forms.Form):
    """One duty; `to` holds keys of `addressees.Choice`. An emptied text drops the duty."""

    ordinal = forms.CharField(required=False, widget=forms.HiddenInput)
    addressee = forms.CharField(required=False, widget=forms.HiddenInput)
    place_kinds = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Duty"), required=False, widget=forms.Textarea(attrs={"class": AREA, "rows": 3})
    )
    to = forms.MultipleChoiceField(
        label=_("To"), required=False, widget=forms.SelectMultiple(attrs={"class": PICK, "size": 5})
    )
    due = forms.DateTimeField(
        label=_("Due"),
        required=False,
        widget=forms.DateTimeInput(attrs={"class": INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    every = forms.ChoiceField(
        label=_("Repeats"),
        required=False,
        choices=[("", _("once")), ("day", _("every day")), ("week", _("every week"))],
        widget=forms.Select(attrs={"class": PICK}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices or []  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("text") and not given.get("to"):
            self.add_error("to", _("Choose who must do this."))
        return given


class ReportForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How far"), choices=ChargeState.choices, widget=forms.Select(attrs={"class": PICK})
    )
    note = forms.CharField(
        label=_("What was done"), required=False, max_length=4000, widget=forms.TextInput(attrs={"class": INPUT})
    )


class WordsForm(forms.Form):
    """A difficulty or its answer."""

    text = forms.CharField(
        label=_("In your own words"), max_length=4000, widget=forms.Textarea(attrs={"class": AREA, "rows": 3})
    )
