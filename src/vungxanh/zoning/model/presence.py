"""Who was where, as the simulation asks it: slices of the lake's index segment, so only what is touched is read.

Persons, places and households are codes of the segment (see lake.codes). Minutes, half-open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.lookup import longest_of, own_rows, ranges, slots, started, valid_rows
from vungxanh.lake.segment import Segment, Ties
from vungxanh.lake.segment_build import build
from vungxanh.zoning.model.parameters import Flags, Ints, Reals
from vungxanh.zoning.model.sorting import distinct_pairs, order_of, summed

DAY = 1440
#: no day of isolation is known
LATER = 10**6
#: of a larger crowd a sample is drawn
CROWD = 100
#: rows handled at a time
PORTION = 200_000


def expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Row numbers low[i]..high[i]-1 for each i, with the i that each belongs to."""
    return ranges(low, np.maximum(high - low, 0))


def joined(parts: Sequence[tuple[Ints, ...]]) -> tuple[Ints, ...]:
    """Columns of all parts; of one part as they are."""
    if len(parts) == 1:
        return parts[0]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def last_of_groups(group: Ints) -> Flags:
    """Marks the last row of each run of equal numbers."""
    if not len(group):
        return np.zeros(0, bool)
    found: Flags = np.append(group[1:] != group[:-1], True)
    return found


@dataclass(frozen=True)
class Stays:
    """Row = a stay; `which`: position of its person among those asked for."""

    which: Ints
    place: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True)
class Met:
    """Row = somebody at the place of a stay at the same time. `asked`: row of the stays; `shared`: minutes;
    `stands`: for how many each row of a stay stands, by stay."""

    asked: Ints
    person: Ints
    shared: Ints
    stands: Reals


