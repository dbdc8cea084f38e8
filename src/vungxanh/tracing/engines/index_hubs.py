"""Hubs: places with more distinct people on a UTC day than the bound. What happens there is a place event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.crowds import CROWD, crowds
from vungxanh.lake.segment import Segment
from vungxanh.tracing.engines.index_tables import Stays

if TYPE_CHECKING:
    from vungxanh.tracing.engines.index_items import Hops


class Hubs:
    """The hub days of one segment under one bound, and the events met while cutting."""

    def __init__(self, segment: Segment, people: int) -> None:
        rows = segment.crowds
        if people < CROWD:
            rows = crowds([layer.visits for layer in segment.layers], len(segment.places), people)
        self.days = {(place, day): count for place, day, count in rows.tolist() if count > people}
        self.is_hub = np.zeros(len(segment.nature), dtype=bool)
        self.is_hub[[place for place, _ in self.days]] = True
        #: (hop number, place, day) met since the last call of `met`
        self.events: set[tuple[int, int, int]] = set()

    def cut(self, stays: Stays, hops: Hops) -> Stays:
        """Stays without the time at hubs; what is cut is remembered as events."""
        if not self.days or not len(stays):
            return stays
        there = self.is_hub[stays.place]
        if not there.any():
            return stays
        rows = [part for i in np.flatnonzero(there) for part in self.outside(stays, int(i), hops.first)]
        which = np.array([i for i, _, _ in rows], dtype=np.int64)
        left = stays.take(which)
        start, end = (np.array([row[n] for row in rows], dtype=np.int32) for n in (1, 2))
        left.start[:], left.end[:] = start, end
        return Stays.joined([stays.take(~there), left])

    def outside(self, stays: Stays, i: int, first: int) -> Iterator[tuple[int, int, int]]:
        """(i, start, end) of the parts of stay i that lie outside hub days."""
        place, at, end = int(stays.place[i]), int(stays.start[i]), int(stays.end[i])
        number = first + int(stays.hop[i])
        begin: int | None = None
        while at < end:
            day = at // MINUTES_A_DAY
            if (place, day) in self.days:
                self.events.add((number, place, day))
                if begin is not None:
                    yield i, begin, at
                begin = None
            elif begin is None:
                begin = at
            at = (day + 1) * MINUTES_A_DAY
        if begin is not None:
            yield i, begin, end

    def met(self) -> set[tuple[int, int, int]]:
        """The events since the last call."""
        found, self.events = self.events, set()
        return found
