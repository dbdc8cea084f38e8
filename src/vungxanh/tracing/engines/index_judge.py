"""From items to pairs: sums per (infector, contact) and the three-valued verdict, all at once."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.minutes import day_start, local_date
from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import Bits, Ints, Longs
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing.engines.index_items import ENCOUNTER, HOUSEHOLD, MARK_CONTAINED, NAMED, Items
from vungxanh.tracing.model import Certainty

Bools = NDArray[np.bool_]
NOBODY = 3  # in a column of certainties: the rule says no


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs that qualify, ordered by (hop, contact). `low : high` slices `items`, which are ordered by pair."""

    hop: Ints
    contact: Ints
    first: Ints
    last: Ints
    seconds: Longs
    certainty: Bits
    household: Bools
    low: Longs
    high: Longs
    items: Items

    def __len__(self) -> int:
        return len(self.hop)

    def take(self, which: NDArray[np.int64] | Bools) -> "Pairs":
        columns = {f.name: getattr(self, f.name)[which] for f in fields(self) if f.name != "items"}
        return Pairs(**columns, items=self.items)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Items ordered by pair; `first` is where each pair begins, `pair` the number of each item's."""

    items: Items
    first: Longs
    pair: Longs

    def total(self, chosen: Bools) -> Longs:
        found: Longs = np.add.reduceat(np.where(chosen, self.items.seconds, 0).astype(np.int64), self.first)
        return found

    def some(self, chosen: Bools) -> Bools:
        found: Bools = np.logical_or.reduceat(chosen, self.first)
        return found

    def most(self, chosen: Bools) -> Longs:
        found: Longs = np.maximum.reduceat(np.where(chosen, self.items.seconds, -1).astype(np.int64), self.first)
        return found


def judge(items: Items, rule: ContactRule, segment: Segment) -> Pairs:
    """Every pair that the rule calls a contact, or may."""
    key = (items.hop.astype(np.int64) << 32) | items.contact
    if len(key) > 1 and not (key[1:] >= key[:-1]).all():
        order = by_keys(items.hop, items.contact)
        items, key = items.take(order), key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    if not len(first):
        none = np.zeros(0, dtype=np.int64)
        i32, i8, flag = none.astype(np.int32), none.astype(np.int8), none.astype(bool)
        return Pairs(i32, i32, i32, i32, none, i8, flag, none, none, items)
    high = np.append(first[1:], len(key))
    grouped = Grouped(items, first, np.repeat(np.arange(len(first)), high - first))
    found = Pairs(
        items.hop[first],
        items.contact[first],
        np.minimum.reduceat(items.start, first),
        np.maximum.reduceat(items.end, first),
        np.add.reduceat(items.seconds.astype(np.int64), first),
        verdicts(grouped, rule, segment),
        grouped.some(items.kind == HOUSEHOLD),
        first,
        high,
        items,
    )
    kept = found.certainty < NOBODY
    return found if kept.all() else found.take(kept)


def verdicts(grouped: Grouped, rule: ContactRule, segment: Segment) -> Bits:
    """Certainty of each pair; NOBODY where the rule says no."""
    items = grouped.items
    certain = (items.marks & MARK_CONTAINED) == 0
    recorded = items.marks == 0
    found = np.full(len(grouped.first), NOBODY, dtype=np.int8)
    for wanted in rule.seconds_asked:
        soon, sure = items.best <= wanted, items.worst <= wanted
        lower(found, reached(grouped, soon, wanted), Certainty.NEEDS_INTERVIEW)
        if sure.any():
            lower(found, reached(grouped, sure & certain, wanted), Certainty.PROBABLE)
            confirmed = reached_within(grouped, sure & recorded, wanted, rule, segment)
            lower(found, confirmed, Certainty.CONFIRMED)
    return found


def lower(found: Bits, where: Bools, certainty: Certainty) -> None:
    found[where] = np.minimum(found[where], np.int8(certainty))


def reached(grouped: Grouped, chosen: Bools, wanted: int) -> Bools:
    """Pairs whose chosen items exist and sum up to `wanted` seconds over the window."""
    some = grouped.some(chosen)
    return some if wanted == 0 else some & (grouped.total(chosen) >= wanted)


def reached_within(grouped: Grouped, chosen: Bools, wanted: int, rule: ContactRule, segment: Segment) -> Bools:
    """The same within one encounter or day, as the rule counts."""
    summed = reached(grouped, chosen, wanted)
    if wanted == 0 or rule.minutes_over == "window":
        return summed
    if rule.minutes_over == "day":
        return by_day(grouped, chosen & summed[grouped.pair], wanted, rule.zone, segment)
    alone = grouped.most(chosen) >= wanted
    open_ = summed & ~alone
    if open_.any():
        alone |= open_ & by_encounter(grouped, chosen & open_[grouped.pair], wanted)
    return alone


def by_encounter(grouped: Grouped, chosen: Bools, wanted: int) -> Bools:
    """Items of one kind at one place that overlap or touch are one encounter."""
    at = np.flatnonzero(chosen)
    items, pair = grouped.items.take(at), grouped.pair[at]
    order = np.lexsort((items.start, items.place, items.kind, pair))
    items, pair = items.take(order), pair[order]
    same = (np.diff(pair) == 0) & (np.diff(items.kind) == 0) & (np.diff(items.place) == 0)
    group = np.concatenate([[0], np.cumsum(~same)])
    reach = np.maximum.accumulate((group << 32) + items.end)
    breaks = np.ones(len(at), dtype=bool)
    breaks[1:] = (group[1:] << 32) + items.start[1:] > reach[:-1]
    starts = np.flatnonzero(breaks)
    totals = np.add.reduceat(items.seconds.astype(np.int64), starts)
    found = np.zeros(len(grouped.first), dtype=bool)
    found[pair[starts[totals >= wanted]]] = True
    return found


def by_day(grouped: Grouped, chosen: Bools, wanted: int, zone: str, segment: Segment) -> Bools:
    """Items are cut at local midnight."""
    totals: dict[tuple[int, int], int] = {}
    for i in map(int, np.flatnonzero(chosen)):
        for day, seconds in parts(grouped.items, i, zone, segment):
            key = (int(grouped.pair[i]), day)
            totals[key] = totals.get(key, 0) + seconds
    found = np.zeros(len(grouped.first), dtype=bool)
    found[[pair for (pair, _), total in totals.items() if total >= wanted]] = True
    return found


def parts(items: Items, i: int, zone: str, segment: Segment) -> list[tuple[int, int]]:
    """(local day, seconds) of one item."""
    at, end = int(items.start[i]), int(items.end[i])
    found = []
    while at < end:
        day = local_date(at, zone)
        until = min(end, day_start(day.fromordinal(day.toordinal() + 1), zone))
        found.append((day.toordinal(), seconds_of(items, i, at, until, segment)))
        at = until
    return found


def seconds_of(items: Items, i: int, start: int, end: int, segment: Segment) -> int:
    """Seconds of an item that fall into a part of it."""
    kind = int(items.kind[i])
    if kind in (ENCOUNTER, NAMED):
        met, row = segment.meetings, int(items.mine[i])
        return int(met.seconds[row]) * (end - start) // (int(met.end[row]) - int(met.start[row]))
    return 0 if kind == HOUSEHOLD else 60 * (end - start)
