"""Answers against their form: what is missing, unknown, not asked, of the wrong kind, impossible, or only odd.

Answers are plain values by question: text, number, true/false, ISO date, option value, list of option values,
a commune `{"written", "code", "scheme"}`, rows of places. A problem stops the form; a note never does.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from vungxanh.codes import phone
from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import clean
from vungxanh.forms.definition import Form, Question, When

MEANS = ("coach", "car", "motorbike", "train", "plane", "boat", "other")
PLACE_FIELDS = {"place", "from", "to", "means", "vehicle", "seat"}
LONGEST = 500
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_COUNTRY = re.compile(r"[A-Z]{3}")
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one question; `code` is a sentence in errors.toml of this package."""

    question: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        return UserError(f"forms.{self.code}", **self.params).text(language)


@dataclass(slots=True)
class Checked:
    """`answers`: cleaned, only what was asked. `problems` stop; `notes` are shown and kept."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problems


class Refused(Exception):  # noqa: N818 - a verdict, not a fault
    """One value is not an answer to its question."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def enabled(form: Form, question: Question, answers: Mapping[str, Any]) -> bool:
    """Is this question asked, given the answers before it?"""
    return all(holds(form, when, answers) for when in question.enabled_when)


def holds(form: Form, when: When, answers: Mapping[str, Any]) -> bool:
    """Does a condition hold? A question that is not in the form, or not asked, never makes one true."""
    asked = [one for one in form.questions if one.id == when.question] or form.group(when.group or " ")
    return any(enabled(form, one, answers) and when.holds(answers.get(one.id)) for one in asked)


def check(form: Form, answers: Mapping[str, Any], today: date, only: frozenset[str] | None = None) -> Checked:
    """Every question of the form, or those named in `only`, in order."""
    done = Checked()
    known = {question.id for question in form.questions}
    done.problems += [
        Problem(name[:40], "unknown-question", {"name": name[:40]}) for name in answers if name not in known
    ]
    for question in form.questions:
        value = answers.get(question.id)
        if only is not None and question.id not in only:
            if value is not None:
                done.answers[question.id] = value
            continue
        _one(form, question, value, today, done)
    return done


def _one(form: Form, question: Question, value: Any, today: date, done: Checked) -> None:
    if not enabled(form, question, done.answers):
        if not _empty(value):
            done.problems.append(Problem(question.id, "not-asked"))
        return
    if _empty(value):
        if question.required:
            done.problems.append(Problem(question.id, required_code(question.type)))
        return
    try:
        done.answers[question.id] = _KINDS[question.type](question, value, today, done)
    except Refused as refused:
        done.problems.append(Problem(question.id, refused.code, refused.params))


#: kinds whose "missing" needs a sentence of its own
_OWN_WORDS = {"yesno", "choice", "consent", "places", "commune", "date"}


def required_code(kind: str) -> str:
    """Which sentence says that an answer of this kind is missing."""
    return f"required-{kind}" if kind in _OWN_WORDS else "required"


def _empty(value: Any) -> bool:
    return value is None or value in ("", []) or (isinstance(value, str) and not clean(value))


def _text(question: Question, value: Any, today: date, done: Checked) -> str:
    if not isinstance(value, str):
        raise Refused("wrong-type")
    if _CONTROL.search(value):
        raise Refused("control-characters")
    text = clean(value)
    most = LONGEST if question.type == "places" else int(question.max or LONGEST)  # there it counts rows
    if len(text) > most:
        raise Refused("too-long", most=most)
    return text


def _name(question: Question, value: Any, today: date, done: Checked) -> str:
    text = _text(question, value, today, done)
    if not any(c.isalpha() for c in text) or any(c.isdigit() or c in "<>=+@" for c in text):
        raise Refused("bad-name")
    return text


def _number(question: Question, value: Any, today: date, done: Checked) -> int | float:
    whole = question.type in ("integer", "year")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise Refused("not-a-number")
    low, high = question.min, question.max
    if question.type == "year":
        low, high = today.year - _OLDEST, today.year
    if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
        raise Refused("out-of-range", low=_plain(low), high=_plain(high))
    return value


