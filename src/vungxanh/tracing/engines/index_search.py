"""Hop by hop through the segment, with dense arrays for what is known of each person."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from vungxanh.lake.presence import Bits, Ints, Longs
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import Bounds, ContactRule
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_items import Hops, items
from vungxanh.tracing.engines.index_judge import Pairs, judge
from vungxanh.tracing.engines.index_needs import Asked
from vungxanh.tracing.engines.index_rows import Block, Paths
from vungxanh.tracing.model import IndexPerson, PlaceEvent, Window
from vungxanh.tracing.window import Isolations, passing_on_ends

NEVER_EXPOSED = 2**31 - 1


def isolations_of(segment: Segment, code: int) -> Isolations:
    """(start, end, reason) of one person."""
    rows = segment.isolations[segment.isolated[code] : segment.isolated[code + 1]]
    return [(int(s), int(e), "negative" if negative else "isolation") for s, e, negative in rows]


@dataclass
class Ground:
    """What every search under one rule in one segment shares."""

    segment: Segment
    rule: ContactRule
    bounds: Bounds
    asked: Asked
    hubs: Hubs | None
    left_out: Counter[tuple[int, str]] = field(default_factory=Counter)
    events: set[PlaceEvent] = field(default_factory=set)

    def pairs(self, hops: Hops, hop: int) -> Pairs:
        """Qualifying pairs of one hop; what bounds left out is counted."""
        found = judge(items(self.segment, self.asked, self.bounds, hops, self.hubs), self.rule, self.segment)
        self.note_hubs(hops, hop)
        if hop == 1 or not self.bounds.hop_minutes:
            return found
        enough = found.household | (found.seconds >= 60 * self.bounds.hop_minutes)
        if not enough.all():
            self.left_out[hop, "hop_minutes"] += int((~enough).sum())
        return found.take(enough)

    def note_hubs(self, hops: Hops, hop: int) -> None:
        if self.hubs is not None:
            persons, places = self.segment.persons, self.segment.places
            for number, place, day in self.hubs.met():
                index = int(persons[hops.index[number]])
                self.events.add(PlaceEvent(index, hop, int(places[place]), day, self.hubs.days[place, day]))


def first_hop(ground: Ground, windows: list[Window]) -> Block:
    """Many cases at once, one generation. Cases the segment does not know have no contacts."""
    ids = np.array([w.index for w in windows], dtype=np.int64)
    codes = ground.segment.person_codes(ids)
    known = np.flatnonzero(codes >= 0)
    person = codes[known].astype(np.int32)
    start = np.array([windows[i].start for i in known], dtype=np.int32)
    end = np.array([windows[i].end for i in known], dtype=np.int32)
    pairs = ground.pairs(Hops(person, start, end, person), 1)
    n = np.arange(len(pairs))
    return Block(
        index=ids[known][pairs.hop],
        contact=pairs.contact,
        generation=1,
        first=pairs.first,
        last=pairs.last,
        seconds=pairs.seconds,
        certainty=pairs.certainty,
        chain=np.full(len(n), -1),
        of_row=n,
        low=n,
        high=n + 1,
        pairs=pairs,
        infectors=person,
        rule=ground.rule.id,
        paths=Paths(),
    )


class Search:
    """One index person, any number of generations."""

    def __init__(self, ground: Ground, case: IndexPerson, window: Window, code: int) -> None:
        self.ground, self.case, self.window, self.code = ground, case, window, code
        known = len(ground.segment.persons)
        self.exposed: Ints = np.full(known, NEVER_EXPOSED, dtype=np.int32)
        self.generation = np.full(known, -1, dtype=np.int16)
        self.node: Longs = np.full(known, -1, dtype=np.int64)
        self.worst: Bits = np.zeros(known, dtype=np.int8)
        self.paths = Paths()
        self.generation[code] = 0

    def run(self, generations: int) -> list[Block]:
        """One block a hop."""
        one = np.array([self.code], dtype=np.int32)
        start, end = (np.array([t], dtype=np.int32) for t in (self.window.start, self.window.end))
        hops = Hops(one, start, end, one)
        blocks = []
        for hop in range(1, generations + 1):
            pairs = self.ground.pairs(hops, hop)
            if not len(pairs):
                break
            blocks.append(self.settle(pairs, hops, hop))
            improved = self.improve(pairs, hops)
            if hop == generations:
                break
            hops = self.next_hops(self.cut(improved, hop + 1))
        return blocks

    def settle(self, pairs: Pairs, hops: Hops, hop: int) -> Block:
        """Rows of those reached for the first time."""
        infector = hops.person[pairs.hop]
        fresh = np.flatnonzero(self.generation[pairs.contact] < 0)
        lesser = (self.generation[infector[fresh]] != hop - 1).astype(np.int8)
        contact = pairs.contact[fresh]
        order = np.lexsort((infector[fresh], -pairs.seconds[fresh], pairs.first[fresh], lesser, contact))
        fresh, contact, lesser = fresh[order], contact[order], lesser[order]
        low = np.flatnonzero(np.diff(contact, prepend=-1))
        named, of_class = fresh[low], lesser == lesser[low][np.cumsum(np.diff(contact, prepend=-1) != 0) - 1]
        counts = np.add.reduceat(of_class, low, dtype=np.int64) if len(low) else np.zeros(0, dtype=np.int64)
        ends = np.cumsum(counts)
        block = Block(
            index=np.full(len(low), self.window.index, dtype=np.int64),
            contact=pairs.contact[named],
            generation=hop,
            first=pairs.first[named],
            last=pairs.last[named],
            seconds=pairs.seconds[named],
            certainty=np.maximum(self.worst[infector[named]], pairs.certainty[named]),
            chain=self.node[infector[named]].copy(),
            of_row=fresh[of_class],
            low=ends - counts,
            high=ends,
            pairs=pairs,
            infectors=hops.person,
            rule=self.ground.rule.id,
            paths=self.paths,
        )
        self.generation[block.contact] = hop
        return block

    def improve(self, pairs: Pairs, hops: Hops) -> Ints:
        """Take over earlier exposures; returns whose improved."""
        infector = hops.person[pairs.hop]
        order = np.lexsort((infector, -pairs.seconds, pairs.first, pairs.contact))
        best = order[np.flatnonzero(np.diff(pairs.contact[order], prepend=-1))]
        best = best[pairs.first[best] < self.exposed[pairs.contact[best]]]
        contact, by = pairs.contact[best], infector[best]
        worst = np.maximum(self.worst[by], pairs.certainty[best])
        nodes = [
            self.paths.add(parent, person)
            for parent, person in zip(self.node[by].tolist(), contact.tolist(), strict=True)
        ]
        self.exposed[contact], self.worst[contact] = pairs.first[best], worst
        self.node[contact] = np.array(nodes, dtype=np.int64)
        return contact

    def cut(self, people: Ints, hop: int) -> Ints:
        """The frontier of hop `hop`: the first by (first exposed, person)."""
        ordered: Ints = people[np.lexsort((people, self.exposed[people]))]
        limit = self.ground.bounds.frontier_people
        if limit is None or len(ordered) <= limit:
            return ordered
        self.ground.left_out[hop, "frontier"] += len(ordered) - limit
        return ordered[:limit]

    def next_hops(self, people: Ints) -> Hops:
        """`[A + latency, own isolation)`, at the latest to the end of the search."""
        segment = self.ground.segment
        start = self.exposed[people] + np.int32(self.ground.rule.latency_minutes)
        horizon = segment.end if self.case.end is None else self.case.end
        end = np.full(len(people), horizon, dtype=np.int32)
        for i in map(int, np.flatnonzero(segment.isolated[people + 1] > segment.isolated[people])):
            apart = passing_on_ends(int(start[i]), isolations_of(segment, int(people[i])))
            if apart is not None:
                end[i] = min(apart, horizon)
        return Hops(people, start, np.maximum(start, end), np.full(len(people), self.code, dtype=np.int32))
