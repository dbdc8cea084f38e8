"""Slices of a segment's arrays for many codes at once."""

import numpy as np

from vungxanh.lake.codes import Numbers, place_in
from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Ties


def ranges(first: Longs, count: Longs) -> tuple[Longs, Longs]:
    """(number of the range, index) for every index in the ranges [first, first + count)."""
    number = np.repeat(np.arange(len(count)), count)
    ends = np.cumsum(count)
    return number, np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - count), count)


def slots(listed: Numbers, offsets: Longs, codes: Numbers) -> tuple[Longs, Longs]:
    """(first, end) of the slice of each code; empty where there is none."""
    if not len(listed):
        if len(offsets) == 1:
            return np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
        known = codes < len(offsets) - 1
        at = np.where(known, codes, 0).astype(np.int64)
    else:
        at = place_in(listed, codes)
        known, at = at >= 0, np.maximum(at, 0)
    first = offsets[at]
    return first, np.where(known, offsets[at + 1], first)


def bisect(values: Numbers, low: Longs, high: Longs, wanted: Numbers) -> Longs:
    """First index in each slice [low, high) whose value is not below what is wanted."""
    low, high = low.copy(), high.copy()
    while (todo := low < high).any():
        middle = (low + high) >> 1
        below = todo & (values[np.minimum(middle, len(values) - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(todo & ~below, middle, high)
    return low


def longest_of(ties: Ties, nodes: Numbers) -> Longs:
    """Of each node; of one that the layer does not know, anything."""
    if not len(ties.longest):
        return np.zeros(len(nodes), dtype=np.int64)
    last = len(ties.longest) - 1
    at = np.maximum(place_in(ties.nodes, nodes), 0) if len(ties.nodes) else np.minimum(nodes, last)
    found: Longs = ties.longest[at]
    return found


def started(ties: Ties, nodes: Numbers, begin: Numbers, end: Numbers) -> tuple[Longs, Longs]:
    """(first, end) of the rows by node that start in [begin, end) there."""
    low, high = slots(ties.nodes, ties.of_node, nodes)
    return bisect(ties.since, low, high, begin), bisect(ties.since, low, high, end)


def own_rows(ties: Ties, persons: Numbers) -> tuple[Longs, Longs]:
    """(position in `persons`, row by person) of what each belongs to, without what a later layer tells anew."""
    first, stop = slots(ties.who, ties.of_person, persons)
    number, at = ranges(first, stop - first)
    return (number, at) if not len(ties.hidden) else _seen(ties, number, at, at)


def valid_rows(ties: Ties, number: Longs, at: Longs) -> tuple[Longs, Longs]:
    """The same of rows by node."""
    return (number, at) if not len(ties.hidden) else _seen(ties, number, at, ties.piece[at])


def _seen(ties: Ties, number: Longs, at: Longs, piece: Numbers) -> tuple[Longs, Longs]:
    seen = place_in(ties.hidden, piece) < 0
    return number[seen], at[seen]
