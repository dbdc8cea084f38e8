"""From what somebody writes as their commune to the communes it may be, for forms of every room."""

from dataclasses import dataclass
from datetime import date

from vungxanh.places.search import Match, search
from vungxanh.places.table import Unit
from vungxanh.places.units import ancestors

#: more choices than this are no choice: the form asks for the province
MOST = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A commune of the list of that day; `label` has what is above it, and its old name where that was written."""

    code: str
    label: str
    sure: bool


def communes(text: str, on: date) -> list[Choice]:
    """Communes that `text` may mean, old names led to what they became. `sure`: the name fits entirely."""
    found: dict[str, Choice] = {}
    for match in search(text, on, limit=60):
        for choice in _choices(match, on):
            found.setdefault(choice.code, choice)
    sure = [choice for choice in found.values() if choice.sure]
    return (sure or list(found.values()))[:MOST]


def _choices(match: Match, on: date) -> list[Choice]:
    sure = match.how in ("full", "spelling", "name")
    if match.today is None:
        return [Choice(match.unit.code, label(match.unit, on), sure)] if match.unit.level == "commune" else []
    if match.unit.level != "commune":
        return []
    return [
        Choice(each.unit.code, f"{label(each.unit, on)} ({match.unit.full_name})", sure)
        for each in match.today.candidates
        if each.unit.level == "commune"
    ]


def label(unit: Unit, on: date) -> str:
    """`Phường Phan Đình Phùng, Tỉnh Thái Nguyên`."""
    return ", ".join([unit.full_name, *(above.full_name for above in ancestors(unit, on))])