def _plain(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _date(question: Question, value: Any, today: date, done: Checked) -> str:
    day = as_date(value)
    if question.past and day > today:
        raise Refused("date-ahead")
    if day < today - timedelta(days=366) or day > today + timedelta(days=366):
        raise Refused("date-far")
    return day.isoformat()


def as_date(value: Any) -> date:
    """An ISO date. Raises Refused."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise Refused("bad-date") from exc


def _yesno(question: Question, value: Any, today: date, done: Checked) -> bool:
    if not isinstance(value, bool):
        raise Refused("wrong-type")
    return value


def _consent(question: Question, value: Any, today: date, done: Checked) -> str:
    """Kept as the version of the text that was agreed to."""
    if value is True or value == question.version:
        return question.version
    raise Refused("required-consent")


def _choice(question: Question, value: Any, today: date, done: Checked) -> str:
    if not isinstance(value, str) or question.option(value) is None:
        raise Refused("not-an-option")
    return value


def _choices(question: Question, value: Any, today: date, done: Checked) -> list[str]:
    if not isinstance(value, list):
        raise Refused("wrong-type")
    if len(set(map(str, value))) != len(value):
        raise Refused("repeated")
    return [_choice(question, one, today, done) for one in value]


def _phone(question: Question, value: Any, today: date, done: Checked) -> str:
    text = _text(question, value, today, done)
    try:
        found = phone.parse(text)
    except UserError as exc:
        raise Refused("bad-phone") from exc
    if not found.valid:
        done.notes.append(Problem(question.id, "odd-phone"))
    return found.e164


def _email(question: Question, value: Any, today: date, done: Checked) -> str:
    text = _text(question, value, today, done).replace(" ", "")
    if not _EMAIL.fullmatch(text):
        raise Refused("bad-email")
    return text


def _document(question: Question, value: Any, today: date, done: Checked) -> str:
    """Never refused for what it says: a wrong number on a real paper is still that paper's."""
    text = re.sub(r"[\s.\-]", "", _text(question, value, today, done)).upper()
    if not text.isascii() or not text.isalnum():
        raise Refused("bad-document")
    if not re.fullmatch(r"\d{12}|\d{9}|[A-Z]{1,2}\d{6,8}|[A-Z0-9]{6,9}", text):
        done.notes.append(Problem(question.id, "odd-document"))
    return text


def _country(question: Question, value: Any, today: date, done: Checked) -> str:
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise Refused("not-an-option")
    return value


def _commune(question: Question, value: Any, today: date, done: Checked) -> dict[str, str]:
    if not isinstance(value, Mapping) or not set(value) <= {"written", "code", "scheme"}:
        raise Refused("wrong-type")
    parts = {key: _text(question, part, today, done) for key, part in value.items() if part}
    if not parts.get("code"):
        raise Refused("unknown-commune")
    return {"written": "", "scheme": "", **parts}


def _places(question: Question, value: Any, today: date, done: Checked) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Refused("wrong-type")
    if len(value) > int(question.max or 20):
        raise Refused("too-many", most=int(question.max or 20))
    return [_stay(question, row, today, done) for row in value]


def _stay(question: Question, row: Any, today: date, done: Checked) -> dict[str, Any]:
    if not isinstance(row, Mapping) or not set(row) <= PLACE_FIELDS:
        raise Refused("wrong-type")
    if not row.get("place"):
        raise Refused("unknown-commune")
    begin, end = as_date(row.get("from")), as_date(row.get("to"))
    if begin > today:
        raise Refused("date-ahead")
    if end < begin:
        raise Refused("end-before-start")
    if row.get("means") and row["means"] not in MEANS:
        raise Refused("not-an-option")
    kept = {
        "place": _commune(question, row["place"], today, done),
        "from": begin.isoformat(),
        "to": end.isoformat(),
    }
    texts = {
        key: _text(question, row[key], today, done)[:40] for key in ("means", "vehicle", "seat") if row.get(key)
    }
    return {**kept, **texts}


_KINDS: dict[str, Callable[[Question, Any, date, Checked], Any]] = {
    "name": _name,
    "text": _text,
    "integer": _number,
    "number": _number,
    "year": _number,
    "date": _date,
    "yesno": _yesno,
    "choice": _choice,
    "choices": _choices,
    "phone": _phone,
    "email": _email,
    "document": _document,
    "country": _country,
    "commune": _commune,
    "places": _places,
    "consent": _consent,
}
