"""Hop by hop through the segment, with dense arrays for what is known of each person."""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Bits, Ints, Longs
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import Bounds, ContactRule
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_items import Hops, items
from vungxanh.tracing.engines.index_judge import PART, Pairs, joined, judge
from vungxanh.tracing.engines.index_needs import Asked
from vungxanh.tracing.engines.index_rows import Block, Paths
from vungxanh.tracing.engines.index_tables import Judged
from vungxanh.tracing.model import IndexPerson, PlaceEvent, Window
from vungxanh.tracing.window import passing_on_ends

NEVER_EXPOSED = 2**31 - 1
#: persons that a live tail may add before the arrays of a search have to be made again
SPARE = 65_536
Rank = NDArray[np.int32] | NDArray[np.int64]


@dataclass
class Ground:
    """What every search under one rule in one segment shares."""

    segment: Segment
    rule: ContactRule
    bounds: Bounds
    asked: Asked
    hubs: Hubs | None
    kernel: Any
    left_out: Counter[tuple[int, str]] = field(default_factory=Counter)
    events: set[PlaceEvent] = field(default_factory=set)

    def pairs(self, hops: Hops, hop: int) -> list[Pairs]:
        """Qualifying pairs of one hop, in parts of PART infectors; what bounds left out is counted."""
        parts = [self.judged(hops)] if len(hops) <= PART else self.in_parts(hops)
        self.note_hubs(hops, hop)
        if hop == 1 or not self.bounds.hop_minutes:
            return parts
        return [self.long_enough(part, hop) for part in parts]

    def long_enough(self, pairs: Pairs, hop: int) -> Pairs:
        enough = (pairs.found.household == 1) | (pairs.found.seconds >= 60 * self.bounds.hop_minutes)
        if enough.all():
            return pairs
        self.left_out[hop, "hop_minutes"] += int((~enough).sum())
        return pairs.take(enough)

    def judged(self, hops: Hops) -> Pairs:
        shared = items(self.segment, self.asked, self.kernel, hops, self.hubs)
        return judge(shared, self.rule, self.asked.seconds, self.segment, self.kernel)

    def in_parts(self, hops: Hops) -> list[Pairs]:
        """Parts fit into the processor's cache and go to as many threads as there are cores."""
        firsts = range(0, len(hops), PART)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(lambda first: self.judged(hops.part(first, first + PART)), firsts))

    def note_hubs(self, hops: Hops, hop: int) -> None:
        if self.hubs is not None:
            persons, places = self.segment.persons, self.segment.places
            for number, place, day in self.hubs.met():
                index = persons.one(int(hops.index[number]))
                self.events.add(PlaceEvent(index, hop, places.one(place), day, self.hubs.days[place, day]))


def first_hop(ground: Ground, windows: list[Window], codes: Longs) -> list[Block]:
    """Many cases at once, one generation. Cases the segment does not know have no contacts."""
    known = [(w.index, w.start, w.end) for w, code in zip(windows, codes.tolist(), strict=True) if code >= 0]
    if not known:
        return []
    table = np.array(known, dtype=np.int64)
    person = codes[codes >= 0].astype(np.int32)
    start, end = (np.ascontiguousarray(table[:, n], dtype=np.int32) for n in (1, 2))
    parts = ground.pairs(Hops(person, start, end, person), 1)
    rule, paths = ground.rule.id, Paths()
    return [
        Block(
            part.found,
            1,
            table[PART * number : PART * (number + 1), 0],
            person[PART * number : PART * (number + 1)],
            part.found.certainty,
            part,
            rule,
            paths,
        )
        for number, part in enumerate(parts)
    ]


@dataclass
class Known:
    """What is known of each person during a search, by code: large, so it is kept for the next search."""

    exposed: Ints
    generation: NDArray[np.int16]
    node: Longs
    worst: Bits
    mark: Ints

    @classmethod
    def of(cls, size: int) -> "Known":
        return cls(
            np.full(size, NEVER_EXPOSED, dtype=np.int32),
            np.full(size, -1, dtype=np.int16),
            np.full(size, -1, dtype=np.int64),
            np.zeros(size, dtype=np.int8),
            np.full(size, -1, dtype=np.int32),
        )

    def forget(self, codes: Ints) -> None:
        self.exposed[codes], self.generation[codes] = NEVER_EXPOSED, -1
        self.node[codes], self.worst[codes] = -1, 0


