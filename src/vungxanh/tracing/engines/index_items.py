"""What infectors and contacts shared, for many infectors at once: slices of the segment, no Python per row."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import ASSUMED, Bits, Ints, Longs
from vungxanh.lake.segment import UNKNOWN_ROW, Segment, Ties
from vungxanh.rules.condition import NEVER
from vungxanh.rules.contact import Bounds
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_needs import Asked

KINDS = ("encounter", "household", "named", "roster", "seat", "visit")
ENCOUNTER, HOUSEHOLD, NAMED, ROSTER, SEAT, VISIT = range(6)
MARK_ASSUMED, MARK_AIR, MARK_CONTAINED = 1, 2, 4
LOW = 0xFFFFFFFF
MANY = 2000


@dataclass(frozen=True, slots=True)
class Hops:
    """Infectors: person code, `[start, end)` in which each passes on, and the index person it is traced for."""

    person: Ints
    start: Ints
    end: Ints
    index: Ints


@dataclass(frozen=True, slots=True)
class Items:
    """Columns of equal length. `hop` numbers the infector; `mine`, `theirs` number a row of the kind's arrays."""

    hop: Ints
    contact: Ints
    kind: Bits
    place: Ints
    start: Ints
    end: Ints
    seconds: Ints
    mine: Ints
    theirs: Ints
    marks: Bits
    worst: Ints
    best: Ints

    def __len__(self) -> int:
        return len(self.hop)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Items":
        return Items(*(getattr(self, f.name)[which] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Stays:
    """Where infectors were inside their time: `lookup` is where to look for others, `place` the place to name."""

    hop: Ints
    lookup: Ints
    place: Ints
    start: Ints
    end: Ints
    mine: Ints
    bits: Bits
    marks: Bits

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Stays":
        return Stays(*(getattr(self, f.name)[which] for f in fields(self)))


def joined(parts: list[Stays]) -> Stays:
    return Stays(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Stays)))


def ranges(first: Longs, count: Longs) -> tuple[Longs, Longs]:
    """(number of the range, index) for every index in the ranges [first, first + count)."""
    number = np.repeat(np.arange(len(count)), count)
    ends = np.cumsum(count)
    return number, np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - count), count)


def items(segment: Segment, asked: Asked, bounds: Bounds, hops: Hops, hubs: Hubs | None) -> Items:
    """Every item of every kind that can count under the rule."""
    parts = [*by_visits(segment, asked, hops, hubs)]
    if len(segment.rosters.node):
        parts.append(by_rosters(segment, asked, hops))
    if len(segment.seats.node):
        parts.append(by_seats(segment, asked, hops))
    if len(segment.homes.node):
        parts.append(by_households(segment, asked, hops))
    if len(segment.meetings.other):
        parts.append(by_meetings(segment, asked, hops))
    if len(parts) == 1:
        return parts[0]
    return Items(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Items)))


def own(ties: Ties, hops: Hops) -> Stays:
    """The infectors' own rows, clipped to their time."""
    first = ties.of_person[hops.person]
    hop, at = ranges(first, ties.of_person[hops.person + 1] - first)
    start, end = np.maximum(ties.start[at], hops.start[hop]), np.minimum(ties.end[at], hops.end[hop])
    kept = np.flatnonzero(start < end)
    at, hop = at[kept], hop[kept]
    node = ties.node[at]
    marks = np.zeros(len(at), dtype=np.int8)
    return Stays(
        hop.astype(np.int32), node, node, start[kept], end[kept], at.astype(np.int32), ties.bits[at], marks
    )


def by_visits(segment: Segment, asked: Asked, hops: Hops, hubs: Hubs | None) -> Iterator[Items]:
    stays = own(segment.visits, hops)
    if asked.linger.any():
        stays = with_air(stays, asked.linger[segment.nature[stays.place]])
    if len(segment.family[1]):
        stays = with_family(stays, segment)
    if hubs is not None:
        stays = hubs.cut(stays, hops)
    yield by_presence(segment, segment.visits, asked.visit, VISIT, stays, hops)


def with_air(stays: Stays, linger: Ints) -> Stays:
    """Each stay followed by the air it leaves, until the infector's next stay there."""
    until = stays.end + linger
    follows = (stays.hop[1:] == stays.hop[:-1]) & (stays.place[1:] == stays.place[:-1])
    until[:-1] = np.where(follows, np.minimum(until[:-1], stays.start[1:]), until[:-1])
    air = stays.take(until > stays.end)
    after = Stays(
        air.hop,
        air.lookup,
        air.place,
        air.end,
        until[until > stays.end],
        air.mine,
        air.bits,
        air.marks | np.int8(MARK_AIR),
    )
    return joined([stays, after])


def with_family(stays: Stays, segment: Segment) -> Stays:
    """The same stays also looked up in the places above and below."""
    first, others, outer = segment.family
    number, at = ranges(first[stays.place], first[stays.place + 1] - first[stays.place])
    if not len(at):
        return stays
    near = stays.take(number)
    contained = Stays(
        near.hop,
        others[at],
        outer[at],
        near.start,
        near.end,
        near.mine,
        near.bits,
        near.marks | np.int8(MARK_CONTAINED),
    )
    return joined([stays, contained])


def overlapping(ties: Ties, stays: Stays, hops: Hops) -> tuple[Longs, Longs]:
    """(number of the stay, index by node) for everybody else who was there at the same time."""
    if len(stays.lookup) > MANY:  # neighbours in the order of the keys share cache lines
        stays_order = np.argsort((stays.lookup.astype(np.int64) << 32) | stays.start)
        number, at = candidates(ties, stays.take(stays_order))
        number = stays_order[number]
    else:
        number, at = candidates(ties, stays)
    member, hop = ties.member[at], stays.hop[number]
    kept = np.flatnonzero(
        (ties.till[at] > stays.start[number]) & (member != hops.person[hop]) & (member != hops.index[hop])
    )
    return number[kept], at[kept]


