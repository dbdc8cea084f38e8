"""Symptoms by disease, as data."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "symptoms.toml"


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def choices(disease: str) -> list[tuple[str, str]]:
    """(code, word in the reader's language) of a disease; none for one that nobody described."""
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return [(code, words[language]) for code, words in _catalogue().get(disease, {}).items()]


def words(disease: str, codes: list[str]) -> str:
    """The symptoms of a case as one line."""
    known = dict(choices(disease))
    return ", ".join(known.get(code, code) for code in codes)
