"""The person's rights with the legal clock: `rules/rights.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.utils import timezone

from vungxanh.rules.dated import Text


@dataclass(frozen=True, slots=True)
class Right:
    key: str
    name: Text
    days: int


@cache
def _raw() -> dict[str, Any]:
    file = resources.files("vungxanh.declarations") / "rules" / "rights.toml"
    return tomllib.loads(file.read_text("utf-8"))


@cache
def rights() -> dict[str, Right]:
    return {key: Right(key, Text(vi=one["vi"], en=one["en"]), one["days"]) for key, one in _raw()["kinds"].items()}


def basis() -> str:
    return str(_raw()["basis"])


def reviewers() -> Text:
    """Who may overrule a result."""
    return Text(**_raw()["reviewers"])


def first_reply(asked: datetime) -> datetime:
    """The end of the working day by which the first answer is owed; Saturdays and Sundays do not count."""
    day, left = timezone.localdate(asked), int(_raw()["first_reply_working_days"])
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return timezone.make_aware(datetime.combine(day, time(17)))
