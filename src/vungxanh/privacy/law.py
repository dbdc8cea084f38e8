"""`data/law.toml`, typed."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from vungxanh.rules.dated import Strict, Text


class BreachRule(Strict):
    """When the authority is told, and on which form."""

    hours: int
    basis: str
    form: str
    verified: bool


class Unusual(Strict):
    """What an officer's day may hold before somebody asks."""

    basis: str
    verified: bool
    people_a_day: int
    same_person_a_day: int
    night_from: int
    night_to: int
    night_people: int


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.privacy") / "data" / "law.toml").read_text("utf-8"))


def breach_rule() -> BreachRule:
    return BreachRule.model_validate(_raw()["breach"])


def unusual() -> Unusual:
    return Unusual.model_validate(_raw()["unusual"])


OTHER = Text(vi="Việc khác", en="Other work")


@cache
def _purposes() -> dict[str, Text]:
    raw = tomllib.loads((resources.files("vungxanh.privacy") / "data" / "purposes.toml").read_text("utf-8"))
    return {start: Text.model_validate(said) for start, said in raw.items()}


def purpose_said(purpose: str) -> Text:
    """What everybody may read of a purpose; one that is not known says nothing of itself."""
    return next((said for start, said in _purposes().items() if purpose.startswith(start)), OTHER)
