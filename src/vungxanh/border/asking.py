"""A form's page as a template needs it: what is asked, what was answered, what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vungxanh.border import journeys, tongues
from vungxanh.codes import countries
from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form, Question
from vungxanh.forms.validate import enabled

#: how a browser should help with a field
AUTOCOMPLETE = {
    "name": "name",
    "phone": "tel",
    "email": "email",
    "birth_year": "bday-year",
    "address": "street-address",
}
#: what a machine-readable zone says
ZONE = {"name", "document", "birth_year", "sex", "nationality"}
_MODES = {"integer": "numeric", "year": "numeric", "number": "decimal", "phone": "tel", "email": "email"}


def titles(form: Form, language: str) -> dict[str, Any]:
    return {
        "title": tongues.said(form, "form.title", form.title, language),
        "summary": tongues.said(form, "form.summary", form.summary, language),
        "pages": str(len(form.pages)),
    }


def page_context(
    form: Form,
    at: int,
    answers: Mapping[str, Any],
    language: str,
    problems: Mapping[str, str],
    choices: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything `border/ask.html` shows."""
    page = form.pages[at]
    asked = [one for one in page.questions if enabled(form, one, answers)]
    fields = [field(form, one, answers, language, problems, choices) for one in asked]
    return {
        "title": tongues.said(form, f"page.{page.id}", page.title, language),
        "intro": tongues.said(form, f"page.{page.id}.intro", page.intro, language) if page.intro else "",
        "ui": {name: tongues.said(form, f"ui.{name}", text, language) for name, text in tongues.INTERFACE.items()},
        "language": language,
        "fields": fields,
        "single": len(fields) == 1,
        "zone": any(one.identity in ZONE for one in asked),
        "problems": [(name, text) for name, text in problems.items()],
        "number": at + 1,
        "pages": len(form.pages),
        "back": form.pages[at - 1].id if at else "",
    }


def field(
    form: Form,
    question: Question,
    answers: Mapping[str, Any],
    language: str,
    problems: Mapping[str, str],
    choices: Mapping[str, Any],
) -> dict[str, Any]:
    """One question: `widget` yesno, choice, select, country, commune or text."""
    value = answers.get(question.id)
    return {
        "id": question.id,
        "label": tongues.said(form, f"q.{question.id}", question.label, language),
        "hint": tongues.said(form, f"q.{question.id}.hint", question.hint, language) if question.hint else "",
        "widget": _widget(question),
        "value": _shown(question, value),
        "options": _options(form, question, language),
        "problem": problems.get(question.id, ""),
        "choices": choices.get(question.id, ()),
        "mode": _MODES.get(question.type, "text"),
        "autocomplete": AUTOCOMPLETE.get(question.identity or "", "off"),
        "required": question.required,
    }


def _widget(question: Question) -> str:
    if question.type in ("yesno", "country", "commune"):
        return question.type
    if question.type == "choice":
        return "select" if len(question.options) > 7 else "choice"
    return "text"


def _options(form: Form, question: Question, language: str) -> list[tuple[str, Any]]:
    if question.type == "country":
        return list(countries.choices("vi" if language == "vi" else "en"))
    slot = f"o.{question.id}"
    return [
        (one.value, tongues.said(form, f"{slot}.{one.value}", one.label, language)) for one in question.options
    ]


def _shown(question: Question, value: Any) -> str:
    """As it stands in the field: dates day first, yes and no as the page posts them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if question.type == "date":
        return day_text(str(value))
    return str(value.get("written", "")) if isinstance(value, Mapping) else str(value)


def day_text(iso: str) -> str:
    try:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")
    except ValueError:
        return iso


def only_asked(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without answers to questions that are no longer asked: changing the plane for a coach drops the seat."""
    kept: dict[str, Any] = {}
    for question in form.questions:
        if question.id in answers and enabled(form, question, kept):
            kept[question.id] = answers[question.id]
    return kept


def page_of(form: Form, question: str) -> str:
    return next(
        (page.id for page in form.pages if any(one.id == question for one in page.questions)), form.pages[0].id
    )


def review_rows(form: Form, answers: Mapping[str, Any], language: str, token: str) -> list[dict[str, Any]]:
    """Every question that is asked, its answer in words, and the page where it is changed."""
    return [
        {
            "label": tongues.said(form, f"q.{question.id}", question.label, language),
            "value": said(form, question, answers.get(question.id), language),
            "page": page.id,
            "title": tongues.said(form, f"page.{page.id}", page.title, language),
        }
        for page in form.pages
        for question in page.questions
        if enabled(form, question, answers)
    ]


def said(form: Form, question: Question, value: Any, language: str) -> str:
    """An answer in words; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        name = "yes" if value else "no"
        return str(tongues.said(form, f"ui.{name}", tongues.INTERFACE[name], language))
    if question.type == "country":
        return countries.name(str(value), "vi" if language == "vi" else "en")
    option = question.option(value)
    if option is None:
        return _shown(question, value)
    return str(tongues.said(form, f"o.{question.id}.{option.value}", option.label, language))


def gate_name(code: str, language: str) -> str:
    try:
        name = journeys.gate(code).name
    except UserError:
        return code
    return name.vi if language == "vi" else name.en
