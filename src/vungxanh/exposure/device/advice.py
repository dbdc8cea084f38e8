"""What to do, by disease, level and the law in force on the day. Data in `advice.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Advice:
    """Sentences in order, and the law behind them."""

    rule: str
    verified: bool
    sentences: tuple[str, ...]


@cache
def _all() -> list[dict[str, Any]]:
    raw = tomllib.loads((resources.files("vungxanh.exposure.device") / "advice.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = raw["advice"]
    return found


def advice(disease: str, level: str, today: date, language: str) -> Advice | None:
    """The advice in force; None where nothing needs doing or no law says anything."""
    for one in _all():
        if one["level"] != level or one["disease"] not in {disease, "any"}:
            continue
        if one["from"] <= today <= one.get("until", date.max):
            return Advice(one["rule"], one["verified"], tuple(one[language]))
    return None
