"""Hubs: places with more distinct people on a UTC day than the bound. What happens there is a place event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.segment import Segment

if TYPE_CHECKING:
    from vungxanh.tracing.engines.index_items import Hops, Stays


class Hubs:
    """The hub days of one segment under one bound, and the events met while cutting."""

    def __init__(self, segment: Segment, people: int) -> None:
        self.days = dict(hub_days(segment, people))
        self.is_hub = np.zeros(len(segment.places), dtype=bool)
        self.is_hub[[place for place, _ in self.days]] = True
        #: (hop number, place, day) met since the last call of `met`
        self.events: set[tuple[int, int, int]] = set()

    def cut(self, stays: Stays, hops: Hops) -> Stays:
        """Stays without the time at hubs; what is cut is remembered as events."""
        if not self.days:
            return stays
        there = self.is_hub[stays.place]
        if not there.any():
            return stays
        rows = [part for i in np.flatnonzero(there) for part in self.outside(stays, int(i))]
        which = np.array([i for i, _, _ in rows], dtype=np.int64)
        left = stays.take(which)
        start, end = (np.array([row[n] for row in rows], dtype=np.int32) for n in (1, 2))
        cut = type(stays)(left.hop, left.lookup, left.place, start, end, left.mine, left.bits, left.marks)
        kept = stays.take(~there)
        return type(stays)(*(np.concatenate([getattr(kept, f.name), getattr(cut, f.name)]) for f in fields(stays)))

    def outside(self, stays: Stays, i: int) -> Iterator[tuple[int, int, int]]:
        """(i, start, end) of the parts of stay i that lie outside hub days."""
        place, at, end = int(stays.place[i]), int(stays.start[i]), int(stays.end[i])
        begin: int | None = None
        while at < end:
            day = at // MINUTES_A_DAY
            if (place, day) in self.days:
                self.events.add((int(stays.hop[i]), place, day))
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


def hub_days(segment: Segment, people: int) -> Iterator[tuple[tuple[int, int], int]]:
    """((place code, UTC day), distinct people) above the bound. Only places with enough rows are counted."""
    ties = segment.visits
    first = np.searchsorted(ties.key, np.arange(len(segment.places) + 1, dtype=np.int64) << 32)
    for place in map(int, np.flatnonzero(np.diff(first) > people)):
        here = slice(int(first[place]), int(first[place + 1]))
        start = (ties.key[here] & 0xFFFFFFFF) // MINUTES_A_DAY
        last = (ties.till[here] - 1) // MINUTES_A_DAY
        member = ties.member[here].astype(np.int64)
        spread = last - start + 1
        day = (
            np.repeat(start, spread) + np.arange(int(spread.sum())) - np.repeat(np.cumsum(spread) - spread, spread)
        )
        distinct = np.unique((day << 32) | np.repeat(member, spread))
        days, counts = np.unique(distinct >> 32, return_counts=True)
        for at, count in zip(days, counts, strict=True):
            if count > people:
                yield (place, int(at)), int(count)
