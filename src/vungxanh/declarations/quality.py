"""Marks of how well a form was answered, taken when it is judged: the answers themselves stay closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vungxanh.forms.definition import Form
from vungxanh.forms.validate import Problem, enabled

#: fewer questions than this answered "no" in a row say nothing
LEAST = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """`asked` and `filled` questions; `odd`: answers that are hardly so; `straight`: every yes-or-no was "no"."""

    asked: int
    filled: int
    odd: int
    straight: bool


def marks(form: Form, answers: Mapping[str, Any], notes: list[Problem], today: date) -> Marks:
    asked = [one for one in form.questions if enabled(form, one, answers)]
    yes_no = [answers[one.id] for one in asked if one.type == "yesno" and one.id in answers]
    return Marks(
        asked=len(asked),
        filled=sum(one.id in answers for one in asked),
        odd=len(notes) + len(_odd(form, answers, today)),
        straight=len(yes_no) >= LEAST and not any(yes_no),
    )


def _odd(form: Form, answers: Mapping[str, Any], today: date) -> list[str]:
    """An onset or a stay before the days asked about; a temperature that does not go with the fever."""
    found = []
    first = today - timedelta(days=form.window_days)
    onset = answers.get("onset")
    if isinstance(onset, str) and date.fromisoformat(onset) < first:
        found.append("onset")
    heat = answers.get("temperature")
    if isinstance(heat, int | float) and (heat >= 38) != bool(answers.get("fever")):
        found.append("temperature")
    for one in form.questions:
        if one.type == "places":
            found += ["stay" for row in answers.get(one.id, []) if date.fromisoformat(row["to"]) < first]
    return found
