"""Layouts that others made and nobody published: an administrator says which field is which.

A template is a separator, an optional prefix and the meaning of each field in order. Nothing is guessed: a text
fits a template only where it has as many fields, and a number of the shape that the field names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from vungxanh.codes import identity, phone
from vungxanh.codes.identity import Sex
from vungxanh.codes.parts import clean, day, folded, year
from vungxanh.core.errors import UserError

#: what a field may be; `-` is left unread
FIELDS = ("-", "cccd", "cmnd", "bhyt", "passport", "name", "birth", "sex", "phone", "qid", "issued", "expires")
NUMBERS = ("cccd", "cmnd", "bhyt", "passport")
SEPARATORS = ("|", ";", ",", "^", "#", "\n", "\t", "$", "<")
_SEXES: dict[str, Sex | None] = {"NAM": "M", "M": "M", "1": "M", "NU": "F", "F": "F", "2": "F"}
#: who writes no zone means the clock on the wall in Viet Nam
_VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Template:
    """One layout. `fields` from `FIELDS`, in order."""

    name: str
    separator: str
    fields: tuple[str, ...]
    prefix: str = ""
    declares: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """What a text says under a template."""

    template: Template
    numbers: tuple[tuple[str, str], ...]
    name: str = ""
    birth: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    phone: str = ""
    qid: str = ""
    issued: datetime | None = None
    expires: datetime | None = None
    shown: dict[str, str] = field(default_factory=dict)


def checked(template: Template) -> Template:
    """Raises UserError `codes.bad-template`: no separator, an unknown field, nothing that says who."""
    known = all(one in FIELDS for one in template.fields)
    says_who = {*NUMBERS, "qid"} & set(template.fields)
    repeated = [one for one in template.fields if one != "-" and template.fields.count(one) > 1]
    if template.separator not in SEPARATORS or not known or not says_who or repeated:
        raise UserError("codes.bad-template", field="fields")
    return template


def split(text: str, separator: str, prefix: str = "") -> list[str]:
    """The fields of a text, for whoever completes a template from a sample."""
    return [part.strip() for part in clean(text).removeprefix(prefix).split(separator)]


def fill(text: str, templates: Iterable[Template]) -> Filled | None:
    """The first template that fits; None where none does."""
    bare = clean(text)
    return next((found for one in templates if (found := _fill(bare, one))), None)


def _fill(text: str, template: Template) -> Filled | None:
    if not text.startswith(template.prefix):
        return None
    parts = split(text, template.separator, template.prefix)
    if len(parts) != len(template.fields):
        return None
    given = {name: part for name, part in zip(template.fields, parts, strict=True) if name != "-" and part}
    numbers = tuple((kind, number) for kind in NUMBERS if (number := _number(kind, given.get(kind, ""))))
    if any(given.get(kind) and kind not in dict(numbers) for kind in NUMBERS) or not (numbers or given.get("qid")):
        return None
    called = phone.parse_or_none(given.get("phone", ""))
    return Filled(
        template=template,
        numbers=numbers,
        name=given.get("name", ""),
        birth=day(given.get("birth", "")),
        birth_year=year(given.get("birth", "")),
        sex=_SEXES.get(folded(given.get("sex", ""))),
        phone=called.e164 if called else "",
        qid=given.get("qid", ""),
        issued=_moment(given.get("issued", "")),
        expires=_moment(given.get("expires", "")),
        shown=given,
    )


_PARSERS = {"cccd": identity.parse_cccd, "cmnd": identity.parse_cmnd, "bhyt": identity.parse_bhyt}


def _number(kind: str, text: str) -> str:
    if not text:
        return ""
    try:
        return identity.parse_passport(text) if kind == "passport" else _PARSERS[kind](text).number
    except UserError:
        return ""


def _moment(text: str) -> datetime | None:
    """Seconds since 1970, an ISO moment, or a day (its first minute)."""
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), _VIETNAM)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        whole = day(text)
        return datetime(whole.year, whole.month, whole.day, tzinfo=_VIETNAM) if whole else None
    return found if found.tzinfo else found.replace(tzinfo=_VIETNAM)
