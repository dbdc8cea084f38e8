"""The three-valued verdict on many pairs at once, in NumPy."""

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Bits, Ints, Longs
from vungxanh.tracing.engines.index_tables import HOUSEHOLD, MARK_CONTAINED, NOBODY, UNSURE_MARKS, Items

Bools = NDArray[np.bool_]
CONFIRMED, PROBABLE, NEEDS_INTERVIEW = range(3)
WINDOW, ENCOUNTER, DAY = range(3)  # over what a rule's minutes count


def verdict(
    low: Longs, high: Longs, items: Items, asked: Longs, scope: int, days: Longs, told: Longs, length: Longs
) -> Bits:
    """Certainty of each pair `low : high` of items; NOBODY where the rule says no."""
    seconds, marks, worst, best = (
        np.ascontiguousarray(c) for c in (items.seconds, items.marks, items.worst, items.best)
    )
    pair = np.repeat(np.arange(len(low)), high - low)
    certain, recorded = (marks & MARK_CONTAINED) == 0, (marks & UNSURE_MARKS) == 0
    found = np.full(len(low), NOBODY, dtype=np.int8)
    for wanted in asked.tolist():
        sure = worst <= wanted
        lower(found, reached(low, seconds, best <= wanted, wanted), NEEDS_INTERVIEW)
        if sure.any():
            lower(found, reached(low, seconds, sure & certain, wanted), PROBABLE)
            chosen = sure & recorded
            summed = reached(low, seconds, chosen, wanted)
            if wanted and scope == DAY:
                summed &= by_day(len(low), pair, items, chosen & summed[pair], wanted, (days, told, length))
            elif wanted and scope == ENCOUNTER:
                summed &= by_encounter(len(low), pair, items, chosen & summed[pair], wanted)
            lower(found, summed, CONFIRMED)
    return found


def lower(found: Bits, where: Bools, certainty: int) -> None:
    found[where] = np.minimum(found[where], np.int8(certainty))


def reached(low: Longs, seconds: Ints, chosen: Bools, wanted: int) -> Bools:
    """Pairs whose chosen items exist and sum up to `wanted` seconds over the window."""
    some: Bools = np.logical_or.reduceat(chosen, low)
    if wanted == 0:
        return some
    total = np.add.reduceat(np.where(chosen, seconds, 0).astype(np.int64), low)
    found: Bools = some & (total >= wanted)
    return found


def by_encounter(pairs: int, pair: Longs, items: Items, chosen: Bools, wanted: int) -> Bools:
    """Items of one kind at one place that overlap or touch are one encounter."""
    found = np.zeros(pairs, dtype=bool)
    at = np.flatnonzero(chosen)
    if not len(at):
        return found
    some = items.take(at)
    order = np.lexsort((some.start, some.place, some.kind, pair[at]))
    some, of = some.take(order), pair[at][order]
    same = (np.diff(of) == 0) & (np.diff(some.kind) == 0) & (np.diff(some.place) == 0)
    group = np.concatenate([[0], np.cumsum(~same)])
    reach = np.maximum.accumulate((group << 32) + some.end)
    breaks = np.ones(len(at), dtype=bool)
    breaks[1:] = (group[1:] << 32) + some.start[1:] > reach[:-1]
    starts = np.flatnonzero(breaks)
    totals = np.add.reduceat(some.seconds.astype(np.int64), starts)
    found[of[starts[totals >= wanted]]] = True
    return found


def by_day(
    pairs: int, pair: Longs, items: Items, chosen: Bools, wanted: int, about: tuple[Longs, Longs, Longs]
) -> Bools:
    """Items are cut at local midnight; `about`: every midnight around them, seconds and minutes of encounters."""
    days, told, length = about
    totals: dict[tuple[int, int], int] = {}
    for i in map(int, np.flatnonzero(chosen)):
        at, end = int(items.start[i]), int(items.end[i])
        day = int(np.searchsorted(days, at, side="right")) - 1
        while at < end:
            until = min(end, int(days[day + 1]))
            key = (int(pair[i]), day)
            totals[key] = totals.get(key, 0) + part(items, i, until - at, int(told[i]), int(length[i]))
            at, day = until, day + 1
    found = np.zeros(pairs, dtype=bool)
    found[[number for (number, _), total in totals.items() if total >= wanted]] = True
    return found


def part(items: Items, i: int, minutes: int, told: int, length: int) -> int:
    """Seconds of an item that fall into so many of its minutes; `length` 0: all of them count."""
    if length:
        return told * minutes // length
    return 0 if items.kind[i] == HOUSEHOLD else 60 * minutes
