"""The committed table of administrative units, read once.

Made by tools/build_units.py; the corrections and their reasons stand in data/overrides.toml.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import resources
from typing import Literal

Level = Literal["province", "district", "commune"]
Share = Literal["whole", "part", "area"]

OLD, NEW = "vn-2004", "vn-2025"
#: day on which the scheme of two levels replaced the scheme of three
REFORM = date(2025, 7, 1)
_LEVELS: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}
_KIND_EN = {
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Quận": "Urban district",
    "Huyện": "Rural district",
    "Thị xã": "Town",
    "Phường": "Ward",
    "Xã": "Commune",
    "Thị trấn": "Township",
    "Đặc khu": "Special zone",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit as it stood from `since` until the day before `until`.

    A code means nothing without its scheme: seven province codes and 1,868 commune codes changed meaning
    on 2025-07-01. `verified_from` is the first day on which an official list that we hold says so.
    """

    scheme: str
    code: str
    parent: str
    kind: str
    name: str
    since: date | None
    until: date | None
    verified_from: date
    lat: float
    lon: float

    @property
    def level(self) -> Level:
        return _LEVELS[len(self.code)]

    @property
    def full_name(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def kind_en(self) -> str:
        return _KIND_EN[self.kind]

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def verified(self, on: date) -> bool:
        """Does an official list that we hold cover this unit on that day?"""
        return self.in_force(on) and self.verified_from <= on


def scheme_on(on: date) -> str:
    return NEW if on >= REFORM else OLD


def version_on(on: date) -> date:
    """Day of the version of the list that is in force on `on`; the old scheme is held in its last version."""
    if scheme_on(on) == OLD:
        return REFORM.replace(month=6, day=30)
    changes = {unit.since for unit in table().units if unit.scheme == NEW and unit.since and unit.since <= on}
    return max(changes)


def _rows(name: str) -> Iterator[list[str]]:
    packed = (resources.files("vungxanh.places") / "data" / name).read_bytes()
    reader = csv.reader(gzip.decompress(packed).decode().splitlines())
    next(reader)
    return reader


def _unit(row: list[str], days: dict[str, date | None]) -> Unit:
    scheme, code, parent, kind, name, since, until, verified, lat, lon = row
    for text in (since, until, verified):
        if text not in days:
            days[text] = date.fromisoformat(text)
    sure = days[verified]
    assert sure
    return Unit(scheme, code, parent, kind, name, days[since], days[until], sure, float(lat), float(lon))


class Table:
    """All units and the transfers between the two schemes."""

    @cached_property
    def units(self) -> list[Unit]:
        days: dict[str, date | None] = {"": None}
        return [_unit(row, days) for row in _rows("units.csv.gz")]

    @cached_property
    def by_code(self) -> dict[tuple[str, str], list[Unit]]:
        found: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for unit in self.units:
            found[unit.scheme, unit.code].append(unit)
        return dict(found)

    @cached_property
    def by_parent(self) -> dict[tuple[str, str], list[str]]:
        """(scheme, code of the parent) -> codes of the children, each once."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for unit in self.units:
            found[unit.scheme, unit.parent][unit.code] = None
        return {key: list(codes) for key, codes in found.items()}

    @cached_property
    def aliases(self) -> dict[tuple[str, str], str]:
        """(scheme, other code) -> code; names in daily use stand under the empty scheme."""
        return {(scheme, alias): code for scheme, alias, code in _rows("aliases.csv.gz")}

    @cached_property
    def forward(self) -> dict[str, list[tuple[str, Share]]]:
        """Old code -> new codes with the share of its residents that moves there."""
        found: dict[str, list[tuple[str, Share]]] = defaultdict(list)
        for old, new, share in _rows("conversions.csv.gz"):
            found[old].append((new, share))  # type: ignore[arg-type]  # the build writes no other word
        return dict(found)

    @cached_property
    def backward(self) -> dict[str, list[tuple[str, Share]]]:
        """New code -> old codes with the share of the old unit that came."""
        found: dict[str, list[tuple[str, Share]]] = defaultdict(list)
        for old, targets in self.forward.items():
            for new, share in targets:
                found[new].append((old, share))
        return dict(found)


@cache
def table() -> Table:
    return Table()
