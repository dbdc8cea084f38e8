"""Fixed words in pictures and clips, in the language of the message, from labels.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

#: written by us; any other language names its writer
OWN = ("vi", "en")
WANTED = {"do", "call", "check"}


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files("vungxanh.command") / "labels.toml").read_text("utf-8"))


def labels(language: str, table: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, str]:
    """`do`, `call`, `check` in a language; English where no named writer gave all of them."""
    known = table if table is not None else _table()
    given = known.get(language, {})
    written = given.keys() >= WANTED and (language in OWN or bool(given.get("writer", "").strip()))
    chosen = given if written else known["en"]
    return {name: chosen[name] for name in sorted(WANTED)}
