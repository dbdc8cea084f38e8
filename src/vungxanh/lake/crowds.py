"""How many distinct people were at a place on a UTC day: the days on which a place may be a hub."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.lookup import ranges, slots
from vungxanh.lake.presence import Ints, Longs
from vungxanh.lake.segment import Ties

#: counted when a segment is built; who asks for smaller crowds has them counted then
CROWD = 500
Crowds = NDArray[np.int32]  # rows (place, UTC day, people), ordered


def crowds(layers: Sequence[Ties], places: int, more_than: int = CROWD, among: Ints | None = None) -> Crowds:
    """Place-days with more than so many distinct people, in all layers together; `among`: only these places."""
    rows = np.zeros(places, dtype=np.int64)
    for ties in layers:
        counts = np.diff(ties.of_node)
        rows[ties.nodes if len(ties.nodes) else slice(len(counts))] += counts
    many = np.flatnonzero(rows > more_than)
    if among is not None:
        many = np.intersect1d(many, among)
    found = [row for place in many.tolist() for row in crowded(layers, place, more_than)]
    return np.array(found, dtype=np.int32).reshape(-1, 3)


def crowded(layers: Sequence[Ties], place: int, more_than: int) -> Iterator[tuple[int, int, int]]:
    """The place's days with more than so many people. Only places with enough rows are asked for."""
    days, counts = np.unique(there(layers, place) >> 32, return_counts=True)
    for day, count in zip(days.tolist(), counts.tolist(), strict=True):
        if count > more_than:
            yield place, day, count


def there(layers: Sequence[Ties], place: int) -> Longs:
    """day << 32 | person for everybody who was there that day."""
    found = [np.zeros(0, dtype=np.int64)]
    for ties in layers:
        first, stop = slots(ties.nodes, ties.of_node, np.array([place], dtype=np.int32))
        here = slice(int(first[0]), int(stop[0]))
        start, last = ties.since[here] // MINUTES_A_DAY, (ties.till[here] - 1) // MINUTES_A_DAY
        number, day = ranges(start.astype(np.int64), (last - start + 1).astype(np.int64))
        found.append((day << 32) | ties.member[here][number])
    return np.unique(np.concatenate(found))
