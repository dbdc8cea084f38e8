"""What infectors and contacts shared, for many infectors at once: slices of the segment, no Python per row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from vungxanh.lake.lookup import ranges, slots
from vungxanh.lake.presence import Ints
from vungxanh.lake.segment import UNKNOWN_ROW, Layer, Segment, Ties
from vungxanh.rules.condition import NEVER
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_needs import Asked, Needs
from vungxanh.tracing.engines.index_tables import (
    ENCOUNTER,
    HOUSEHOLD,
    MARK_AIR,
    MARK_CONTAINED,
    MARK_COUNTED_AIR,
    NAMED,
    ROSTER,
    SEAT,
    VISIT,
    Items,
    Stays,
)

#: whatever the mask: needs of (worst, best) that another column decides later
ANY_NEED = (np.zeros((1, 3), dtype=np.int32), np.zeros((1, 3), dtype=np.int32))


@dataclass(frozen=True, slots=True)
class Hops:
    """Infectors: person code, `[start, end)` in which each passes on, and the index person it is traced for."""

    person: Ints
    start: Ints
    end: Ints
    index: Ints
    first: int = 0  # number of the first of them in the whole search

    def __len__(self) -> int:
        return len(self.person)

    def part(self, low: int, high: int) -> "Hops":
        here = slice(low, high)
        return Hops(self.person[here], self.start[here], self.end[here], self.index[here], low)


def items(segment: Segment, asked: Asked, kernel: Any, hops: Hops, hubs: Hubs | None) -> Items:
    """Every item of every kind that can count under the rule."""
    found: list[Items] = []
    if "visits" in segment.kinds:
        found += by_visits(segment, asked, kernel, hops, hubs)
    if "rosters" in segment.kinds:
        found += by_presence(segment, asked.roster, ROSTER, kernel, own(segment, ROSTER, kernel, hops), hops)
    if "seats" in segment.kinds:
        found += by_seats(segment, asked, kernel, hops)
    if "homes" in segment.kinds:
        found += by_households(segment, asked, kernel, hops)
    if "meetings" in segment.kinds:
        found += by_meetings(segment, asked, hops)
    return Items.joined(found)


def ties_of(layer: Layer, kind: int) -> Ties:
    """The arrays that rows of a kind stand in."""
    if kind == VISIT:
        return layer.visits
    return {ROSTER: layer.rosters, SEAT: layer.seats, HOUSEHOLD: layer.homes}[kind]


def own(segment: Segment, kind: int, kernel: Any, hops: Hops) -> Stays:
    """The infectors' own rows, clipped to their time, by infector, node and start."""
    parts = []
    for number, layer in enumerate(segment.layers):
        ties = ties_of(layer, kind)
        if len(ties.node):
            parts.append(kernel.gather(ties, hops.person, hops.start, hops.end, number))
    found = Stays.joined(parts)
    if len(parts) < 2:
        return found
    return found.take(np.lexsort((found.start, found.place, found.hop)))


def by_visits(segment: Segment, asked: Asked, kernel: Any, hops: Hops, hubs: Hubs | None) -> Iterator[Items]:
    stays = own(segment, VISIT, kernel, hops)
    if asked.lingers:
        mark = MARK_COUNTED_AIR if asked.rule.air_counts else MARK_AIR
        stays = with_air(stays, asked.linger[segment.nature[stays.place]], mark)
    if segment.nested:
        stays = with_family(stays, segment)
    if hubs is not None:
        stays = hubs.cut(stays, hops)
    yield from by_presence(segment, asked.visit, VISIT, kernel, stays, hops)


def with_air(stays: Stays, linger: Ints, mark: int) -> Stays:
    """Each stay followed by the air it leaves, until the infector's next stay there."""
    until = stays.end + linger
    follows = (stays.hop[1:] == stays.hop[:-1]) & (stays.place[1:] == stays.place[:-1])
    until[:-1] = np.where(follows, np.minimum(until[:-1], stays.start[1:]), until[:-1])
    left = until > stays.end
    air = stays.take(left)
    air.start[:], air.end[:] = air.end, until[left]
    air.marks[:] |= mark
    return Stays.joined([stays, air])


