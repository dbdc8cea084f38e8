"""What a code meant on a day, and what has become of it. Pure Python: no Django, no database."""

from dataclasses import dataclass
from datetime import date

from vungxanh.core.errors import UserError
from vungxanh.places.table import NEW, Share, Unit, scheme_on, table, version_on

__all__ = ["Candidate", "Conversion", "Unit", "ancestors", "children", "convert", "find", "resolve", "version_on"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that an address may now lie in, and the share of the old unit that went there."""

    unit: Unit
    share: Share


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a unit of one day is on another day.

    `ambiguous`: residents went to several units, so that only a street, a hamlet or a question decides.
    Transfers of land without residents are listed in `area_only` and never decide.
    """

    unit: Unit
    candidates: tuple[Candidate, ...]
    area_only: tuple[Candidate, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return len(self.candidates) > 1

    @property
    def certain(self) -> Unit | None:
        """The one unit that it became, if there is one."""
        return self.candidates[0].unit if len(self.candidates) == 1 else None


def find(code: str, on: date) -> Unit | None:
    """The unit that `code` meant on day `on`, else None. Other spellings of a code are followed."""
    return _in(scheme_on(on), code, on)


def resolve(code: str, on: date) -> Unit:
    """As `find`. Raises UserError `places.unknown-code`, naming what the code means in the other scheme."""
    unit = find(code, on)
    if unit:
        return unit
    other = [unit.full_name for (_, known), units in table().by_code.items() if known == code for unit in units]
    raise UserError("places.unknown-code", field="code", value=code, on=on, elsewhere=", ".join(other) or "–")


def _in(scheme: str, code: str, on: date) -> Unit | None:
    code = table().aliases.get((scheme, code), code)
    rows = table().by_code.get((scheme, code), [])
    return next((unit for unit in rows if unit.in_force(on)), None)


def ancestors(unit: Unit, on: date) -> list[Unit]:
    """Nearest first: district and province, or province alone under the scheme of two levels."""
    found = []
    parent = _in(unit.scheme, unit.parent, on) if unit.parent else None
    while parent:
        found.append(parent)
        parent = _in(parent.scheme, parent.parent, on) if parent.parent else None
    return found


def children(code: str, on: date) -> list[Unit]:
    """Units directly under `code` on that day; the provinces where `code` is empty."""
    scheme = scheme_on(on)
    codes = table().by_parent.get((scheme, table().aliases.get((scheme, code), code)), [])
    return [unit for unit in (_in(scheme, each, on) for each in codes) if unit]


def convert(code: str, from_date: date, to_date: date) -> Conversion:
    """What the unit that `code` meant on `from_date` is on `to_date`.

    Raises UserError `places.unknown-code`. An ambiguous answer is an answer: it lists the candidates.
    """
    unit = resolve(code, from_date)
    wanted = scheme_on(to_date)
    if unit.scheme == wanted:
        same = _in(wanted, unit.code, to_date)
        return Conversion(unit, (Candidate(same, "whole"),) if same else ())
    found = _transfers(unit, from_date, wanted, to_date)
    moved = tuple(c for c in found if c.share != "area")
    return Conversion(unit, moved, tuple(c for c in found if c.share == "area"))


def _transfers(unit: Unit, from_date: date, wanted: str, to_date: date) -> list[Candidate]:
    pairs = table().forward if wanted == NEW else table().backward
    if unit.code not in pairs:
        return _of_parts(unit, from_date, wanted, to_date)
    units = ((_in(wanted, code, to_date), share) for code, share in pairs[unit.code])
    return [Candidate(found, share) for found, share in units if found]


def _of_parts(unit: Unit, from_date: date, wanted: str, to_date: date) -> list[Candidate]:
    """A district has no successor of its own: its communes have."""
    parts = [
        each for child in children(unit.code, from_date) for each in _transfers(child, from_date, wanted, to_date)
    ]
    found = {each.unit.code: each.unit for each in parts if each.share != "area"}
    return [Candidate(each, "part" if len(found) > 1 else "whole") for each in found.values()]
