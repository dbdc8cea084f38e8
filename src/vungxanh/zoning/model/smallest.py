"""The smallest set of units that holds a chosen share of the expected infections.

It is a partial cover with costs that overlap (a person closed in twice counts once), hard to solve exactly.
Search: greedy by infections held per person more, then whatever has become needless is let go, dearest first.
`exact` tries every set; tests measure the gap between the two on small worlds.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.parameters import Flags
from vungxanh.zoning.model.sorting import distinct
from vungxanh.zoning.model.units import Unit, UnitId

#: closing a place costs something even where nobody belongs to it: as much as keeping one person in
UNIT_COST = 1


@dataclass(frozen=True)
class Point:
    """After the k-th unit: how many are closed in, which share of the expected infections is held."""

    units: int
    people: int
    share: float


@dataclass(frozen=True)
class Cover:
    """A set of units. `order`: as chosen; `people`: distinct persons closed in; `share` held, 0..1."""

    order: tuple[UnitId, ...]
    people: int
    share: float

    @property
    def cost(self) -> int:
        return self.people + UNIT_COST * len(self.order)


class Search:
    """Greedy choice over all units, kept so that every share is read from one run."""

    def __init__(self, units: Sequence[Unit], events: int, *, look: bool = True) -> None:
        """`look` False: only to measure areas chosen elsewhere."""
        self.units = {unit.id: unit for unit in units}
        self.events = events
        everybody = np.concatenate([np.zeros(0, np.int64), *(unit.people for unit in units)])
        persons = distinct(everybody)
        number = np.searchsorted(persons, everybody)
        parts = np.split(number, np.cumsum([len(unit.people) for unit in units])[:-1]) if units else []
        self.people = {unit.id: part for unit, part in zip(units, parts, strict=True)}
        self.size = len(persons)
        self.path, self.curve = self._greedy() if look else ([], [Point(0, 0, 0.0)])

    def _greedy(self) -> tuple[list[UnitId], list[Point]]:
        held, inside = np.zeros(self.events, bool), np.zeros(self.size, bool)
        path: list[UnitId] = []
        curve, events, people = [Point(0, 0, 0.0)], 0, 0
        heap = [(-len(unit.events) / (len(unit.people) + UNIT_COST), unit.id) for unit in self.units.values()]
        heapq.heapify(heap)
        while heap:
            _, name = heapq.heappop(heap)
            gain, closed_in = self._gain(name, held, inside)
            if not gain:
                continue
            worth = gain / (closed_in + UNIT_COST)
            if heap and worth < -heap[0][0]:
                heapq.heappush(heap, (-worth, name))
                continue
            self._close(name, held, inside)
            path.append(name)
            events, people = events + gain, people + closed_in
            curve.append(Point(len(path), people, events / self.events))
        return path, curve

    def _gain(self, name: UnitId, held: Flags, inside: Flags) -> tuple[int, int]:
        """(infections, people) that closing this unit too would add."""
        events, people = self.units[name].events, self.people[name]
        return len(events) - int(np.count_nonzero(held[events])), len(people) - int(
            np.count_nonzero(inside[people])
        )

    def _close(self, name: UnitId, held: Flags, inside: Flags) -> None:
        held[self.units[name].events] = True
        inside[self.people[name]] = True

    def holding(self, share: float) -> Cover:
        """The smallest set found that holds at least `share`; all that can be held where that is less."""
        chosen: list[UnitId] = []
        for point, name in zip(self.curve[1:], self.path, strict=True):
            chosen.append(name)
            if point.share >= share:
                break
        return self.measured(self._let_go(chosen, share))

    def _let_go(self, chosen: list[UnitId], share: float) -> list[UnitId]:
        """Without the units that the others have made needless, dearest first."""
        times = np.zeros(self.events, np.int64)
        for name in chosen:
            times[self.units[name].events] += 1
        held = int((times > 0).sum())
        need = min(int(np.ceil(share * self.events)), held)
        kept = list(chosen)
        for name in sorted(chosen, key=lambda one: (-len(self.units[one].people), one)):
            lost = int((times[self.units[name].events] == 1).sum())
            if held - lost >= need:
                held -= lost
                times[self.units[name].events] -= 1
                kept.remove(name)
        return kept

    def measured(self, chosen: Sequence[UnitId]) -> Cover:
        """A set as it is: also one that an officer edited by hand."""
        held, inside = np.zeros(self.events, bool), np.zeros(self.size, bool)
        for name in chosen:
            self._close(name, held, inside)
        share = float(held.sum()) / self.events if self.events else 1.0
        return Cover(tuple(chosen), int(np.count_nonzero(inside)), share)


def exact(units: Sequence[Unit], events: int, share: float) -> Cover:
    """The cheapest set by trying all: for small worlds only (2 ** len(units) sets)."""
    people = [_bits(unit.people.tolist()) for unit in units]
    held = [_bits(unit.events.tolist()) for unit in units]
    best: tuple[int, int] | None = None
    for chosen in range(2 ** len(units)):
        rows = [row for row in range(len(units)) if chosen >> row & 1]
        if _union(held, rows).bit_count() >= share * events:
            cost = _union(people, rows).bit_count() + UNIT_COST * len(rows)
            best = min(best or (cost, chosen), (cost, chosen))
    wanted = 2 ** len(units) - 1 if best is None else best[1]
    return Search(units, events).measured([unit.id for row, unit in enumerate(units) if wanted >> row & 1])


def _bits(numbers: Sequence[int]) -> int:
    return sum(1 << number for number in set(numbers))


def _union(bits: Sequence[int], rows: Sequence[int]) -> int:
    found = 0
    for row in rows:
        found |= bits[row]
    return found
