"""Names of diseases (`data/diseases.toml`), and which of them contacts can be traced for."""

import tomllib
from functools import cache
from importlib import resources

from vungxanh.rules.contact import contact_rules
from vungxanh.rules.dated import Text


@cache
def diseases() -> dict[str, Text]:
    """Key -> name, in the order of the file."""
    raw = tomllib.loads((resources.files("vungxanh.rules") / "data" / "diseases.toml").read_text("utf-8"))
    return {key: Text(**name) for key, name in raw.items()}


def traced() -> tuple[str, ...]:
    """Those that have a contact rule: a case of another could be opened, but nobody found."""
    known = {rule.disease for rule in contact_rules().values()}
    return tuple(key for key in diseases() if key in known)


def named(keys: tuple[str, ...] | None = None, *, language: str) -> list[tuple[str, str]]:
    """(key, name in `language`) of these, else of all: what a field offers."""
    found = diseases()
    return [(key, found[key].vi if language == "vi" else found[key].en) for key in keys or tuple(found)]


def name_of(key: str) -> str:
    """In Vietnamese, for an official paper; the key itself where nobody named it."""
    known = diseases().get(key)
    return known.vi if known else key
