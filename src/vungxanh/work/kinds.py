"""Kinds of things due: their words, the answers they take, when they rise a level."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Kind:
    """`leaves_open` are the outcomes after which the item is still to be done."""

    key: str
    vi: str
    en: str
    outcomes: tuple[str, ...]
    leaves_open: frozenset[str]
    escalate_hours: tuple[int, ...]
    acknowledge_hours: int

    def label(self, language: str) -> str:
        return self.en if language.startswith("en") else self.vi


_added: dict[str, dict[str, Any]] = {}


def register(key: str, *, vi: str, en: str, **more: Any) -> None:
    """A room names a kind of its own, in its AppConfig; `more` are the columns of `kinds.toml` if not usual."""
    _added[key] = {"vi": vi, "en": en, **more}
    kind.cache_clear()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.work") / "kinds.toml").read_text("utf-8"))


@cache
def kind(key: str) -> Kind:
    """The kind of this key; one that nobody has named is shown by its key and takes the usual answers."""
    table = _table()
    facts = {"vi": key, "en": key} | table["defaults"] | table["kinds"].get(key, {}) | _added.get(key, {})
    return Kind(
        key=key,
        vi=facts["vi"],
        en=facts["en"],
        outcomes=tuple(facts["outcomes"]),
        leaves_open=frozenset(facts["leaves_open"]),
        escalate_hours=tuple(facts["escalate_hours"]),
        acknowledge_hours=int(facts["acknowledge_hours"]),
    )


def households_each() -> tuple[int, int]:
    """(least, most) households that one member of a community team looks after."""
    teams = _table()["teams"]
    return int(teams["least"]), int(teams["most"])


def outcome_label(key: str, language: str) -> str:
    """An outcome in words."""
    words: dict[str, str] = _table()["outcomes"].get(key, {})
    return words.get("en" if language.startswith("en") else "vi", key)
