"""A page as a browser posts it -> plain answers. Nothing is judged here: `validate` does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from vungxanh.core.vietnamese import clean
from vungxanh.forms.communes import Choice, look_up
from vungxanh.forms.definition import Question

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
#: a page as a browser posts it
Posted = QueryDict
#: rows that a page can hold; `validate` allows fewer
MOST_ROWS = 50
ROW_FIELDS = ("place", "code", "from", "to", "means", "vehicle", "seat")


@dataclass(slots=True)
class Page:
    """Answers of a page, and where a place name needs a choice: question (or question-row) -> communes."""

    answers: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)


def read(questions: list[Question], posted: Posted, today: date) -> Page:
    """Answers to `questions`; those left empty are absent."""
    page = Page()
    for question in questions:
        value = _one(question, posted, today, page)
        if value not in (None, "", []):
            page.answers[question.id] = value
    return page


def _one(question: Question, posted: Posted, today: date, page: Page) -> Any:
    text = str(posted.get(question.id, "") or "")
    match question.type:
        case "yesno":
            return {"yes": True, "no": False}.get(text)
        case "consent":
            return text == "yes" or None
        case "integer" | "year" | "number":
            return number(text)
        case "date":
            return iso(text)
        case "choices":
            return [str(value) for value in posted.getlist(question.id)]
        case "commune":
            return commune(question.id, text, str(posted.get(f"{question.id}-code", "") or ""), today, page)
        case "places":
            return rows(question.id, posted, today, page)
        case _:
            return text


def number(text: str) -> int | float | str:
    """`36,8` and `36.8` are one; what is no number stays text and is refused later."""
    plain = clean(text).replace(",", ".")
    if re.fullmatch(r"[+-]?\d{1,9}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"[+-]?\d{1,9}\.\d{1,6}", plain) else clean(text)


def iso(text: str) -> str:
    """`2022-03-27` and `27/3/2022` -> ISO; anything else stays as it is and is refused later."""
    found = _DAY_FIRST.fullmatch(clean(text))
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else clean(text)


def commune(name: str, written: str, chosen: str, today: date, page: Page) -> dict[str, str] | None:
    """The commune meant; where several have the name and none was chosen, `page.choices` gets them."""
    written = clean(written)
    if not written:
        return None
    found = look_up(written[:200], today)
    picked = [one for one in found if one.value == chosen] or (found if len(found) == 1 else [])
    if picked:
        return {"written": written, "code": picked[0].code, "scheme": picked[0].scheme}
    if found:
        page.choices[name] = found
    return {"written": written}


def rows(name: str, posted: Posted, today: date, page: Page) -> list[dict[str, Any]]:
    """Rows of an itinerary: fields `<name>-<n>-<field>`; wholly empty rows are none."""
    count = str(posted.get(f"{name}-rows", "") or "")
    found = []
    for n in range(min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() else 0):
        raw = {key: clean(str(posted.get(f"{name}-{n}-{key}", "") or "")) for key in ROW_FIELDS}
        if any(raw.values()):
            found.append(_row(f"{name}-{n}", raw, today, page))
    return found


def _row(name: str, raw: Mapping[str, str], today: date, page: Page) -> dict[str, Any]:
    place = commune(name, raw["place"], raw["code"], today, page)
    kept = {"from": iso(raw["from"]), "to": iso(raw["to"] or raw["from"])}
    return {"place": place, **kept, **{key: raw[key] for key in ("means", "vehicle", "seat") if raw[key]}}
