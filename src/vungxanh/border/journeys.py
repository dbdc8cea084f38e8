"""Flights, seats and gates as people write them. Pure.

VN36, VN036, VN 36 and HVN36 are one flight; a seat is row and letter, and only of an aeroplane.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from vungxanh.codes.parts import folded
from vungxanh.core.errors import UserError
from vungxanh.core.scope import path_of
from vungxanh.rules.dated import Strict, Text

_FLIGHT = re.compile(r"^([A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z])0*(\d{1,4})([A-Z]?)$")
_SEAT = re.compile(r"^0*([1-9]\d?)([A-HJ-L])$")


class Gate(Strict):
    """One gate of entry. `unit`: province of today in which it lies; `commune`: where its vehicles stand."""

    code: str
    kind: Literal["air", "land", "sea"]
    unit: str
    commune: str
    name: Text

    @property
    def scope_path(self) -> str:
        """Where its rows lie for officers: in the province, under the gate's own code."""
        return path_of(self.unit, f"g{self.code}")


@dataclass(frozen=True, slots=True)
class Flight:
    """`carrier` the two-character designator where it is known."""

    carrier: str
    number: int
    suffix: str = ""

    @property
    def key(self) -> str:
        """`VN36`: what all ways of writing this flight share."""
        return f"{self.carrier}{self.number}{self.suffix}"


def flight(text: str, carrier: str = "") -> Flight:
    """`HVN036` -> VN36; with `carrier` a bare number is enough (feeds keep them apart).

    Raises UserError `border.bad-flight`.
    """
    bare = re.sub(r"[\s\-./]", "", text).upper()
    if bare.isascii() and bare.isdigit() and carrier:
        bare = carrier.strip().upper() + bare
    match = _FLIGHT.match(bare)
    if not match or not int(match[2]):
        raise UserError("border.bad-flight", field="flight")
    return Flight(_two_letters().get(match[1], match[1]), int(match[2]), match[3])


def vehicle(text: str) -> str:
    """A plate, train or ship as it is compared: `29c - 123.45` -> `29C12345`; names keep their letters."""
    return re.sub(r"[\s.\-]", "", folded(text))[:60]


def seat_row(text: str) -> int | None:
    """`12A` -> 12: the row of an aeroplane's seat; None where the text is no such seat."""
    match = _SEAT.match(re.sub(r"[\s\-]", "", text).upper())
    return int(match[1]) if match else None


def seat(text: str) -> str:
    """`12 a`, `012A` -> `12A`. Raises UserError `border.bad-seat` (00A, 5I, 100A, C55)."""
    match = _SEAT.match(re.sub(r"[\s\-]", "", text).upper())
    if not match:
        raise UserError("border.bad-seat", field="seat")
    return f"{match[1]}{match[2]}"


@cache
def gates() -> dict[str, Gate]:
    """Code -> gate, in the order of the file."""
    return {raw["code"]: Gate.model_validate(raw) for raw in _data("gates")["gates"]}


def gate(code: str) -> Gate:
    """Raises UserError `border.unknown-gate`."""
    found = gates().get(code)
    if found is None:
        raise UserError("border.unknown-gate", field="gate", value=code[:20])
    return found


@cache
def _two_letters() -> dict[str, str]:
    """Three-letter designator -> two-character one."""
    return {three: two for two, three in _data("carriers")["carriers"].items()}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.border") / "data" / f"{name}.toml").read_text("utf-8"))