def with_family(stays: Stays, segment: Segment) -> Stays:
    """The same stays also looked up in the places above and below."""
    first, others, outer = segment.family
    known = np.minimum(stays.place, len(first) - 2)  # places that came later lie in nothing
    count = np.where(stays.place < len(first) - 1, first[known + 1] - first[known], 0)
    number, at = ranges(first[known], count)
    if not len(at):
        return stays
    near = stays.take(number)
    near.lookup[:], near.place[:] = others[at], outer[at]
    near.marks[:] |= MARK_CONTAINED
    return Stays.joined([stays, near])


def by_presence(
    segment: Segment, needs: Needs, kind: int, kernel: Any, stays: Stays, hops: Hops
) -> Iterator[Items]:
    """Visits and rosters: both were there."""
    if not len(stays):
        return
    nature = segment.nature[stays.place]
    if segment.nested:
        nature = np.where(stays.marks & MARK_CONTAINED, 0, nature)
    stays.cell[:] = nature * 3 + (stays.bits >> 1)
    for number, layer in enumerate(segment.layers):
        ties = ties_of(layer, kind)
        if len(ties.since):
            yield kernel.meet(ties, stays, hops.person, hops.index, *needs, kind, number, 60)


def by_seats(segment: Segment, asked: Asked, kernel: Any, hops: Hops) -> Iterator[Items]:
    stays = own(segment, SEAT, kernel, hops)
    for number, layer in enumerate(segment.layers):
        ties = layer.seats
        if len(stays) and len(ties.since):
            found: Items = kernel.meet(ties, stays, hops.person, hops.index, *ANY_NEED, SEAT, number, 60)
            if len(found):
                found.worst[:], found.best[:] = seat_needs(segment, asked, found, ties)
                yield found.take(found.best < NEVER)


def seat_needs(segment: Segment, asked: Asked, found: Items, ties: Ties) -> Needs:
    rows = np.zeros(len(found), dtype=np.int32)
    bits = np.zeros(len(found), dtype=np.int32)
    for number, layer in enumerate(segment.layers):
        here = found.ours == number
        rows[here] = layer.seats.aux[found.mine[here]]
        bits[here] = layer.seats.bits[found.mine[here]]
    theirs = ties.aux[ties.piece[found.theirs]].astype(np.int32)
    unknown = (rows == UNKNOWN_ROW) | (theirs == UNKNOWN_ROW)
    delta = np.where(unknown, -1, np.abs(rows - theirs)).astype(np.int32)
    masks = (ties.marks[found.theirs] >> 1).astype(np.int32)
    return asked.seat(segment.nature[found.place], delta, bits >> 1, masks)


def by_households(segment: Segment, asked: Asked, kernel: Any, hops: Hops) -> Iterator[Items]:
    stays = own(segment, HOUSEHOLD, kernel, hops)
    for number, layer in enumerate(segment.layers):
        if len(stays) and len(layer.homes.since):
            yield kernel.meet(layer.homes, stays, hops.person, hops.index, *asked.household, HOUSEHOLD, number, 0)


def by_meetings(segment: Segment, asked: Asked, hops: Hops) -> Iterator[Items]:
    for number, layer in enumerate(segment.layers):
        met = layer.meetings
        if not len(met.other):
            continue
        first, stop = slots(met.who, met.of_person, hops.person)
        hop, at = ranges(first, stop - first)
        start, end = np.maximum(met.start[at], hops.start[hop]), np.minimum(met.end[at], hops.end[hop])
        kept = np.flatnonzero((start < end) & (met.other[at] != hops.index[hop]))
        hop, at, start, end = hop[kept], at[kept], start[kept], end[kept]
        if not len(at):
            continue
        facts, metres = met.facts[at], asked.metre_class(met.metres[at])
        told = segment.words.told[facts]
        length = met.end[at].astype(np.int64) - met.start[at]
        found = Items.of(
            hop=hop,
            contact=met.other[at],
            kind=np.where(told[:, 0] == 1, NAMED, ENCOUNTER),
            place=met.place[at],
            start=start,
            end=end,
            seconds=met.seconds[at].astype(np.int64) * (end - start) // length,
            mine=at,
            theirs=at,
            marks=told[:, 8],
            worst=asked.meeting[0][facts, metres],
            best=asked.meeting[1][facts, metres],
            ours=number,
            other=number,
        )
        yield found.take(found.best < NEVER)
