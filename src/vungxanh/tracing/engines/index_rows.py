"""Rows that exist as columns until somebody reads one."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import Ints, Longs
from vungxanh.lake.segment import Layer, Segment
from vungxanh.tracing.engines.index_items import ties_of
from vungxanh.tracing.engines.index_judge import Pairs
from vungxanh.tracing.engines.index_tables import (
    ENCOUNTER,
    HOUSEHOLD,
    KINDS,
    MARK_AIR,
    MARK_ASSUMED,
    MARK_CONTAINED,
    MARK_COUNTED_AIR,
    NAMED,
    Judged,
)
from vungxanh.tracing.model import Certainty, ContactRow, EvidenceItem


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one hop, or of a part of it. `named`: the pair that names each row's infector, `numbers` its
    number, None for 0, 1, 2, …; `cases`, `infectors`: index person's id and infector's code by hop; `chain`: the
    infector's node in `paths`, None where it is the index person; `of_row[low : high]`: pairs whose items are a
    row's evidence, None where that is the named one alone."""

    named: Judged
    generation: int
    cases: Longs
    infectors: Ints
    certainty: Ints
    pairs: Pairs
    rule: str
    paths: "Paths"
    chain: Longs | None = None
    numbers: Longs | None = None
    of_row: Longs | None = None
    low: Longs | None = None
    high: Longs | None = None

    def __len__(self) -> int:
        return len(self.named)

    def column(self, name: str) -> NDArray[np.int64]:
        """index, contact (a code), first, last, seconds or certainty of every row."""
        if name == "index":
            return np.asarray(self.cases[self.named.hop])
        found = self.certainty if name == "certainty" else getattr(self.named, name)
        return np.asarray(found, dtype=np.int64)

    def pairs_of(self, row: int) -> Longs:
        """Numbers of the pairs that are a row's evidence."""
        if self.of_row is None or self.low is None or self.high is None:
            return np.array([row])
        return self.of_row[self.low[row] : self.high[row]]

    def number(self, row: int) -> int:
        """Number of the pair that names a row."""
        return row if self.numbers is None else int(self.numbers[row])

    def infector(self, pair: int) -> int:
        """Code of the infector of a pair."""
        return int(self.infectors[self.pairs.found.rows[pair, 0]])


class Paths:
    """Chains of persons as a tree: node -> (parent node, person code)."""

    def __init__(self) -> None:
        self.parent: Longs = np.zeros(0, dtype=np.int64)
        self.person: Ints = np.zeros(0, dtype=np.int32)

    def add(self, parents: Longs, persons: Ints) -> Longs:
        """New nodes, one for each parent and person."""
        begin = len(self.parent)
        self.parent = np.concatenate([self.parent, parents])
        self.person = np.concatenate([self.person, persons])
        return np.arange(begin, len(self.parent))

    def codes(self, node: int) -> list[int]:
        """Person codes from the one after the index to `node`."""
        found: list[int] = []
        while node >= 0:
            found.append(int(self.person[node]))
            node = int(self.parent[node])
        return found[::-1]