@dataclass(frozen=True, eq=False)
class Presence:
    """All that a simulation needs. Absences are out of the segment already; rosters are presence."""

    segment: Segment

    @classmethod
    def of(cls, evidence: "Evidence | Segment") -> "Presence":
        """Plain evidence is prepared here; a lake hands over its segment, prepared once."""
        return cls(evidence if isinstance(evidence, Segment) else build(evidence))

    @property
    def persons(self) -> int:
        return len(self.segment.persons)

    @cached_property
    def ties(self) -> tuple[Ties, ...]:
        found = [ties for layer in self.segment.layers for ties in (layer.visits, layer.seats, layer.rosters)]
        return tuple(ties for ties in found if len(ties.node))

    def stays(self, persons: Ints, begin: int, end: int) -> Stays:
        """Stays of these persons that start in [begin, end)."""
        parts = [np.zeros((4, 0), np.int64)]
        for ties in self.ties:
            which, row = own_rows(ties, persons)
            start = ties.start[row]
            keep = (start >= begin) & (start < end)
            row = row[keep]
            parts.append(np.stack([which[keep], ties.node[row], start[keep], ties.end[row]]).astype(np.int64))
        which, place, start, stop = np.concatenate(parts, axis=1)
        order = order_of((place << 32) | start)  # what lies side by side in the segment is asked for in turn
        return Stays(which[order], place[order], start[order], stop[order])

    def meeting(self, stays: Stays, rng: np.random.Generator) -> list[Met]:
        """Everybody there at the same time, oneself too, by kind of evidence. Of a crowd only `CROWD` rows are
        drawn, each standing for more than one."""
        return [self._met(ties, stays, rng) for ties in self.ties]

    def _met(self, ties: Ties, stays: Stays, rng: np.random.Generator) -> Met:
        begin = np.maximum(stays.start - longest_of(ties, stays.place), 0)
        low, high = started(ties, stays.place, begin, stays.end)
        count = high - low
        asked, row = expand(low, np.minimum(high, low + CROWD))
        if (count > CROWD).any():
            crowd = np.flatnonzero(count[asked] > CROWD)
            row[crowd] = low[asked[crowd]] + rng.integers(0, count[asked[crowd]])
        asked, row = valid_rows(ties, asked, row)
        shared = np.minimum(ties.till[row], stays.end[asked]) - np.maximum(ties.since[row], stays.start[asked])
        keep = np.flatnonzero(shared > 0)
        return Met(
            asked[keep], ties.member[row[keep]].astype(np.int64), shared[keep], np.maximum(count / CROWD, 1.0)
        )

    def minutes_at(self, places: Ints, begin: int, end: int) -> tuple[Ints, Ints, Ints]:
        """(position in `places`, person, minutes) of all who came there in [begin, end), in that order."""
        none = np.zeros(0, np.int64)
        parts = [(none, none, none)]
        for first, last in self._portions(places, begin, end):
            some = places[first:last]
            since, until = np.full(len(some), begin, np.int64), np.full(len(some), end, np.int64)
            rows = []
            for ties in self.ties:
                which, row = valid_rows(ties, *expand(*started(ties, some, since, until)))
                length = ties.till[row] - ties.since[row]
                rows.append((which, ties.member[row].astype(np.int64), length.astype(np.int64)))
            if rows:
                which, person, length = summed(*joined(rows))
                parts.append((which + first, person, length))
        which, person, length = joined(parts)
        return which, person, length

    def _portions(self, places: Ints, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Slices of `places` with about `PORTION` rows each: what is sorted stays near the processor."""
        since, until = np.full(len(places), begin, np.int64), np.full(len(places), end, np.int64)
        size = np.zeros(len(places), np.int64)
        for ties in self.ties:
            low, high = started(ties, places, since, until)
            size += np.maximum(high - low, 0)
        portion = np.cumsum(size) // PORTION
        edges = np.flatnonzero(np.diff(portion, prepend=-1))
        return pairwise([*edges.tolist(), len(places)])

    def minutes_of(self, persons: Ints, begin: int, end: int) -> tuple[Ints, Ints, Ints]:
        """(position in `persons`, place, minutes) of where they were in [begin, end)."""
        stays = self.stays(persons, begin, end)
        return summed(stays.which, stays.place, stays.end - stays.start)

    def meetings(self, persons: Ints, begin: int, end: int) -> tuple[Ints, Ints, Ints, Ints]:
        """(position in `persons`, other person, seconds, place or -1) of encounters that start in [begin, end)."""
        parts = [np.zeros((4, 0), np.int64)]
        for layer in self.segment.layers:
            heard = layer.meetings
            which, row = expand(*slots(heard.who, heard.of_person, persons))
            start = heard.start[row]
            keep = (start >= begin) & (start < end)
            row = row[keep]
            columns = (which[keep], heard.other[row], heard.seconds[row], heard.place[row])
            parts.append(np.stack(columns).astype(np.int64))
        which, other, seconds, place = np.concatenate(parts, axis=1)
        return which, other, seconds, place

    def household_of(self, persons: Ints) -> Ints:
        """The newest household of each person, -1 where none is known."""
        parts = [np.zeros((3, 0), np.int64)]
        for layer in self.segment.layers:
            which, row = own_rows(layer.homes, persons)
            parts.append(np.stack([which, layer.homes.start[row], layer.homes.node[row]]).astype(np.int64))
        which, start, home = np.concatenate(parts, axis=1)
        order = order_of((which << 32) | np.maximum(start, 0))
        last = order[last_of_groups(which[order])]
        found = np.full(len(persons), -1, np.int64)
        found[which[last]] = home[last]
        return found

    def members_of(self, households: Ints) -> tuple[Ints, Ints]:
        """(position in `households`, person) of those whose newest household it is, each once."""
        wanted = households.astype(np.int64)
        parts = [np.zeros((2, 0), np.int64)]
        for layer in self.segment.layers:
            which, row = expand(*slots(layer.homes.nodes, layer.homes.of_node, wanted))
            parts.append(np.stack([which, layer.homes.member[row].astype(np.int64)]))
        which, person = np.concatenate(parts, axis=1)
        keep = self.household_of(person) == wanted[which]
        return distinct_pairs(which[keep], person[keep])

    def apart_from(self, persons: Ints) -> Ints:
        """First minute of isolation of each person, else the greatest int64. Negative tests keep nobody apart."""
        apart = self.segment.apart
        which, row = expand(*(np.searchsorted(apart.who, persons, side) for side in ("left", "right")))
        found = np.full(len(persons), np.iinfo(np.int64).max, np.int64)
        if len(row):
            begin, _, negative = apart.rows[row].T
            np.minimum.at(found, which[negative == 0], begin[negative == 0].astype(np.int64))
        return found

    def above(self, place: int) -> Iterator[int]:
        """The place and all that contain it, inmost first; a circle in bad data ends it."""
        yield place
        yield from self.segment.above(place)
