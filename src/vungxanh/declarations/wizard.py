"""The way through a form: which page comes next, what a page was answered with, what stands on the last one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from vungxanh.declarations.models import Draft, Whom
from vungxanh.forms.communes import Choice
from vungxanh.forms.definition import Form, Page
from vungxanh.forms.reading import read
from vungxanh.forms.rendering import language, said
from vungxanh.forms.validate import Problem, check, enabled

ADD, REMOVE = "add", "remove-"


@dataclass(slots=True)
class Answered:
    """A page as it came back. `stays`: it is shown again, to be mended, or because an answer asks more."""

    answers: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    stays: bool = False


def page_of(form: Form, name: str) -> Page | None:
    return next((page for page in form.pages if page.id == name), None)


def position(form: Form, page: Page) -> tuple[int, int]:
    """(number of this page from 1, pages in all with the last look)."""
    return form.pages.index(page) + 1, len(form.pages) + 1


def following(form: Form, page: Page) -> Page | None:
    place = form.pages.index(page) + 1
    return form.pages[place] if place < len(form.pages) else None


def before(form: Form, page: Page) -> Page | None:
    place = form.pages.index(page)
    return form.pages[place - 1] if place else None


def first_open(form: Form, answers: Mapping[str, Any]) -> Page | None:
    """The first page that still wants an answer; None where all are answered."""
    for page in form.pages:
        if any(one.required and one.id not in answers and enabled(form, one, answers) for one in page.questions):
            return page
    return None


def title(form: Form, page: Page, draft: Draft) -> str:
    other = draft.whom == Whom.OTHER and page.title_other
    return form.said(page.title_other if other and page.title_other else page.title, language())


def answer(form: Form, page: Page, before_now: Mapping[str, Any], posted: QueryDict, today: date) -> Answered:
    """The page's answers over those before. What a changed answer no longer asks for is dropped."""
    came = read(list(page.questions), posted, today)
    names = {question.id for question in page.questions}
    answers = {key: value for key, value in before_now.items() if key not in names} | came.answers
    answers = still_asked(form, answers)
    button = str(posted.get("do", "") or "")
    if button == ADD or button.startswith(REMOVE):
        return Answered(_changed_rows(page, answers, button), choices=came.choices, stays=True)
    checked = check(form, answers, today, only=frozenset(names))
    problems = [asking_back(problem, came.choices) for problem in checked.problems if problem.question in names]
    shown = set(str(posted.get("asked", "") or "").split())
    new = {q.id for q in page.questions if enabled(form, q, answers)} - shown
    if new and all(problem.question in new for problem in problems):
        return Answered(answers, choices=came.choices, stays=True)
    cleaned = checked.answers if not problems else {**answers, **checked.answers}
    return Answered(cleaned, problems, came.choices, stays=bool(problems))


def still_asked(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without the answers to questions that are not asked any more."""
    kept: dict[str, Any] = {}
    for question in form.questions:
        if question.id in answers and enabled(form, question, kept):
            kept[question.id] = answers[question.id]
    return kept


def _changed_rows(page: Page, answers: dict[str, Any], button: str) -> dict[str, Any]:
    """One empty row more, or one less."""
    for question in page.questions:
        if question.type == "places":
            rows = list(answers.get(question.id, []))
            if button == ADD:
                rows.append({})
            elif (number := button.removeprefix(REMOVE)).isdigit() and int(number) < len(rows):
                del rows[int(number)]
            answers = {**answers, question.id: rows}
    return answers


def asking_back(problem: Problem, choices: Mapping[str, list[Choice]]) -> Problem:
    """A name that several communes have is a question, not a mistake."""
    asked = any(key == problem.question or key.startswith(f"{problem.question}-") for key in choices)
    return Problem(problem.question, "ambiguous-commune") if asked and "commune" in problem.code else problem


@dataclass(frozen=True, slots=True)
class Line:
    """One answer on the last look."""

    label: str
    value: str
    page: str
    question: str


def review(form: Form, answers: Mapping[str, Any], today: date) -> list[Line]:
    """Every question asked with its answer, in order."""
    return [
        Line(form.said(one.label, language()), said(form, one, answers.get(one.id), today), page.id, one.id)
        for page in form.pages
        for one in page.questions
        if enabled(form, one, answers)
    ]