def candidates(ties: Ties, stays: Stays) -> tuple[Longs, Longs]:
    """(number of the stay, index by node) for all that began early enough and not too early to be there still."""
    node = stays.lookup.astype(np.int64) << 32
    first = np.searchsorted(ties.key, node | np.maximum(stays.start - ties.longest[stays.lookup] + 1, 0))
    return ranges(first, np.searchsorted(ties.key, node | stays.end) - first)


def shared_time(ties: Ties, stays: Stays, number: Longs, at: Longs) -> tuple[Ints, Ints]:
    start = np.maximum(stays.start[number], (ties.key[at] & LOW).astype(np.int32))
    return start, np.minimum(stays.end[number], ties.till[at])


def by_presence(
    segment: Segment,
    ties: Ties,
    needs: tuple[Ints, Ints],
    kind: int,
    stays: Stays,
    hops: Hops,
) -> Items:
    """Visits and rosters: both were there."""
    number, at = overlapping(ties, stays, hops)
    theirs = ties.piece[at]
    bits, mine = ties.bits[theirs], stays.bits[number]
    marks = stays.marks[number] | ((bits | mine) & ASSUMED)
    contained = (marks & MARK_CONTAINED) != 0
    nature = np.where(contained, 0, segment.nature[stays.place[number]])
    where = (nature, mine >> 1, bits >> 1)
    worst = np.where(contained, NEVER, needs[0][where]).astype(np.int32)
    best = needs[1][where]
    start, end = shared_time(ties, stays, number, at)
    found = Items(
        stays.hop[number],
        ties.member[at],
        np.full(len(at), kind, dtype=np.int8),
        stays.place[number],
        start,
        end,
        60 * (end - start),
        stays.mine[number],
        theirs,
        marks,
        worst,
        best,
    )
    return possible(found)


def possible(found: Items) -> Items:
    """Without the items that can never count."""
    kept = found.best < NEVER
    return found if kept.all() else found.take(kept)


def by_rosters(segment: Segment, asked: Asked, hops: Hops) -> Items:
    stays = own(segment.rosters, hops)
    return by_presence(segment, segment.rosters, asked.roster, ROSTER, stays, hops)


def by_seats(segment: Segment, asked: Asked, hops: Hops) -> Items:
    ties = segment.seats
    stays = own(ties, hops)
    number, at = overlapping(ties, stays, hops)
    mine, theirs = stays.mine[number], ties.piece[at]
    rows, others = ties.aux[mine].astype(np.int32), ties.aux[theirs].astype(np.int32)
    unknown = (rows == UNKNOWN_ROW) | (others == UNKNOWN_ROW)
    delta = np.where(unknown, -1, np.abs(rows - others)).astype(np.int32)
    nature = segment.nature[stays.place[number]]
    worst, best = asked.seat(
        nature, delta, (ties.bits[mine] >> 1).astype(np.int32), (ties.bits[theirs] >> 1).astype(np.int32)
    )
    return plain_items(ties, SEAT, stays, number, at, worst, best, 60)


def by_households(segment: Segment, asked: Asked, hops: Hops) -> Items:
    stays = own(segment.homes, hops)
    number, at = overlapping(segment.homes, stays, hops)
    worst, best = (np.full(len(at), need, dtype=np.int32) for need in asked.household)
    return plain_items(segment.homes, HOUSEHOLD, stays, number, at, worst, best, 0)


def plain_items(
    ties: Ties, kind: int, stays: Stays, number: Longs, at: Longs, worst: Ints, best: Ints, seconds: int
) -> Items:
    """Items of rows that are taken as they are; `seconds` a minute counts."""
    start, end = shared_time(ties, stays, number, at)
    theirs = ties.piece[at]
    return possible(
        Items(
            stays.hop[number],
            ties.member[at],
            np.full(len(at), kind, dtype=np.int8),
            stays.place[number],
            start,
            end,
            seconds * (end - start),
            stays.mine[number],
            theirs,
            (ties.bits[theirs] | stays.bits[number]) & np.int8(ASSUMED),
            worst,
            best,
        )
    )


def by_meetings(segment: Segment, asked: Asked, hops: Hops) -> Items:
    met = segment.meetings
    first = met.of_person[hops.person]
    hop, at = ranges(first, met.of_person[hops.person + 1] - first)
    start, end = np.maximum(met.start[at], hops.start[hop]), np.minimum(met.end[at], hops.end[hop])
    kept = np.flatnonzero((start < end) & (met.other[at] != hops.index[hop]))
    hop, at, start, end = hop[kept], at[kept], start[kept], end[kept]
    facts, metres = met.facts[at], asked.metre_class(met.metres[at])
    told = np.array(segment.facts, dtype=np.int32).reshape(-1, 9)[facts]
    length = met.end[at].astype(np.int64) - met.start[at]
    return possible(
        Items(
            hop.astype(np.int32),
            met.other[at],
            np.where(told[:, 0] == 1, NAMED, ENCOUNTER).astype(np.int8),
            met.place[at],
            start,
            end,
            (met.seconds[at].astype(np.int64) * (end - start) // length).astype(np.int32),
            at.astype(np.int32),
            at.astype(np.int32),
            told[:, 8].astype(np.int8),
            asked.meeting[0][facts, metres],
            asked.meeting[1][facts, metres],
        )
    )