_spare: WeakKeyDictionary[Segment, list[Known]] = WeakKeyDictionary()


class Search:
    """One index person, any number of generations."""

    def __init__(self, ground: Ground, case: IndexPerson, window: Window, code: int) -> None:
        self.ground, self.case, self.window, self.code = ground, case, window, code
        self.paths = Paths()
        self.spare = _spare.setdefault(ground.segment.root or ground.segment, [])
        self.known = self.spare.pop() if self.spare else Known.of(len(ground.segment.persons) + SPARE)
        if len(self.known.exposed) < len(ground.segment.persons):
            self.known = Known.of(len(ground.segment.persons) + SPARE)

    def run(self, generations: int) -> list[Block]:
        """One block a hop."""
        self.known.generation[self.code] = 0
        blocks: list[Block] = []
        try:
            self.hops(generations, blocks)
        finally:
            for block in blocks:
                self.known.forget(np.ascontiguousarray(block.named.contact))
            self.known.forget(np.array([self.code], dtype=np.int32))
        self.spare.append(self.known)
        return blocks

    def hops(self, generations: int, blocks: list[Block]) -> None:
        one = np.array([self.code], dtype=np.int32)
        start, end = (np.array([t], dtype=np.int32) for t in (self.window.start, self.window.end))
        hops = Hops(one, start, end, one)
        for hop in range(1, generations + 1):
            pairs = joined(self.ground.pairs(hops, hop)) if len(hops.person) else None
            if pairs is None or not len(pairs):
                break
            infector = hops.person[pairs.found.hop]
            rank = self.ground.segment.persons.rank(infector)
            blocks.append(self.settle(pairs, hops, infector, rank, hop))
            if hop < generations:
                improved = self.improve(pairs.found, infector, rank)
                hops = self.next_hops(self.cut(improved, hop + 1))

    def settle(self, pairs: Pairs, hops: Hops, infector: Ints, rank: Rank, hop: int) -> Block:
        """Rows of those reached for the first time."""
        known = self.known
        reached = self.ground.kernel.settle(pairs.found, infector, rank, known.generation, known.mark, hop)
        named = pairs.found.take(reached.named)
        by = infector[reached.named]
        return Block(
            named,
            hop,
            np.full(len(hops), self.window.index, dtype=np.int64),
            hops.person,
            np.maximum(known.worst[by], named.certainty),
            pairs,
            self.ground.rule.id,
            self.paths,
            chain=known.node[by],
            numbers=reached.named,
            of_row=reached.of_row,
            low=reached.low,
            high=reached.high,
        )

    def improve(self, pairs: Judged, infector: Ints, rank: Rank) -> Ints:
        """Take over earlier exposures; returns whose improved."""
        known = self.known
        best = self.ground.kernel.improve(pairs, rank, known.exposed, known.mark)
        better, by = pairs.take(best), infector[best]
        contact: Ints = np.ascontiguousarray(better.contact)
        worst, parents = np.maximum(known.worst[by], better.certainty), known.node[by]
        known.exposed[contact], known.worst[contact] = better.first, worst
        known.node[contact] = self.paths.add(parents, contact)
        return contact

    def cut(self, people: Ints, hop: int) -> Ints:
        """The frontier of hop `hop`: the first by (first exposed, person)."""
        rank = self.ground.segment.persons.rank(people)
        ordered: Ints = people[np.lexsort((rank, self.known.exposed[people]))]
        limit = self.ground.bounds.frontier_people
        if limit is None or len(ordered) <= limit:
            return ordered
        self.ground.left_out[hop, "frontier"] += len(ordered) - limit
        return ordered[:limit]

    def next_hops(self, people: Ints) -> Hops:
        """`[A + latency, own isolation)`, at the latest to the end of the search."""
        segment = self.ground.segment
        start = self.known.exposed[people] + np.int32(self.ground.rule.latency_minutes)
        horizon = segment.end if self.case.end is None else self.case.end
        end = np.full(len(people), horizon, dtype=np.int32)
        for i in map(int, np.flatnonzero(segment.apart.knows(people))):
            apart = passing_on_ends(int(start[i]), segment.apart.of(int(people[i])))
            if apart is not None:
                end[i] = min(apart, horizon)
        return Hops(people, start, np.maximum(start, end), np.full(len(people), self.code, dtype=np.int32))
