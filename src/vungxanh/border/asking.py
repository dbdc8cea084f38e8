"""A form's page as a template needs it: what is asked, what was answered, what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vungxanh.border import journeys
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
_MODES = {"integer": "numeric", "year": "numeric", "number": "decimal", "phone": "tel", "email": "email"}


def titles(form: Form, language: str) -> dict[str, str]:
    return {
        "title": form.said(form.title, language),
        "summary": form.said(form.summary, language),
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
        "title": form.said(page.title, language),
        "intro": form.said(page.intro, language) if page.intro else "",
        "fields": fields,
        "single": len(fields) == 1,
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
        "label": form.said(question.label, language),
        "hint": form.said(question.hint, language) if question.hint else "",
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


def _options(form: Form, question: Question, language: str) -> list[tuple[str, str]]:
    if question.type == "country":
        return list(countries.choices(language))
    return [(one.value, form.said(one.label, language)) for one in question.options]


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


def review_rows(form: Form, answers: Mapping[str, Any], language: str, token: str) -> list[dict[str, str]]:
    """Every question that is asked, its answer in words, and the page where it is changed."""
    return [
        {
            "label": form.said(question.label, language),
            "value": said(form, question, answers.get(question.id), language),
            "page": page.id,
            "title": form.said(page.title, language),
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
        words = ("Có", "Không") if language == "vi" else ("Yes", "No")
        return words[0] if value else words[1]
    if question.type == "country":
        return countries.name(str(value), language)
    option = question.option(value)
    return form.said(option.label, language) if option else _shown(question, value)


def gate_name(code: str, language: str) -> str:
    try:
        name = journeys.gate(code).name
    except UserError:
        return code
    return name.vi if language == "vi" else name.en
