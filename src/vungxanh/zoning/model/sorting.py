"""Sorting of whole numbers, not negative. NumPy sorts int64 many times faster than it finds an order or hashes."""

import numpy as np

from vungxanh.zoning.model.parameters import Flags, Ints


def distinct(values: Ints) -> Ints:
    """Each value once, ascending."""
    found = np.sort(values)
    return found[firsts(found)]


def firsts(ordered: Ints) -> Flags:
    """Marks the first row of each run of equal numbers."""
    marked = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=marked[1:])
    return marked


def order_of(key: Ints) -> Ints:
    """The order that sorts `key`; equal ones stay as they were."""
    width = len(key).bit_length()
    if not len(key) or int(key.max()) >> (63 - width):
        return np.argsort(key, kind="stable")
    packed = np.sort((key.astype(np.int64) << width) | np.arange(len(key)))
    return packed & ((1 << width) - 1)


def among(values: Ints, ordered: Ints) -> Flags:
    """Which values stand in `ordered`."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Flags = ordered[at] == values
    return found


def distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Each pair once, in order."""
    size = int(second.max(initial=0)) + 1
    return np.divmod(distinct(first.astype(np.int64) * size + second), size)


def summed(first: Ints, second: Ints, amount: Ints) -> tuple[Ints, Ints, Ints]:
    """Amounts summed by (first, second), in that order."""
    size = int(second.max(initial=0)) + 1
    both, width = first.astype(np.int64) * size + second, int(amount.max(initial=0)).bit_length()
    if int(both.max(initial=0)) >> (63 - width):
        order = order_of(both)
        both, amount = both[order], amount[order]
    else:
        packed = np.sort((both << width) | amount)
        both, amount = packed >> width, packed & ((1 << width) - 1)
    begin = np.flatnonzero(firsts(both))
    return (*np.divmod(both[begin], size), np.add.reduceat(amount, begin) if len(begin) else amount)
