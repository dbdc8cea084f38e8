"""Slices of a segment's arrays for many codes at once."""

import numpy as np

from vungxanh.lake.codes import place_in
from vungxanh.lake.presence import Ints, Longs


def ranges(first: Longs, count: Longs) -> tuple[Longs, Longs]:
    """(number of the range, index) for every index in the ranges [first, first + count)."""
    number = np.repeat(np.arange(len(count)), count)
    ends = np.cumsum(count)
    return number, np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - count), count)


def slots(listed: Ints, offsets: Longs, codes: Ints) -> tuple[Longs, Longs]:
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
