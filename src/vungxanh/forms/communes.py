"""What people write about where they live -> the commune that it is today; ambiguous names alone ask back."""

from dataclasses import dataclass
from datetime import date

from vungxanh.core.errors import UserError
from vungxanh.places.search import search
from vungxanh.places.table import Unit
from vungxanh.places.units import ancestors, convert

MOST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A commune of today that may be meant. `label` says old and new names together while they differ."""

    code: str
    scheme: str
    label: str

    @property
    def value(self) -> str:
        return f"{self.scheme}:{self.code}"


def look_up(written: str, on: date) -> list[Choice]:
    """Communes of day `on` that `written` may mean, best first; none where nothing is called so."""
    try:
        found = search(written, on, limit=40)
    except UserError:
        return []
    best = [match for match in found if match.how in ("full", "spelling")] or found
    choices: dict[str, Choice] = {}
    for match in best:
        for unit in [match.unit] if match.today is None else [c.unit for c in match.today.candidates]:
            if unit.level == "commune":
                choices.setdefault(unit.code, _choice(unit, match.unit, on))
    return list(choices.values())[:MOST]


def named(code: str, scheme: str, on: date) -> str:
    """How a stored commune is said; empty where the code is unknown."""
    try:
        unit = next(candidate.unit for candidate in convert(code, on, on).candidates)
    except (UserError, StopIteration):
        return ""
    return _choice(unit, unit, on).label if unit.scheme == scheme else unit.full_name


def _choice(unit: Unit, asked: Unit, on: date) -> Choice:
    above = ", ".join(each.full_name for each in ancestors(unit, on))
    was = f" (trước là {asked.full_name})" if asked.code != unit.code or asked.scheme != unit.scheme else ""
    return Choice(unit.code, unit.scheme, f"{unit.full_name}, {above}{was}")