class Rows(Sequence[ContactRow]):
    """Contact rows in the order index, generation, first_exposed, contact; each made when first read, and kept."""

    def __init__(self, segment: Segment, blocks: list[Block]) -> None:
        self._segment, self._blocks = segment, blocks
        self._made: dict[
            int, ContactRow
        ] = {}  # shared with what `only` makes: positions in the blocks are the same
        self._sizes = [len(block) for block in blocks]

    @cached_property
    def _block(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self._blocks)), self._sizes)

    @cached_property
    def _at(self) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(0, dtype=np.int64), *map(np.arange, self._sizes)])

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        contact = self._segment.persons.rank(self.column("contact"))
        return by_keys(self.column("index"), self.generations(), self.column("first"), contact)

    def column(self, name: str) -> NDArray[np.int64]:
        """A column in the order of the blocks."""
        parts = [block.column(name) for block in self._blocks]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def generations(self) -> NDArray[np.int64]:
        return np.array([b.generation for b in self._blocks], dtype=np.int64)[self._block]

    def ordered(self, name: str) -> NDArray[np.int64]:
        """A column (index, contact, first, last, seconds, certainty; contacts as ids) in the order of the rows."""
        found = self.column(name)[self._order]
        return self._segment.persons.of(found) if name == "contact" else found

    def only(self, kept: NDArray[np.int64]) -> "Rows":
        """The rows at these positions."""
        found = copy(self)
        vars(found)["_order"] = self._order[kept]  # in place of the cached one
        return found

    def merged(self) -> "Rows":
        """Per contact the least (generation, first_exposed, index)."""
        ranks = self._segment.persons.rank(self.column("contact"))
        contact, generation = ranks[self._order], self.generations()[self._order]
        first, index = self.column("first")[self._order], self.column("index")[self._order]
        order = np.lexsort((index, first, generation, contact))
        fresh = np.diff(contact[order], prepend=-1) != 0
        return self.only(np.sort(order[fresh]))

    def __len__(self) -> int:
        return len(vars(self)["_order"]) if "_order" in vars(self) else sum(self._sizes)

    @overload
    def __getitem__(self, at: int) -> ContactRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[ContactRow]: ...
    def __getitem__(self, at: int | slice) -> ContactRow | list[ContactRow]:
        if isinstance(at, slice):
            return [self._row(int(i)) for i in self._order[at]]
        return self._row(int(self._order[at]))

    def _row(self, i: int) -> ContactRow:
        found = self._made.get(i)
        if found is None:
            found = self._made[i] = self._make(i)
        return found

    def _make(self, i: int) -> ContactRow:
        block, at = self._blocks[self._block[i]], int(self._at[i])
        persons, row = self._segment.persons, block.named.rows[at].tolist()
        index = int(block.cases[row[0]])
        codes = block.paths.codes(-1 if block.chain is None else int(block.chain[at]))
        return ContactRow(
            index,
            persons.one(row[1]),
            block.generation,
            row[2],
            row[3],
            row[4],
            Certainty(int(block.certainty[at])),
            block.rule,
            (index, *map(persons.one, (*codes, row[1]))),
            self._evidence(block, at),
        )

    def _evidence(self, block: Block, at: int) -> tuple[EvidenceItem, ...]:
        found = [
            item_of(self._segment, row, block.infector(pair))
            for pair in map(int, block.pairs_of(at))
            for row in block.pairs.of(pair).rows.tolist()
        ]
        return tuple(sorted(found, key=lambda item: item.order))


def item_of(segment: Segment, item: list[int], infector: int) -> EvidenceItem:
    """One item as the model says it, from a row of `index_tables.Items`."""
    _, _, kind, place, start, end, seconds, mine, theirs, marks, _, _, ours, other = item
    rows = rows_of(kind, segment.layers[ours], mine, segment.layers[other], theirs)
    return EvidenceItem(
        KINDS[kind],
        place_of(segment, kind, place),
        start,
        end,
        seconds,
        segment.persons.one(infector),
        *rows,
        assumed=bool(marks & MARK_ASSUMED),
        air=bool(marks & (MARK_AIR | MARK_COUNTED_AIR)),
        contained=bool(marks & MARK_CONTAINED),
    )


def rows_of(kind: int, ours: Layer, mine: int, other: Layer, theirs: int) -> tuple[int, int]:
    """Row ids of the infector's and the contact's part."""
    if kind in (ENCOUNTER, NAMED):
        row = int(ours.meetings.row[mine])
        return row, row
    ties = ties_of(other, kind)
    return int(ties_of(ours, kind).row[mine]), int(ties.row[ties.piece[theirs]])


def place_of(segment: Segment, kind: int, code: int) -> int | None:
    if code < 0:
        return None
    return (segment.households if kind == HOUSEHOLD else segment.places).one(code)
