"""Diseases of the workbench, as data: their names, in the order in which they are offered."""

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).parent / "data" / "diseases.toml"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def usual() -> str:
    """The disease that is meant where nobody says which: the first."""
    return next(iter(_catalogue()))


def chosen(asked: str) -> str:
    """The disease asked for, else the usual one."""
    return asked if asked in _catalogue() else usual()


def name(disease: str, language: str = "") -> str:
    """In Vietnamese or English; the key of a disease that nobody described."""
    spoken = language or ("en" if (get_language() or "vi").startswith("en") else "vi")
    return _catalogue().get(disease, {}).get(spoken, disease)


def choices() -> list[tuple[str, str]]:
    return [(disease, name(disease)) for disease in _catalogue()]
