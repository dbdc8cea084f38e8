"""From items to pairs: sums per (infector, contact) and the three-valued verdict, all at once."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.minutes import day_start, local_date
from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing.engines.index_tables import ENCOUNTER, NAMED, Items, Judged

SCOPES = {"window": 0, "encounter": 1, "day": 2}
NOTHING: Longs = np.zeros(0, dtype=np.int64)


#: infectors that are worked on at once
PART = 512


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs that qualify, by (hop, contact). `parts`: (order, items) of PART hops each; `order[low : high]`
    are the numbers of a pair's items."""

    found: Judged
    parts: tuple[tuple[Longs, Items], ...]

    def __len__(self) -> int:
        return len(self.found)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> "Pairs":
        return replace(self, found=self.found.take(which))

    def of(self, pair: int) -> Items:
        """The items of a pair."""
        row = self.found.rows[pair]
        order, items = self.parts[int(row[0]) // PART if len(self.parts) > 1 else 0]
        return items.take(order[int(row[8]) : int(row[9])])


def joined(parts: list[Pairs]) -> Pairs:
    """Parts of one search, their hops numbered through."""
    if len(parts) == 1:
        return parts[0]
    for number, part in enumerate(parts):
        part.found.rows[:, 0] += number * PART
    return Pairs(Judged.joined([part.found for part in parts]), tuple(part.parts[0] for part in parts))


def judge(items: Items, rule: ContactRule, asked: Longs, segment: Segment, kernel: Any) -> Pairs:
    """Every pair that the rule calls a contact, or may."""
    days, told, length = NOTHING, NOTHING, NOTHING
    if not len(items):
        return Pairs(Judged(np.zeros((0, Judged.COLUMNS), dtype=np.int32)), ((NOTHING, items),))
    if rule.minutes_over == "day":
        days = midnights(int(items.start.min()), int(items.end.max()), rule.zone)
        told, length = of_encounters(items, segment)
    found, order = kernel.judge(items, asked, SCOPES[rule.minutes_over], days, told, length)
    return Pairs(found, ((order, items),))


def midnights(start: int, end: int, zone: str) -> Longs:
    """Every local midnight from the one before `start` to the one after `end`."""
    day = local_date(start, zone)
    found = [day_start(day, zone)]
    while found[-1] < end:
        day = day.fromordinal(day.toordinal() + 1)
        found.append(day_start(day, zone))
    return np.array(found, dtype=np.int64)


def of_encounters(items: Items, segment: Segment) -> tuple[Longs, Longs]:
    """(seconds told, minutes) of the whole encounter behind each item; 0 for other kinds."""
    told, length = np.zeros((2, len(items)), dtype=np.int64)
    meeting = (items.kind == ENCOUNTER) | (items.kind == NAMED)
    for number, layer in enumerate(segment.layers):
        here = np.flatnonzero(meeting & (items.other == number))
        rows = items.theirs[here]
        told[here] = layer.meetings.seconds[rows]
        length[here] = layer.meetings.end[rows].astype(np.int64) - layer.meetings.start[rows]
    return told, length
