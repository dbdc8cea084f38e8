"""What a form is: pages of questions, and the orders that put it in force. From `data/*.toml`."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Basis, Evidence, Strict, Text, parse

Type = Literal[
    "name", "text", "integer", "number", "year", "date", "yesno", "choice", "choices",
    "phone", "email", "document", "country", "commune", "places", "consent",
]  # fmt: skip
#: Which field of a person an answer is; such answers go to `people` and nowhere else.
Identity = Literal["name", "document", "birth_year", "sex", "nationality", "commune", "address", "phone", "email"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]{0,59}$")]


class Option(Strict):
    value: str
    label: Text


class When(Strict):
    """True where the named question, or one question of the named group, has the answer."""

    question: str | None = None
    group: str | None = None
    equals: bool | str | int | None = None
    any_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.question is None) == (self.group is None) or (self.equals is None) == (not self.any_of):
            raise ValueError("a condition names one question or group, and one answer or several")
        return self

    def holds(self, value: object) -> bool:
        return value in self.any_of if self.any_of else value == self.equals and value is not None


class Question(Strict):
    """`enabled_when`: all must hold. `past`: a date that may not lie ahead."""

    id: Name
    type: Type
    label: Text
    hint: Text | None = None
    required: bool = False
    identity: Identity | None = None
    group: str | None = None
    options: tuple[Option, ...] = ()
    enabled_when: tuple[When, ...] = ()
    min: float | None = None
    max: float | None = None
    past: bool = False
    version: str = ""

    @model_validator(mode="after")
    def _options_where_chosen(self) -> Self:
        if bool(self.options) != (self.type in ("choice", "choices")):
            raise ValueError("options belong to choices, and choices have options")
        return self

    def option(self, value: object) -> Option | None:
        return next((one for one in self.options if one.value == value), None)


class Page(Strict):
    """One thing at a time. `title_other`: said where somebody declares for another."""

    id: Name
    title: Text
    title_other: Text | None = None
    intro: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Order(Strict):
    """What puts a form in force: from a day, in a territory, on a legal basis."""

    id: Code
    valid_from: date
    valid_to: date | None = None
    territory: str = "VN"
    compulsory: bool = False
    basis: Basis
    verified: bool = False

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Form(Strict):
    """One version of a form. Answers are judged by the version they were given under.

    `who`: whom the order asks, in a sentence. `areas`: codes that the order itself names as epidemic
    areas, besides the dated list of its disease.
    """

    id: Code
    version: Annotated[str, Field(pattern=r"^[0-9][0-9a-z.\-]{0,19}$")]
    title: Text
    summary: Text
    who: Text | None = None
    disease: str
    areas: tuple[Annotated[str, Field(pattern=r"^\d{2,5}$")], ...] = ()
    window_days: Annotated[int, Field(ge=1, le=365)]
    languages: tuple[str, ...] = ("vi", "en")
    purpose: str
    at: Literal["anywhere", "gate", "sms"] = "anywhere"
    retention_days: Annotated[int, Field(ge=1)]
    retention_basis: str = ""
    result_rules: str
    evidence: Evidence = "S"
    sources: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise ValueError(f"question {question.id} stands twice")
            for when in question.enabled_when:
                if not any(self._meant(when, earlier) for earlier in seen):
                    raise ValueError(f"{question.id} depends on something that is not asked before it")
            seen.add(question.id)
        return self

    def _meant(self, when: When, earlier: str) -> bool:
        return earlier == when.question or (when.group is not None and self.question(earlier).group == when.group)

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def slug(self) -> str:
        """Last part of the id, as it stands in addresses."""
        return self.id.rpartition(".")[2]

    @property
    def questions(self) -> Iterator[Question]:
        return (question for page in self.pages for question in page.questions)

    def question(self, name: str) -> Question:
        """Raises UserError `forms.unknown-question`."""
        for question in self.questions:
            if question.id == name:
                return question
        raise UserError("forms.unknown-question", field=name, name=name[:40])

    def group(self, name: str) -> list[Question]:
        return [question for question in self.questions if question.group == name]

    def identity(self, role: Identity) -> Question | None:
        """The question that asks for this field of a person."""
        return next((question for question in self.questions if question.identity == role), None)

    def latest_order(self, day: date) -> Order | None:
        """The order that began last, on `day` or before; it may be over."""
        begun = [order for order in self.orders if order.valid_from <= day]
        return max(begun, key=lambda order: order.valid_from, default=None)

    def order_on(self, day: date) -> Order | None:
        """The latest order of this form in force on `day`."""
        found = [order for order in self.orders if order.in_force(day)]
        return max(found, key=lambda order: order.valid_from, default=None)

    def said(self, text: Text, language: str) -> str:
        """A text of this form with its window and retention filled in."""
        filled = text.filled(window=self.window_days, retention=self.retention_days)
        return filled.vi if language == "vi" else filled.en


def read(raw: object) -> Form:
    """Raises UserError `rules.bad-rule` naming the first wrong field."""
    return parse(Form, raw)


@cache
def shipped() -> tuple[Form, ...]:
    """The versions that come with the program, by id and version."""
    folder = resources.files("vungxanh.forms") / "data"
    raws: list[dict[str, Any]] = [
        tomllib.loads(file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(map(read, raws), key=lambda form: form.key))
