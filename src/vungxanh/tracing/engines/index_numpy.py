"""The inner loops of the index engine in NumPy: what runs where Numba is absent, and for small lakes.

`index_numba` has the same functions, compiled; tests/generative holds both equal to the reference engine.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.lookup import longest_of, own_rows, ranges, started, valid_rows
from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import ASSUMED, Ints, Longs
from vungxanh.lake.segment import Ties
from vungxanh.rules.condition import NEVER
from vungxanh.tracing.engines.index_tables import (
    HOUSEHOLD,
    MARK_CONTAINED,
    NOBODY,
    VISIT,
    Items,
    Judged,
    Stays,
)
from vungxanh.tracing.engines.index_verdict import verdict

Bools = NDArray[np.bool_]
Rank = NDArray[np.int32] | NDArray[np.int64]
MANY = 2000


class Reached(NamedTuple):
    """Those reached for the first time: the pair that names each, and the pairs `of_row[low : high]`, it first."""

    named: Longs
    of_row: Longs
    low: Longs
    high: Longs


def gather(ties: Ties, person: Ints, start: Ints, end: Ints, layer: int) -> Stays:
    """Each person's own rows that overlap [start, end), clipped to it."""
    hop, at = own_rows(ties, person)
    s, e = np.maximum(ties.start[at], start[hop]), np.minimum(ties.end[at], end[hop])
    kept = s < e
    hop, at, s, e = hop[kept], at[kept], s[kept], e[kept]
    node = ties.node[at]
    return Stays.of(
        hop=hop, lookup=node, place=node, start=s, end=e, mine=at, bits=ties.bits[at], marks=0, layer=layer, cell=0
    )


def meet(
    ties: Ties,
    stays: Stays,
    person: Ints,
    index: Ints,
    worst: Ints,
    best: Ints,
    kind: int,
    layer: int,
    seconds: int,
) -> Items:
    """Everybody else who was there. `person`, `index` by hop; `worst`, `best`: tables by (cell, mask);
    `seconds`: of a minute."""
    if len(stays) > MANY:  # neighbours share cache lines
        stays = stays.take(by_keys(stays.lookup, stays.start))
    lookup, start, end = (np.ascontiguousarray(c) for c in (stays.lookup, stays.start, stays.end))
    low, high = started(ties, lookup, start - longest_of(ties, lookup) + 1, end.astype(np.int64))
    number, at = valid_rows(ties, *ranges(low, high - low))
    s, e = np.maximum(start[number], ties.since[at]), np.minimum(end[number], ties.till[at])
    member, hop = ties.member[at], stays.hop[number]
    kept = (e > s) & (member != person[hop]) & (member != index[hop])
    cell = (stays.cell[number], ties.marks[at] >> 1)
    kept &= best[cell] < NEVER
    which = np.flatnonzero(kept)
    number, at, s, e = number[which], at[which], s[which], e[which]
    cell = (cell[0][which], cell[1][which])
    mine = stays.take(number)
    return Items.of(
        hop=mine.hop,
        contact=member[which],
        kind=kind,
        place=mine.place,
        start=s,
        end=e,
        seconds=seconds * (e - s),
        mine=mine.mine,
        theirs=at,
        marks=mine.marks | ((ties.marks[at] | mine.bits) & ASSUMED),
        worst=np.where(mine.marks & MARK_CONTAINED, NEVER, worst[cell]),
        best=best[cell],
        ours=mine.layer,
        other=layer,
    )


def judge(items: Items, asked: Longs, scope: int, days: Longs, told: Longs, length: Longs) -> tuple[Judged, Longs]:
    """Every pair that the rule calls a contact, or may; and the order of the items by (hop, contact).

    `asked`: seconds that the rule waits for; `scope`: over what they count; `days`: local midnights; `told`,
    `length`: seconds and minutes of the whole encounter behind an item.
    """
    order = by_keys(items.hop, items.contact)
    if not len(order):
        return Judged(np.zeros((0, Judged.COLUMNS), dtype=np.int32)), order
    by_pair = Items(items.rows[order])
    key = (by_pair.hop.astype(np.int64) << 32) | by_pair.contact
    low = np.flatnonzero(np.diff(key, prepend=-1))
    high = np.append(low[1:], len(key))
    about = (days, told[order], length[order]) if len(told) else (days, told, length)
    certainty = verdict(low, high, by_pair, asked, scope, *about)
    found = Judged.of(
        hop=by_pair.hop[low],
        contact=by_pair.contact[low],
        first=np.minimum.reduceat(by_pair.start, low),
        last=np.maximum.reduceat(by_pair.end, low),
        seconds=np.add.reduceat(by_pair.seconds, low),
        certainty=certainty,
        household=np.logical_or.reduceat(by_pair.kind == HOUSEHOLD, low),
        twice=overlapping(by_pair, low, high),
        low=low,
        high=high,
    )
    return found.take(certainty < NOBODY), order


def overlapping(items: Items, low: Longs, high: Longs) -> Bools:
    """Which of the slices hold two visits that overlap in time."""
    found = np.zeros(len(low), dtype=bool)
    many = np.flatnonzero(high - low > 1)
    number, at = ranges(low[many], (high - low)[many])
    visit = items.kind[at] == VISIT
    number, at = number[visit], at[visit]
    by_time = np.lexsort((items.start[at], number))
    number, at = number[by_time], at[by_time]
    if len(at) > 1:
        reach = np.maximum.accumulate((number << 32) + items.end[at])
        clash = (number[1:] << 32) + items.start[at][1:] < reach[:-1]
        found[many[number[1:][clash]]] = True
    return found


def settle(
    pairs: Judged, infector: Ints, rank: Rank, generation: NDArray[np.int16], mark: Ints, hop: int
) -> Reached:
    """Those reached for the first time; the named infector is of class hop-1 where one is, then earliest, longest,
    least. Notes their generation. `mark` is all -1 before and after."""
    contact, first, seconds = (np.ascontiguousarray(c) for c in (pairs.contact, pairs.first, pairs.seconds))
    fresh = np.flatnonzero(generation[contact] < 0)
    lesser = (generation[infector[fresh]] != hop - 1).astype(np.int8)
    order = np.lexsort((rank[fresh], -seconds[fresh], first[fresh], lesser, contact[fresh]))
    fresh, lesser = fresh[order], lesser[order]
    begins = np.diff(contact[fresh], prepend=-1) != 0
    low = np.flatnonzero(begins)
    of_class = lesser == lesser[low][np.cumsum(begins) - 1] if len(low) else np.zeros(0, dtype=bool)
    counts = np.add.reduceat(of_class, low, dtype=np.int64) if len(low) else np.zeros(0, dtype=np.int64)
    ends = np.cumsum(counts)
    generation[contact[fresh[low]]] = hop
    return Reached(fresh[low], fresh[of_class], ends - counts, ends)


def improve(pairs: Judged, rank: Rank, exposed: Ints, mark: Ints) -> Longs:
    """The best pair of each contact whose exposure it makes earlier."""
    contact, first = np.ascontiguousarray(pairs.contact), np.ascontiguousarray(pairs.first)
    order = np.lexsort((rank, -pairs.seconds, first, contact))
    best = order[np.flatnonzero(np.diff(contact[order], prepend=-1))]
    found: Longs = best[first[best] < exposed[contact[best]]]
    return found
