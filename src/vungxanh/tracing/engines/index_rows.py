"""Rows that exist as columns until somebody reads one."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import Bits, Ints, Longs
from vungxanh.lake.segment import Segment
from vungxanh.tracing.engines.index_items import (
    ENCOUNTER,
    HOUSEHOLD,
    KINDS,
    MARK_AIR,
    MARK_ASSUMED,
    MARK_CONTAINED,
    NAMED,
    ROSTER,
    SEAT,
    Items,
)
from vungxanh.tracing.engines.index_judge import Pairs
from vungxanh.tracing.model import Certainty, ContactRow, EvidenceItem


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one hop. `index` holds person ids; `chain` the infector's node in `paths`, -1 for the index person;
    `of_row[low : high]` are the pairs whose items are a row's evidence, the first of them the named one."""

    index: Longs
    contact: Ints
    generation: int
    first: Ints
    last: Ints
    seconds: Longs
    certainty: Bits
    chain: Longs
    of_row: Longs
    low: Longs
    high: Longs
    pairs: Pairs
    infectors: Ints  # person code by hop
    rule: str
    paths: "Paths"


class Paths:
    """Chains of persons as a tree: node -> (parent node, person code)."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.person: list[int] = []

    def add(self, parent: int, person: int) -> int:
        self.parent.append(parent)
        self.person.append(person)
        return len(self.person) - 1

    def codes(self, node: int) -> list[int]:
        """Person codes from the one after the index to `node`."""
        found: list[int] = []
        while node >= 0:
            found.append(self.person[node])
            node = self.parent[node]
        return found[::-1]


class Rows(Sequence[ContactRow]):
    """Contact rows in the order index, generation, first_exposed, contact; each made when first read, and kept."""

    def __init__(self, segment: Segment, blocks: list[Block]) -> None:
        self._segment, self._blocks = segment, blocks
        self._made: dict[
            int, ContactRow
        ] = {}  # shared with what `only` makes: positions in the blocks are the same
        sizes = [len(b.contact) for b in blocks]
        self._block = np.repeat(np.arange(len(blocks)), sizes)
        self._at = np.concatenate([np.arange(size) for size in sizes]) if blocks else np.zeros(0, dtype=np.int64)
        self._order = self._ordered()

    def _ordered(self) -> NDArray[np.int64]:
        columns = (self.column("index"), self.generations(), self.column("first"), self.column("contact"))
        if len(self._blocks) == 1:  # pairs come by (case, contact), so two keys are enough
            return by_keys(self._blocks[0].pairs.hop, columns[2]) if self._ascending() else by_keys(*columns)
        return by_keys(*columns)

    def _ascending(self) -> bool:
        block = self._blocks[0]
        return block.generation == 1 and len(block.pairs) == len(block.contact)

    def column(self, name: str) -> NDArray[np.int64]:
        """A column in the order of the blocks."""
        parts = [getattr(b, name) for b in self._blocks]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def generations(self) -> NDArray[np.int64]:
        return np.array([b.generation for b in self._blocks], dtype=np.int64)[self._block]

    def ordered(self, name: str) -> NDArray[np.int64]:
        """A column (index, contact, first, last, seconds, certainty; contacts as ids) in the order of the rows."""
        found = self.column(name)[self._order]
        return self._segment.persons[found] if name == "contact" else found

    def only(self, kept: NDArray[np.int64]) -> "Rows":
        """The rows at these positions."""
        found = copy(self)
        vars(found)["_order"] = self._order[kept]
        return found

    def merged(self) -> "Rows":
        """Per contact the least (generation, first_exposed, index)."""
        contact, generation = self.column("contact")[self._order], self.generations()[self._order]
        first, index = self.column("first")[self._order], self.column("index")[self._order]
        order = np.lexsort((index, first, generation, contact))
        fresh = np.diff(contact[order], prepend=-1) != 0
        return self.only(np.sort(order[fresh]))

    def __len__(self) -> int:
        return len(self._order)

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
        persons, index = self._segment.persons, int(block.index[at])
        codes = [*block.paths.codes(int(block.chain[at])), int(block.contact[at])]
        return ContactRow(
            index,
            int(persons[block.contact[at]]),
            block.generation,
            int(block.first[at]),
            int(block.last[at]),
            int(block.seconds[at]),
            Certainty(int(block.certainty[at])),
            block.rule,
            (index, *(int(persons[code]) for code in codes)),
            self._evidence(block, at),
        )

    def _evidence(self, block: Block, at: int) -> tuple[EvidenceItem, ...]:
        pairs = block.pairs
        found = [
            item_of(self._segment, pairs.items, i, int(block.infectors[pairs.hop[pair]]))
            for pair in map(int, block.of_row[block.low[at] : block.high[at]])
            for i in range(int(pairs.low[pair]), int(pairs.high[pair]))
        ]
        return tuple(sorted(found, key=lambda item: item.order))


def item_of(segment: Segment, items: Items, i: int, infector: int) -> EvidenceItem:
    """One item as the model says it."""
    kind, marks = int(items.kind[i]), int(items.marks[i])
    ties = {SEAT: segment.seats, ROSTER: segment.rosters, HOUSEHOLD: segment.homes}.get(kind, segment.visits)
    rows = segment.meetings.row if kind in (ENCOUNTER, NAMED) else ties.row
    return EvidenceItem(
        KINDS[kind],
        place_of(segment, kind, int(items.place[i])),
        int(items.start[i]),
        int(items.end[i]),
        int(items.seconds[i]),
        int(segment.persons[infector]),
        int(rows[items.mine[i]]),
        int(rows[items.theirs[i]]),
        assumed=bool(marks & MARK_ASSUMED),
        air=bool(marks & MARK_AIR),
        contained=bool(marks & MARK_CONTAINED),
    )


def place_of(segment: Segment, kind: int, code: int) -> int | None:
    if code < 0:
        return None
    return int(segment.households[code] if kind == HOUSEHOLD else segment.places[code])
