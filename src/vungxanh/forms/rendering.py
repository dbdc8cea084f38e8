"""Questions as a template needs them, and answers as people read them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vungxanh.forms.communes import Choice, named
from vungxanh.forms.countries import countries, country
from vungxanh.forms.definition import Form, Page, Question
from vungxanh.forms.validate import Problem, enabled

MEANS = {
    "coach": _("Coach or bus"),
    "car": pgettext_lazy("means of travel", "Car"),
    "motorbike": _("Motorbike"),
    "train": _("Train"),
    "plane": _("Aeroplane"),
    "boat": _("Ship or ferry"),
    "other": pgettext_lazy("means of travel", "Other"),
}
INPUT = {"phone": "tel", "email": "email", "date": "date"}
MODE = {"integer": "numeric", "year": "numeric", "number": "decimal", "phone": "tel", "email": "email"}
AUTOCOMPLETE = {
    "name": "name",
    "phone": "tel",
    "email": "email",
    "address": "street-address",
    "birth_year": "bday-year",
}


def language() -> str:
    """`vi` or `en`."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@dataclass(slots=True)
class Row:
    """One place of an itinerary as it stands on the page."""

    number: int
    place: str = ""
    begin: str = ""
    end: str = ""
    means: str = ""
    vehicle: str = ""
    seat: str = ""
    choices: Sequence[Choice] = ()
    chosen: str = ""


@dataclass(slots=True)
class Field:
    """One question on a page."""

    id: str
    type: str
    label: str
    hint: str
    required: bool
    value: Any = ""
    error: str = ""
    options: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()
    choices: Sequence[Choice] = ()
    picked: str = ""
    rows: list[Row] = field(default_factory=list)
    input: str = "text"
    mode: str = ""
    autocomplete: str = ""
    latest: str = ""
    alone: bool = False

    @property
    def described(self) -> str:
        """Ids for aria-describedby."""
        return " ".join([f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.error))


def fields(
    form: Form,
    page: Page,
    answers: Mapping[str, Any],
    *,
    problems: Sequence[Problem] = (),
    choices: Mapping[str, Sequence[Choice]] | None = None,
    today: date,
    only_enabled: bool = True,
) -> list[Field]:
    """The questions of a page that are asked, given the answers so far."""
    asked = [one for one in page.questions if not only_enabled or enabled(form, one, answers)]
    errors = {problem.question: problem.text(language()) for problem in reversed(problems)}
    found = [_field(form, one, answers.get(one.id), today, choices or {}) for one in asked]
    for one in found:
        one.error = errors.get(one.id, "")
        one.alone = len(found) == 1
    return found


def _field(form: Form, one: Question, value: Any, today: date, choices: Mapping[str, Sequence[Choice]]) -> Field:
    lang = language()
    made = Field(
        id=one.id,
        type=one.type,
        label=form.said(one.label, lang),
        hint=form.said(one.hint, lang) if one.hint else "",
        required=one.required,
        value="" if value is None else value,
        input=INPUT.get(one.type, "text"),
        mode=MODE.get(one.type, ""),
        autocomplete=AUTOCOMPLETE.get(one.identity or "", ""),
        latest=today.isoformat() if one.past else "",
        options=_options(form, one, lang),
        choices=choices.get(one.id, ()),
    )
    made.chosen = _chosen(one, value)
    if one.type == "commune" and isinstance(value, Mapping):
        made.value = value.get("written") or named(value.get("code", ""), value.get("scheme", ""), today)
        made.picked = f"{value.get('scheme')}:{value.get('code')}"
    if one.type == "places":
        made.rows = _rows(one.id, value, choices, today)
    return made


def _options(form: Form, one: Question, lang: str) -> list[tuple[str, str]]:
    if one.type == "yesno":
        return [("yes", gettext("Yes")), ("no", gettext("No"))]
    if one.type == "country":
        return list(countries(lang))
    return [(option.value, form.said(option.label, lang)) for option in one.options]


def _chosen(one: Question, value: Any) -> list[str]:
    if one.type == "yesno":
        return [] if value is None else ["yes" if value else "no"]
    if one.type == "country":
        return [str(value)] if value else []
    return [str(part) for part in (value if isinstance(value, list) else [value])]


def _rows(name: str, value: Any, choices: Mapping[str, Sequence[Choice]], today: date) -> list[Row]:
    kept = value if isinstance(value, list) else []
    rows = [_row(n, row, choices.get(f"{name}-{n}", ()), today) for n, row in enumerate(kept)]
    return rows or [Row(0)]


def _row(number: int, row: Mapping[str, Any], choices: Sequence[Choice], today: date) -> Row:
    place = row.get("place") or {}
    return Row(
        number=number,
        place=place.get("written") or named(place.get("code", ""), place.get("scheme", ""), today),
        begin=row.get("from", ""),
        end=row.get("to", ""),
        means=row.get("means", ""),
        vehicle=row.get("vehicle", ""),
        seat=row.get("seat", ""),
        choices=choices,
        chosen=f"{place.get('scheme')}:{place.get('code')}",
    )


def said(form: Form, one: Question, value: Any, today: date) -> str:
    """An answer as people read it; what was not answered is a dash, never a "no"."""
    if value is None or value in ("", []):
        return "–"
    lang = language()
    match one.type:
        case "yesno":
            return gettext("Yes") if value else gettext("No")
        case "consent":
            return gettext("Agreed")
        case "choice" | "choices":
            picked = [one.option(part) for part in (value if isinstance(value, list) else [value])]
            return ", ".join(form.said(option.label, lang) for option in picked if option)
        case "date":
            return day(value)
        case "country":
            return country(value, lang)
        case "commune":
            return _commune(value, today)
        case "places":
            return "; ".join(_stay(row, today) for row in value)
        case _:
            return str(value)


def day(iso: str) -> str:
    """`27/3/2022`, as people write it."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day}/{found.month}/{found.year}"


def _commune(value: Mapping[str, Any], today: date) -> str:
    return named(value.get("code", ""), value.get("scheme", ""), today) or str(value.get("written", ""))


def _stay(row: Mapping[str, Any], today: date) -> str:
    means = MEANS.get(row.get("means", ""))
    parts = [_commune(row["place"], today), f"{day(row['from'])}–{day(row['to'])}", str(means) if means else ""]
    return ", ".join(part for part in [*parts, row.get("vehicle", ""), row.get("seat", "")] if part)
