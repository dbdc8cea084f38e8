"""Evidence in memory: one Arrow table per kind, in the lake's schema."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vungxanh.core.ids import content_id
from vungxanh.lake import rows
from vungxanh.lake.schema import KINDS, SCHEMAS

Unsigned = NDArray[np.uint64]
NULL = -(2**62)
ROW_TYPES: dict[str, type[rows.Row]] = {
    "visits": rows.Visit,
    "encounters": rows.Encounter,
    "seats": rows.Seat,
    "households": rows.Household,
    "rosters": rows.Roster,
    "isolations": rows.Isolation,
    "places": rows.Place,
}


def with_id(kind: str, row: rows.Row) -> rows.Row:
    """The row with an id: its own, or one made from its content, so that identical rows are one."""
    if row.row:
        return row
    content = [getattr(row, f.name) for f in fields(row) if f.name not in {"row", "source"}]
    return replace(row, row=content_id(kind, *content))


def table_of(kind: str, given: Iterable[rows.Row]) -> pa.Table:
    """Rows -> Arrow table, one row per id (the first of equal ids stays)."""
    unique: dict[int, rows.Row] = {}
    for row in given:
        named = with_id(kind, row)
        unique.setdefault(named.row, named)
    schema = SCHEMAS[kind]
    columns = [[getattr(row, name) for row in unique.values()] for name in schema.names]
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All rows somebody holds. Tables follow `schema.SCHEMAS`."""

    visits: pa.Table
    encounters: pa.Table
    seats: pa.Table
    households: pa.Table
    rosters: pa.Table
    isolations: pa.Table
    places: pa.Table

    @classmethod
    def of(
        cls,
        *,
        visits: Iterable[rows.Visit] = (),
        encounters: Iterable[rows.Encounter] = (),
        seats: Iterable[rows.Seat] = (),
        households: Iterable[rows.Household] = (),
        rosters: Iterable[rows.Roster] = (),
        isolations: Iterable[rows.Isolation] = (),
        places: Iterable[rows.Place] = (),
    ) -> Self:
        """Evidence from plain rows."""
        return cls(
            visits=table_of("visits", visits),
            encounters=table_of("encounters", encounters),
            seats=table_of("seats", seats),
            households=table_of("households", households),
            rosters=table_of("rosters", rosters),
            isolations=table_of("isolations", isolations),
            places=table_of("places", places),
        )

    @classmethod
    def empty(cls) -> Self:
        return cls(**{kind: SCHEMAS[kind].empty_table() for kind in KINDS})

    def with_tables(self, **tables: pa.Table) -> "Evidence":
        """The same evidence with some tables replaced; columns are brought into the schema's order and types."""
        return replace(self, **{k: t.select(SCHEMAS[k].names).cast(SCHEMAS[k]) for k, t in tables.items()})

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        for kind in KINDS:
            yield kind, getattr(self, kind)

    def rows(self, kind: str) -> list[Any]:
        """Rows of one kind as the dataclasses of `lake.rows`."""
        make = ROW_TYPES[kind]
        return [make(**row) for row in getattr(self, kind).to_pylist()]

    def joined(self, *others: "Evidence") -> "Evidence":
        """All rows of all; the first of equal ids stays."""
        others = tuple(other for other in others if other.num_rows)
        if not others:
            return self
        merged = {
            kind: unique_rows(pa.concat_tables([table, *(getattr(o, kind) for o in others)]))
            for kind, table in self.tables()
        }
        return Evidence(**merged)

    @property
    def fingerprint(self) -> str:
        """A name for exactly these rows, whatever their order."""
        return mark_of(self).text

    @property
    def num_rows(self) -> int:
        return sum(table.num_rows for _, table in self.tables())


def unique_rows(table: pa.Table) -> pa.Table:
    """The table without later rows of an id seen before."""
    ids = table.column("row").to_numpy()
    _, first = np.unique(ids, return_index=True)
    return table if len(first) == len(ids) else table.take(pa.array(np.sort(first)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A name for a set of rows: sums of well-mixed rows. `plus` joins sets that share none."""

    sums: tuple[int, ...] = (0,) * (2 * len(KINDS))

    def plus(self, other: "Mark") -> "Mark":
        return Mark(tuple((a + b) % 2**64 for a, b in zip(self.sums, other.sums, strict=True)))

    @property
    def text(self) -> str:
        return blake2b(repr(self.sums).encode(), digest_size=8).hexdigest()


def mark_of(evidence: Evidence) -> Mark:
    """Whatever a row says goes into it: a visit that is closed keeps its id and gets another end."""
    found: list[int] = []
    for _, table in evidence.tables():
        mixed = np.zeros(table.num_rows, dtype=np.uint64)
        for name in table.column_names:
            if name != "source":
                mixed = stirred(mixed ^ as_bits(table.column(name)), 0xBF58476D1CE4E5B9)
        for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
            found.append(int(stirred(mixed, factor).sum(dtype=np.uint64)))
    return Mark(tuple(found))


def stirred(values: Unsigned, factor: int) -> Unsigned:
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(factor)
    found: Unsigned = mixed ^ (mixed >> np.uint64(27))
    return found


def as_bits(column: pa.ChunkedArray) -> Unsigned:
    """Any column as numbers; null is one that no value has."""
    if pa.types.is_string(column.type):
        words = pc.unique(column)
        numbers = np.array([content_id(word or "") for word in words.to_pylist()], dtype=np.int64)
        found: Unsigned = numbers[pc.index_in(column, words).to_numpy()].view(np.uint64)
        return found
    if pa.types.is_floating(column.type):
        exact = pc.fill_null(column.cast(pa.float64()), float("nan"))
        return np.ascontiguousarray(exact.to_numpy()).view(np.uint64)
    plain = pc.fill_null(column.cast(pa.int64()), NULL)
    return np.ascontiguousarray(plain.to_numpy()).view(np.uint64)
