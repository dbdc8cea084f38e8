"""Countries by their three-letter code, named in Vietnamese and English."""

from functools import cache

from vungxanh.codes.tables import table
from vungxanh.core.vietnamese import sort_key


@cache
def choices(language: str = "vi") -> tuple[tuple[str, str], ...]:
    """(alpha-3, name) in order of the language's names; Viet Nam and its neighbours first."""
    names = {code: row[1] if language == "vi" else row[2] for code, row in table("countries")["names"].items()}
    first = [code for code in ("VNM", "CHN", "LAO", "KHM") if code in names]
    rest = sorted((code for code in names if code not in first), key=lambda code: sort_key(names[code]))
    return tuple((code, names[code]) for code in (*first, *rest))


def name(code: str, language: str = "vi") -> str:
    """The name, or the code itself where it is unknown."""
    row = table("countries")["names"].get(code)
    return str(row[1] if language == "vi" else row[2]) if row else code
