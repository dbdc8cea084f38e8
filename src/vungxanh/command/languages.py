"""Languages of messages besides Vietnamese and English, from languages.toml."""

import tomllib
from functools import cache
from importlib import resources


@cache
def _table() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(
        (resources.files("vungxanh.command") / "languages.toml").read_text("utf-8")
    )["language"]
    return found


def names(language: str) -> dict[str, str]:
    """Code -> name in "vi" or "en", in the order of the table."""
    key = "en" if language.startswith("en") else "vi"
    return {entry["code"]: entry[key] for entry in _table()}
