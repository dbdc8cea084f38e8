"""Finding an administrative unit by what people write: any spelling, any case, with or without marks and kinds."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold, sort_key, syllables, toned
from vungxanh.places.table import NEW, OLD, Unit, table
from vungxanh.places.units import Conversion, ancestors, convert

_SHORT = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "dk": "dac khu",
    "t": "tinh", "q": "quan", "h": "huyen", "p": "phuong", "x": "xa",
}  # fmt: skip
_KIND = re.compile(rf"^({'|'.join([*_SHORT.values(), *_SHORT])})(?:[ .]+|(?=\d))(?=.)")
_RANKS = ("full", "spelling", "name", "start", "part")


@dataclass(frozen=True, slots=True)
class Match:
    """A unit found by name. `today` says what it is on the day asked for, where it no longer exists."""

    unit: Unit
    how: str
    today: Conversion | None = None


def plain(text: str) -> str:
    """Folded words; numbers by value: `Phường 01` = `phuong 1`, `Krông-Ana` = `krong ana`."""
    return " ".join(str(int(w)) if w.isdecimal() else w for w in syllables(fold(text)))


def bare(text: str) -> str:
    """As `plain`, without the word for its kind: `P.Bến Nghé`, `phường Bến Nghé` -> `ben nghe`."""
    folded = fold(text)
    return plain(_KIND.sub("", folded, count=1))


@cache
def _index() -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in table().units:
        found[plain(unit.name)].append(unit)
    for (scheme, alias), code in table().aliases.items():
        if not scheme:
            found[plain(alias)] += [u for u in table().units if u.code == code]
    return dict(found)


def search(name: str, on: date | None = None, limit: int = 20) -> list[Match]:
    """Units called `name`: those spelt so first, and of each group the units in force on `on` before those gone.

    Further parts behind commas narrow the answer: `Tân An, Long An`. Without `on` every day counts.
    Raises UserError `places.empty-name`.
    """
    target, *context = [part for part in name.split(",") if bare(part)] or [""]
    if not bare(target):
        raise UserError("places.empty-name", field="name")
    found = _exact(target) or _partial(target)
    found = [(rank, unit) for rank, unit in found if _inside(unit, context)]
    found.sort(key=lambda pair: _order(pair[0], pair[1], on))
    return [_match(_RANKS[rank], unit, on) for rank, unit in found[:limit]]


def _exact(target: str) -> list[tuple[int, Unit]]:
    names = {plain(target), bare(target)}
    units = {id(unit): unit for key in names for unit in _index().get(key, [])}
    return [(_closeness(target, unit), unit) for unit in units.values()]


def _closeness(target: str, unit: Unit) -> int:
    """0: spelt so, and of the kind that is written. 1: the name is spelt so. 2: the same without marks."""
    if not toned(target).endswith(toned(unit.name)):
        return 2
    written = _KIND.match(fold(target))
    return 0 if written and _SHORT.get(written[1], written[1]) == fold(unit.kind) else 1


def _partial(target: str) -> list[tuple[int, Unit]]:
    wanted = bare(target)
    if len(wanted) < 2:
        return []
    joined = wanted.replace(" ", "")  # Đamb'ri, Đam Bri and ĐamBri are one commune
    keys = [key for key in _index() if wanted in key or joined == key.replace(" ", "")]
    return [
        (4 if wanted in key and not key.startswith(wanted) else 3, unit) for key in keys for unit in _index()[key]
    ]


def _inside(unit: Unit, context: list[str]) -> bool:
    """Every part names something above the unit, by its name of that time or of before the reform."""
    if not context:
        return True
    codes = {(above.scheme, above.code) for above in ancestors(unit, _a_day(unit))}
    codes |= {(OLD, old) for scheme, code in codes if scheme == NEW for old, _ in table().backward.get(code, [])}
    return all(_names_one(part, codes) for part in context)


def _names_one(part: str, codes: set[tuple[str, str]]) -> bool:
    named = [unit for key in {plain(part), bare(part)} for unit in _index().get(key, [])]
    return any((unit.scheme, unit.code) in codes for unit in named)


def _a_day(unit: Unit) -> date:
    """Some day on which the unit stood."""
    if unit.since:
        return unit.since
    assert unit.until
    return unit.until - date.resolution


def _order(rank: int, unit: Unit, on: date | None) -> tuple[bool, bool, int, int, str, str]:
    gone = on is not None and not unit.in_force(on)
    return rank > 1, gone, rank, len(unit.code), sort_key(unit.name), unit.code


def _match(how: str, unit: Unit, on: date | None) -> Match:
    if on is None or unit.in_force(on):
        return Match(unit, how)
    return Match(unit, how, convert(unit.code, _a_day(unit), on))
