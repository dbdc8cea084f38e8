"""Who was where, as arrays: the evidence that the simulation lives on. Minutes, half-open; ids as in the lake."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag
from vungxanh.zoning.model.parameters import Flags, Ints

DAY = 1440


def ragged(count: Ints) -> Ints:
    """0, 1, … count-1 for each entry, one after the other."""
    total = np.cumsum(count)
    numbers: Ints = np.arange(total[-1] if len(total) else 0) - np.repeat(total - count, count)
    return numbers


def expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Row numbers low[i]..high[i]-1 for each i, with the i that each belongs to."""
    count = np.maximum(high - low, 0)
    return np.repeat(np.arange(len(low)), count), np.repeat(low, count) + ragged(count)


def column(table: pa.Table, name: str) -> Ints:
    """An integer column as int64."""
    found: Ints = table.column(name).to_numpy().astype(np.int64)
    return found


def _key(place: Ints, start: Ints) -> Ints:
    return (place << 32) + start


@dataclass(frozen=True)
class Stays:
    """Row = somebody at a place over a time, in order of (place, start)."""

    person: Ints
    place: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, person: Ints, place: Ints, start: Ints, end: Ints) -> "Stays":
        order = np.lexsort((start, place))
        return cls(person[order], place[order], start[order], end[order])

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Ints | Flags) -> "Stays":
        return Stays(self.person[rows], self.place[rows], self.start[rows], self.end[rows])

    @cached_property
    def longest(self) -> int:
        return int((self.end - self.start).max(initial=0))

    @cached_property
    def by_person(self) -> tuple[Ints, Ints]:
        """Rows in order of person, and the persons in that order."""
        order = np.argsort(self.person, kind="stable").astype(np.int64)
        return order, self.person[order]

    @cached_property
    def key(self) -> Ints:
        """(place, start) as one sorted number: both are int32 in the lake."""
        return _key(self.place, self.start)

    def of_persons(self, persons: Ints) -> tuple[Ints, Ints]:
        """(position in `persons`, row) of every stay of these persons."""
        order, sorted_persons = self.by_person
        low = np.searchsorted(sorted_persons, persons, side="left")
        high = np.searchsorted(sorted_persons, persons, side="right")
        which, at = expand(low, high)
        return which, order[at]

    def meeting(self, place: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
        """(position of the asked interval, row, minutes of overlap) of every stay that overlaps one."""
        low = np.searchsorted(self.key, _key(place, start - self.longest), side="left")
        high = np.searchsorted(self.key, _key(place, end), side="left")
        asked, row = expand(low, high)
        shared = np.minimum(self.end[row], end[asked]) - np.maximum(self.start[row], start[asked])
        keep = shared > 0
        return asked[keep], row[keep], shared[keep]


@dataclass(frozen=True)
class Meetings:
    """Row = two people who met without a place both scanned: phones that heard each other. In order of `a`."""

    a: Ints
    b: Ints
    start: Ints
    seconds: Ints
    place: Ints  #: -1 unknown

    def of_persons(self, persons: Ints) -> tuple[Ints, Ints]:
        low = np.searchsorted(self.a, persons, side="left")
        high = np.searchsorted(self.a, persons, side="right")
        return expand(low, high)


@dataclass(frozen=True)
class Homes:
    """Row = member of a household, in order of household; `home_of` is keyed by sorted person."""

    household: Ints
    member: Ints

    @cached_property
    def home_of(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.member, kind="stable")
        return self.member[order], self.household[order]

    def household_of(self, persons: Ints) -> Ints:
        """Household of each person, -1 where none is known."""
        members, homes = self.home_of
        if not len(members):
            return np.full(len(persons), -1, np.int64)
        at = np.minimum(np.searchsorted(members, persons), len(members) - 1)
        found: Ints = np.where(members[at] == persons, homes[at], -1)
        return found

    def members_of(self, households: Ints) -> tuple[Ints, Ints]:
        """(position in `households`, member)."""
        low = np.searchsorted(self.household, households, side="left")
        high = np.searchsorted(self.household, households, side="right")
        which, row = expand(low, high)
        return which, self.member[row]


@dataclass(frozen=True)
class Presence:
    """All that a simulation needs of the evidence."""

    stays: Stays
    meetings: Meetings
    homes: Homes
    parent: dict[int, int]
    kind: dict[int, str]
    apart: tuple[Ints, Ints]


def presence(evidence: Evidence, since: int, until: int, around: Ints | None = None) -> Presence:
    """Evidence of [since, until) as arrays; with `around`, only of the buildings that these people were in.

    Absences and negative tests are left out; rosters count as presence.
    """
    parts = [_clipped(evidence.visits, "place", since, until), _clipped(evidence.seats, "trip", since, until)]
    parts.append(_clipped(_attended(evidence.rosters), "group", since, until))
    columns = [np.concatenate(one) for one in zip(*parts, strict=True)]
    if around is not None:
        roots = _roots(evidence.places, int(columns[1].max(initial=0)))
        theirs = np.unique(roots[columns[1][member(columns[0], around)]])
        near = member(roots[columns[1]], theirs)
        columns = [one[near] for one in columns]
    places, kinds = (evidence.places.column(name).to_pylist() for name in ("place", "kind"))
    return Presence(
        stays=Stays.of(*columns),
        meetings=_meetings(evidence.encounters, since, until),
        homes=_homes(evidence.households),
        parent=_tree(evidence.places),
        kind={place: kind for place, kind in zip(places, kinds, strict=True) if kind},
        apart=_apart(evidence.isolations),
    )


def _roots(places: pa.Table, top: int) -> Ints:
    """Place -> the outermost place that contains it, for places up to `top`; a circle in bad data ends it."""
    place, parent = column(places, "place"), places.column("parent").fill_null(-1).to_numpy().astype(np.int64)
    root = np.arange(max(top, int(place.max(initial=0)), int(parent.max(initial=0))) + 1)
    inside = parent >= 0
    root[place[inside]] = parent[inside]
    for _ in range(8):
        root = root[root]
    return root


def member(values: Ints, wanted: Ints) -> Flags:
    """Which values are among `wanted`: a table look-up where the ids are small, else a search."""
    top = int(values.max(initial=0))
    if top < 50_000_000 and int(values.min(initial=0)) >= 0:
        table = np.zeros(top + 1, bool)
        table[wanted[(wanted >= 0) & (wanted <= top)]] = True
        return table[values]
    return np.isin(values, wanted)


def _apart(table: pa.Table) -> tuple[Ints, Ints]:
    """Person (sorted) and first minute of isolation; negative tests keep nobody apart."""
    rows = table.filter(pa.compute.equal(table.column("reason"), "isolation"))
    person, start = column(rows, "person"), column(rows, "start")
    order = np.lexsort((start, person))
    first = np.unique(person[order], return_index=True)[1]
    return person[order][first], start[order][first]


def _clipped(table: pa.Table, place: str, since: int, until: int) -> tuple[Ints, Ints, Ints, Ints]:
    start, end = column(table, "start"), column(table, "end")
    keep = (end > since) & (start < until)
    return column(table, "person")[keep], column(table, place)[keep], start[keep], end[keep]


def _attended(rosters: pa.Table) -> pa.Table:
    absent = column(rosters, "flags") & int(Flag.ABSENT)
    return rosters.filter(pa.array(absent == 0))


def _meetings(table: pa.Table, since: int, until: int) -> Meetings:
    """Both directions, so that whoever is infectious finds the other."""
    start = column(table, "start")
    keep = (start >= since) & (start < until)
    a, b, start, seconds = (column(table, name)[keep] for name in ("a", "b", "start", "seconds"))
    place = table.column("place").fill_null(-1).to_numpy().astype(np.int64)[keep]
    both = [np.concatenate(pair) for pair in ((a, b), (b, a), (start, start), (seconds, seconds), (place, place))]
    order = np.argsort(both[0], kind="stable")
    return Meetings(*(one[order] for one in both))


def _homes(table: pa.Table) -> Homes:
    """The newest household of each person."""
    person, household, start = (column(table, name) for name in ("person", "household", "start"))
    newest = np.lexsort((start, person))
    last = np.append(person[newest][1:] != person[newest][:-1], True) if len(person) else np.zeros(0, bool)
    member, home = person[newest][last[: len(person)]], household[newest][last[: len(person)]]
    order = np.lexsort((member, home))
    return Homes(home[order], member[order])


def _tree(table: pa.Table) -> dict[int, int]:
    pairs: Iterable[tuple[int, int | None]] = zip(
        table.column("place").to_pylist(), table.column("parent").to_pylist(), strict=True
    )
    return {place: parent for place, parent in pairs if parent is not None}
