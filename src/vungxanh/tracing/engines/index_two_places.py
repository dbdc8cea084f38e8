"""Bad data: a pair that shared time at two separate places at once."""

from collections.abc import Iterator
from itertools import islice, takewhile

import numpy as np

from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Segment
from vungxanh.tracing.engines.index_items import VISIT, Items
from vungxanh.tracing.engines.index_rows import Block
from vungxanh.tracing.model import TwoPlaces


def two_places(segment: Segment, block: Block) -> Iterator[TwoPlaces]:
    """One for each row of the block whose named pair overlaps itself."""
    pairs, named = block.pairs, block.of_row[block.low]
    many = np.flatnonzero(pairs.high[named] - pairs.low[named] > 1)
    for row in map(int, many[overlaps(pairs.items, pairs.low[named[many]], pairs.high[named[many]])]):
        pair = int(named[row])
        if separate(segment, pairs.items, int(pairs.low[pair]), int(pairs.high[pair])):
            infector = int(segment.persons[block.infectors[pairs.hop[pair]]])
            yield TwoPlaces(int(block.index[row]), infector, int(segment.persons[block.contact[row]]))


def overlaps(items: Items, low: Longs, high: Longs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of the slices hold two visits that overlap in time."""
    count = high - low
    number = np.repeat(np.arange(len(count)), count)
    at = np.arange(int(count.sum())) + np.repeat(low - (np.cumsum(count) - count), count)
    visit = items.kind[at] == VISIT
    number, at = number[visit], at[visit]
    order = np.lexsort((items.start[at], number))
    number, start, end = number[order], items.start[at][order], items.end[at][order]
    reach = np.maximum.accumulate((number << 32) + end)
    found = np.zeros(len(count), dtype=bool)
    found[number[1:][(number[1:] << 32) + start[1:] < reach[:-1]]] = True
    return found


def separate(segment: Segment, items: Items, low: int, high: int) -> bool:
    """Do two visits overlap at places of which neither contains the other?"""
    visits = sorted(
        (int(items.start[i]), int(items.end[i]), int(items.place[i]))
        for i in range(low, high)
        if items.kind[i] == VISIT
    )
    return any(
        not nested(segment, place, other)
        for n, (_, end, place) in enumerate(visits)
        for start, _, other in takewhile(lambda visit: visit[0] < end, islice(visits, n + 1, None))  # noqa: B023
    )


def nested(segment: Segment, one: int, other: int) -> bool:
    return one == other or one in segment.above(other) or other in segment.above(one)
