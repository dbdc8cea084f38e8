"""What an inspector looks at in a kind of place on a day: what it owes, then the criteria set in force for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from vungxanh.rules.criteria import CriteriaSet, packaged_sets
from vungxanh.rules.dated import Text
from vungxanh.rules.duties import duties, duty_rule


@dataclass(frozen=True, slots=True)
class Line:
    """`key` stands in the findings of a visit: the system owed, or set:number."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Checklist:
    """`basis`: the instruments of that day, as the visit keeps them; `verified`: all were read in a source."""

    lines: tuple[Line, ...]
    basis: str
    verified: bool


def _packaged(place_kind: str) -> Sequence[CriteriaSet]:
    known = [one for one in packaged_sets().values() if one.complete and place_kind in one.kinds_known]
    return sorted(known, key=lambda one: (one.basis.own, one.id))


_sets: list[Callable[[str], Sequence[CriteriaSet]]] = [_packaged]


def register(sets: Callable[[str], Sequence[CriteriaSet]]) -> None:
    """Who keeps the sets that an administrator completed says which there are for a kind, an authority's first."""
    _sets[:] = [sets]


def checklist(place_kind: str, on: date) -> Checklist:
    """Empty where nothing was read about the kind. Duties whose rule is not in force that day are not asked."""
    rule = duty_rule()
    owed = [Line(duty.system, duty.name) for duty in duties(place_kind)] if rule.in_force(on) else []
    bases = [rule.basis.doc] if owed else []
    sure = [rule.verified] if owed else []
    chosen = next((one for sets in _sets for one in sets(place_kind) if one.in_force(on)), None)
    if chosen is not None:
        numbers = chosen.asked_of(place_kind)
        items = [(number, chosen.item(number)) for number in numbers]
        owed += [Line(f"{chosen.id}:{number}", Text(vi=item.vi, en=item.en)) for number, item in items]
        bases.append(chosen.basis.doc)
        sure.append(chosen.verified)
    return Checklist(tuple(owed), "; ".join(bases)[:200], bool(sure) and all(sure))


def named(key: str) -> Text | None:
    """What a finding of an older visit was about."""
    system = duty_rule().systems.get(key)
    if system is not None:
        return system
    name, _, number = key.rpartition(":")
    found = next((one for one in packaged_sets().values() if one.id == name and number.isdecimal()), None)
    item = found.item(int(number)) if found else None
    return Text(vi=item.vi, en=item.en) if item else None
