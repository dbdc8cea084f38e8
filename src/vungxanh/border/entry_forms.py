"""The entry forms that come with the program, and the checks that only a border makes. Pure."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from vungxanh.border import journeys
from vungxanh.core.errors import UserError
from vungxanh.forms import definition
from vungxanh.forms.definition import Form
from vungxanh.forms.validate import Checked, Problem, check


@cache
def days_ahead() -> int:
    """How many days before crossing a declaration may be made (`data/declaring.toml`)."""
    text = (resources.files("vungxanh.border") / "data" / "declaring.toml").read_text("utf-8")
    return int(tomllib.loads(text)["days_ahead"])


@cache
def shipped() -> dict[str, Form]:
    """Key `id@version` -> form."""
    folder = resources.files("vungxanh.border") / "data" / "forms"
    raws = [tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    return {form.key: form for form in sorted((definition.read(raw) for raw in raws), key=lambda one: one.key)}


def form(key: str) -> Form:
    """Raises UserError `border.unknown-form`."""
    found = shipped().get(key)
    if found is None:
        raise UserError("border.unknown-form", value=key[:60])
    return found


def on(day: date) -> Form | None:
    """The entry form that an order puts in force on `day`; None where nobody has to declare."""
    found = [(order.valid_from, one.key, one) for one in shipped().values() if (order := one.order_on(day))]
    return max(found)[2] if found else None


def checked(entry: Form, answers: Mapping[str, Any], today: date, only: frozenset[str] | None = None) -> Checked:
    """The form's own checks, then flight, seat, gate and days."""
    done = check(entry, answers, today, only)
    for name, read in _TIDIED:
        if name in done.answers and (only is None or name in only):
            _tidied(done, name, read)
    _gate_fits(done)
    _days_fit(done, today)
    return done


def _flight(text: str) -> str:
    return journeys.flight(text).key


_TIDIED = (
    ("flight", _flight),
    ("seat", journeys.seat),
    ("leg1_flight", _flight),
    ("leg1_seat", journeys.seat),
    ("leg2_flight", _flight),
    ("leg2_seat", journeys.seat),
)


def _tidied(done: Checked, name: str, read: Any) -> None:
    try:
        done.answers[name] = read(str(done.answers[name]))
    except UserError as exc:
        done.problems.append(BorderProblem(name, exc.code.removeprefix("border.")))


def _gate_fits(done: Checked) -> None:
    """An aeroplane at a land gate is noted: people mix up airports and gates, and the desk sees it."""
    mode, code = done.answers.get("mode"), done.answers.get("gate")
    kind = journeys.gates()[code].kind if code in journeys.gates() else None
    if mode and kind and (mode == "air") != (kind == "air"):
        done.notes.append(BorderProblem("gate", "gate-mode-differs"))


def _days_fit(done: Checked, today: date) -> None:
    days = {
        name: date.fromisoformat(done.answers[name])
        for name in ("entry_on", "departed_on")
        if name in done.answers
    }
    if len(days) == 2 and days["departed_on"] > days["entry_on"]:
        done.problems.append(BorderProblem("departed_on", "departed-after-entry"))
    if "entry_on" in days and (days["entry_on"] - today).days > days_ahead():
        done.notes.append(BorderProblem("entry_on", "too-early", {"days": days_ahead()}))


class BorderProblem(Problem):
    """A problem whose sentence stands in this package."""

    def text(self, language: str) -> str:
        return UserError(f"border.{self.code}", **self.params).text(language)
