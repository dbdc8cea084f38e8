"""Rows of int32 that the inner loops of the index engine read and write, and the names of their columns.

One row lies in one cache line, and compiled code hands over one array instead of a dozen.
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Ints

Bools = NDArray[np.bool_]
KINDS = ("encounter", "household", "named", "roster", "seat", "visit")
ENCOUNTER, HOUSEHOLD, NAMED, ROSTER, SEAT, VISIT = range(6)
MARK_ASSUMED, MARK_AIR, MARK_CONTAINED = 1, 2, 4
MARK_COUNTED_AIR = 8  # air that the rule counts like presence
UNSURE_MARKS = MARK_ASSUMED | MARK_AIR | MARK_CONTAINED
NOBODY = 3  # in a column of certainties: the rule says no


class Column:
    """A column of a table by its name."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __get__(self, table: "Table | None", _: type | None = None) -> Any:
        return self if table is None else table.rows[:, self.number]


Own = TypeVar("Own", bound="Table")


class Table:
    """`rows` of shape (n, columns)."""

    __slots__ = ("rows",)
    COLUMNS = 0

    def __init__(self, rows: Ints) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def take(self: Own, which: NDArray[np.int64] | Bools) -> Own:
        return type(self)(self.rows[which])

    @classmethod
    def of(cls: type[Own], **columns: Any) -> Own:
        """From columns, all of them; a number stands for a column of it."""
        size = max(len(c) for c in columns.values() if isinstance(c, np.ndarray))
        rows = np.empty((size, cls.COLUMNS), dtype=np.int32)
        for name, column in columns.items():
            rows[:, vars(cls)[name].number] = column
        return cls(rows)

    @classmethod
    def joined(cls: type[Own], parts: list[Own]) -> Own:
        if len(parts) == 1:
            return parts[0]
        return cls(np.concatenate([np.zeros((0, cls.COLUMNS), dtype=np.int32), *(part.rows for part in parts)]))


class Stays(Table):
    """Where infectors were inside their time: `lookup` is where to look for others, `place` the place to name,
    `mine` a row by person in `layer`; `cell`: row of the tables of needs."""

    __slots__ = ()
    COLUMNS = 10
    hop, lookup, place, start, end, mine, bits, marks, layer, cell = map(Column, range(10))


class Items(Table):
    """What a pair shared. `hop` numbers the infector; `mine` is a row of the kind's arrays by person in layer
    `ours`, `theirs` one by node in layer `other`."""

    __slots__ = ()
    COLUMNS = 14
    hop, contact, kind, place, start, end, seconds = map(Column, range(7))
    mine, theirs, marks, worst, best, ours, other = map(Column, range(7, 14))


class Judged(Table):
    """Pairs that qualify, by (hop, contact). `low : high` slices the order of the items; `twice`: two of its
    visits overlap."""

    __slots__ = ()
    COLUMNS = 10
    hop, contact, first, last, seconds, certainty, household, twice, low, high = map(Column, range(10))
