"""What an editor types about a version, a question, a page, a day."""

from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from vungxanh.declarations import editing
from vungxanh.forms.definition import Form, Question, Type
from vungxanh.forms.rendering import language
from vungxanh.rules.diseases import named

TYPES = {
    "name": _("Name"),
    "text": _("Text"),
    "integer": _("Whole number"),
    "number": _("Number"),
    "year": _("Year"),
    "date": _("Date"),
    "yesno": _("Yes or no"),
    "choice": _("One of several"),
    "choices": _("Several of several"),
    "phone": _("Telephone number"),
    "email": _("E-mail"),
    "document": _("Identity number"),
    "country": _("Country"),
    "commune": _("Commune"),
    "places": _("Places with days"),
    "consent": _("Consent"),
}
assert set(TYPES) == set(get_args(Type))


def _diseases() -> list[tuple[str, str]]:
    return named(language=language())


class Styled(forms.Form):
    """Fields in the house's clothes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.Select):
                widget.attrs["class"] = "nhsuk-select"
            elif isinstance(widget, forms.Textarea):
                widget.attrs |= {"class": "nhsuk-textarea", "rows": 4}
            elif not isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                widget.attrs["class"] = "nhsuk-input"


def _text(label: Any, *, most: int = 300, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required)


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class Head(Styled):
    title_vi = _text(_("Title of the form in Vietnamese"))
    title_en = _text(_("Title of the form in English"))
    summary_vi = _text(_("Summary in Vietnamese"), most=500)
    summary_en = _text(_("Summary in English"), most=500)
    who_vi = _text(_("Whom it asks, in Vietnamese"), required=False)
    who_en = _text(_("Whom it asks, in English"), required=False)
    disease = forms.ChoiceField(label=_("Disease"), choices=_diseases)
    window_days = forms.IntegerField(label=_("Days to look back"), min_value=1, max_value=365)
    areas = forms.CharField(
        label=_("Codes of areas that the order names"),
        required=False,
        help_text=_("Besides the dated list of epidemic areas. For example: 26740, 79"),
    )
    territory = _text(_("Territory"), most=10)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=(("vi", "Tiếng Việt"), ("en", "English")),
        widget=forms.CheckboxSelectMultiple,
    )
    compulsory = forms.BooleanField(label=_("Required by the order"), required=False)
    basis_doc = _text(_("Legal basis"), most=200)
    basis_article = _text(_("Article"), most=60, required=False)
    valid_to = _day(_("Last day in force (empty: until further notice)"), required=False)
    retention_days = forms.IntegerField(label=_("Days kept"), min_value=1, max_value=3650)


def head_of(form: Form) -> dict[str, Any]:
    """Initial values of `Head`."""
    order = form.orders[0]
    found: dict[str, Any] = {
        "disease": form.disease,
        "window_days": form.window_days,
        "retention_days": form.retention_days,
        "areas": ", ".join(form.areas),
        "languages": list(form.languages),
        "territory": order.territory,
        "compulsory": order.compulsory,
        "basis_doc": order.basis.doc,
        "basis_article": order.basis.article,
        "valid_to": order.valid_to,
    }
    for name in ("title", "summary", "who"):
        text = getattr(form, name)
        found |= {f"{name}_vi": text.vi if text else "", f"{name}_en": text.en if text else ""}
    return found


class QuestionForm(Styled):
    label_vi = _text(_("Question in Vietnamese"))
    label_en = _text(_("Question in English"))
    hint_vi = forms.CharField(
        label=_("Hint in Vietnamese"), required=False, max_length=1500, widget=forms.Textarea
    )
    hint_en = forms.CharField(label=_("Hint in English"), required=False, max_length=1500, widget=forms.Textarea)
    type = forms.ChoiceField(label=_("Kind of answer"), choices=list(TYPES.items()))
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("One a line: value | Vietnamese | English"),
    )
    asked_when = forms.ChoiceField(label=_("Asked only when"), required=False)
    group = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        label=_("Group"),
        required=False,
        help_text=_("Questions of the group “sign” ask for signs of illness; “contact” for contacts."),
    )
    minimum = forms.FloatField(label=_("Smallest"), required=False)
    maximum = forms.FloatField(label=_("Largest or longest"), required=False)
    past = forms.BooleanField(label=_("A day that may not lie ahead"), required=False)
    page = forms.ChoiceField(label=_("On the page"))
    page_vi = _text(_("Title of a new page in Vietnamese"), required=False)
    page_en = _text(_("Title of a new page in English"), required=False)

    def __init__(self, form: Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        when, page = self.fields["asked_when"], self.fields["page"]
        assert isinstance(when, forms.ChoiceField)
        assert isinstance(page, forms.ChoiceField)
        when.choices = [("", _("always")), *((one, one) for one in editing.conditions(form))]
        page.choices = [*((one.id, one.title.vi) for one in form.pages), ("", _("a new page"))]
        page.required = False


def question_of(form: Form, question: Question) -> dict[str, Any]:
    """Initial values of `QuestionForm`."""
    page = next(one for one in form.pages if question in one.questions)
    return {
        "label_vi": question.label.vi,
        "label_en": question.label.en,
        "hint_vi": question.hint.vi if question.hint else "",
        "hint_en": question.hint.en if question.hint else "",
        "type": question.type,
        "required": question.required,
        "options": editing.options_text(question),
        "asked_when": editing.condition_text(question),
        "group": question.group or "",
        "minimum": question.min,
        "maximum": question.max,
        "past": question.past,
        "page": page.id,
    }


class ForceForm(Styled):
    on = _day(_("In force from"))
