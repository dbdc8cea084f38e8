"""How many distinct people were at a place on a UTC day: the days on which a place may be a hub."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.lookup import longest_of, ranges, slots, started
from vungxanh.lake.presence import Ints, Longs
from vungxanh.lake.segment import Ties

#: counted when a segment is built; who asks for smaller crowds has them counted then
CROWD = 500
Crowds = NDArray[np.int32]  # rows (place, UTC day, people), ordered


def crowds(layers: Sequence[Ties], places: int, more_than: int = CROWD) -> Crowds:
    """Place-days with more than so many distinct people, in all layers together."""
    rows = np.zeros(places, dtype=np.int64)
    for ties in layers:
        counts = np.diff(ties.of_node)
        rows[ties.nodes if len(ties.nodes) else slice(len(counts))] += counts
    found = [
        (place, day, count)
        for place in np.flatnonzero(rows > more_than).tolist()
        for day, count in counted(there(layers, place))
        if count > more_than
    ]
    return np.array(found, dtype=np.int32).reshape(-1, 3)


def crowds_on(layers: Sequence[Ties], place: Ints, day: Longs, more_than: int = CROWD) -> Crowds:
    """Those of these place-days with more than so many distinct people."""
    most = np.zeros(len(place), dtype=np.int64)
    begin, end = day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY
    for ties in layers:
        low, high = started(ties, place, begin - longest_of(ties, place), end)
        most += high - low
    found = [
        (at, on, count)
        for at, on in zip(place[most > more_than].tolist(), day[most > more_than].tolist(), strict=True)
        for _, count in counted(there(layers, at, on))
        if count > more_than
    ]
    return np.array(found, dtype=np.int32).reshape(-1, 3)


def counted(distinct: Longs) -> list[tuple[int, int]]:
    """(day, people) from day << 32 | person."""
    days, counts = np.unique(distinct >> 32, return_counts=True)
    return list(zip(days.tolist(), counts.tolist(), strict=True))


def there(layers: Sequence[Ties], place: int, only: int | None = None) -> Longs:
    """day << 32 | person, each once, for everybody who was there that day; `only` one day."""
    found = [np.zeros(0, dtype=np.int64)]
    at = np.array([place], dtype=np.int32)
    for ties in layers:
        first, stop = slots(ties.nodes, ties.of_node, at)
        if only is not None:
            begin = np.array([only * MINUTES_A_DAY])
            first, stop = started(ties, at, begin - longest_of(ties, at), begin + MINUTES_A_DAY)
        here = slice(int(first[0]), int(stop[0]))
        start, last = ties.since[here] // MINUTES_A_DAY, (ties.till[here] - 1) // MINUTES_A_DAY
        number, day = ranges(start.astype(np.int64), (last - start + 1).astype(np.int64))
        found.append((day << 32) | ties.member[here][number])
    distinct = np.sort(np.concatenate(found))
    seen = np.diff(distinct, prepend=-1) != 0
    if only is not None:
        seen &= distinct >> 32 == only
    each: Longs = distinct[seen]
    return each
