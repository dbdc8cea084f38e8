"""Languages of the entry form beside Vietnamese and English: slots in `data/words`, filled by people.

A slot that nobody has filled falls back to English and is marked as such on the page. Nothing is translated by a
machine: `vungxanh border words LANGUAGE` only lays out the slots with the English beside them. Pure.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from vungxanh.core.errors import UserError
from vungxanh.core.home import home
from vungxanh.forms.definition import Form
from vungxanh.rules.dated import Text

#: language -> its own name
NAMES = {"zh": "中文", "ko": "한국어", "ja": "日本語", "km": "ភាសាខ្មែរ", "lo": "ພາສາລາວ", "fr": "Français"}
OWN = ("vi", "en")
ALL = (*OWN, *NAMES)

#: sentences of the form's pages that are no part of a form
INTERFACE = {
    "yes": Text(vi="Có", en="Yes"),
    "no": Text(vi="Không", en="No"),
    "continue": Text(vi="Tiếp tục", en="Continue"),
    "back": Text(vi="Quay lại", en="Back"),
    "choose": Text(vi="Chọn", en="Choose"),
    "check": Text(vi="Vui lòng kiểm tra", en="Please check"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it is shown. `lang`: the language that it is really in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def words(language: str) -> Mapping[str, str]:
    """Slot -> text of a language: what the installation wrote stands before what came with the program."""
    own = home() / "words" / f"{language}.toml"
    return {**_shipped(language), **(_read(own.read_text("utf-8")) if own.is_file() else {})}


@cache
def _shipped(language: str) -> dict[str, str]:
    file = resources.files("vungxanh.border") / "data" / "words" / f"{language}.toml"
    return _read(file.read_text("utf-8")) if file.is_file() else {}


def _read(text: str) -> dict[str, str]:
    """Raises UserError `border.bad-toml`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise UserError("border.bad-toml", why=str(exc)[:200]) from exc
    return {str(slot): str(value).strip() for slot, value in table.get("words", {}).items() if str(value).strip()}


def slots(form: Form) -> Iterator[tuple[str, Text]]:
    """Every text of a form with the name of its slot, in the order of the form; then those of the pages."""
    yield "form.title", form.title
    yield "form.summary", form.summary
    for page in form.pages:
        yield f"page.{page.id}", page.title
        if page.intro:
            yield f"page.{page.id}.intro", page.intro
        for question in page.questions:
            yield f"q.{question.id}", question.label
            if question.hint:
                yield f"q.{question.id}.hint", question.hint
            for option in question.options:
                yield f"o.{question.id}.{option.value}", option.label
    for name, text in INTERFACE.items():
        yield f"ui.{name}", text


def said(form: Form, slot: str, text: Text, language: str) -> Said:
    """The text of a slot in `language`; where it has none, English."""
    if language in OWN:
        return Said(form.said(text, language), language)
    found = words(language).get(slot)
    if found is None:
        return Said(form.said(text, "en"), "en")
    filled = found.replace("{window}", str(form.window_days)).replace("{retention}", str(form.retention_days))
    return Said(filled, language)


def share(form: Form, language: str) -> float:
    """How much of a form is translated, 0 to 1."""
    names = [slot for slot, _ in slots(form)]
    if language in OWN:
        return 1.0
    known = words(language)
    return sum(slot in known for slot in names) / len(names)


def skeleton(form: Form, language: str) -> str:
    """A file of slots for a translator: English above each, what is translated already filled in."""
    known = words(language)
    lines = [f"# {NAMES.get(language, language)}: written by a person, never by a machine.", "[words]"]
    for slot, text in slots(form):
        value = known.get(slot, "").replace("\\", "\\\\").replace('"', '\\"')
        lines += [f"# {text.en}", f'"{slot}" = "{value}"']
    return "\n".join(lines) + "\n"


def chosen(text: str, usual: str) -> str:
    """A language code that the form knows, else `usual`."""
    return text if text in ALL else usual


def folder() -> Path:
    """Where an installation keeps its own translations."""
    return home() / "words"
