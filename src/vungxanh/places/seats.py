"""Seat plans of vehicles and halls, written as a short text.

`2+2*10,5` is ten rows of 2+2 and a last row of five. Rows count from the front; seats are lettered from the left.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vungxanh.core.errors import UserError

_ROW = re.compile(r"^(\d{1,2}(?:\+\d{1,2})*)(?:\*(\d{1,3}))?$")
MOST_SEATS = 2_000


@dataclass(frozen=True, slots=True)
class Seat:
    """`label` is what is printed on it: row and letter, `12C`."""

    row: int
    column: int
    label: str


def plan(layout: str) -> list[list[list[Seat]]]:
    """Rows of groups of seats; an aisle lies between groups. Raises UserError `places.bad-seat-layout`."""
    groups = [sizes for part in layout.replace(" ", "").split(",") for sizes in _rows(part, layout)]
    if not 0 < sum(map(sum, groups)) <= MOST_SEATS or max(map(sum, groups)) > 26:
        raise UserError("places.bad-seat-layout", field="seat_layout", value=layout)
    return [list(_seats(row, sizes)) for row, sizes in enumerate(groups, 1)]


def _rows(part: str, layout: str) -> list[list[int]]:
    match = _ROW.match(part)
    if not match:
        raise UserError("places.bad-seat-layout", field="seat_layout", value=layout)
    return [[int(size) for size in match[1].split("+")]] * int(match[2] or 1)


def _seats(row: int, sizes: list[int]) -> Iterator[list[Seat]]:
    column = 0
    for size in sizes:
        yield [Seat(row, at, f"{row}{chr(65 + at)}") for at in range(column, column + size)]
        column += size


def row_of(layout: str, label: str) -> int | None:
    """Row of the seat `label`; None where the plan has no such seat."""
    wanted = label.strip().upper()
    seats = (seat for row in plan(layout) for group in row for seat in group)
    return next((seat.row for seat in seats if seat.label == wanted), None)
