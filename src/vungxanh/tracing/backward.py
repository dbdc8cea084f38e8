"""Backward: who and where infected the cases?

People and places met in the incubation windows, by how many cases each would explain; and the cases that belong
together.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vungxanh.core.errors import UserError
from vungxanh.lake.memory import Lake
from vungxanh.lake.segment import Segment
from vungxanh.rules.incubation import incubation
from vungxanh.tracing import once, trace
from vungxanh.tracing.engines.index_items import Hops, own
from vungxanh.tracing.engines.index_kernels import kernel_for
from vungxanh.tracing.engines.index_tables import VISIT
from vungxanh.tracing.model import Certainty, ContactRow, IndexPerson, TraceRequest, TraceResult, Window


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who shared time with cases being infected. `is_case`: is one of the cases asked for."""

    person: int
    cases: tuple[int, ...]
    seconds: int
    certainty: Certainty
    is_case: bool

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Explains most cases, then most certain, then longest."""
        return (-len(self.cases), int(self.certainty), -self.seconds, self.person)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A place where cases were in their incubation windows. `first`, `last`: earliest and latest minute there."""

    place: int
    cases: tuple[int, ...]
    first: int
    last: int
    seconds: int

    @property
    def order(self) -> tuple[int, int, int]:
        return (-len(self.cases), -self.seconds, self.place)


@dataclass(frozen=True, slots=True)
class CaseCluster:
    """Cases who shared a place and a time, directly or through each other; `places` where they did."""

    cases: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Backward:
    """Ranked, likeliest first; clusters largest first."""

    sources: tuple[Source, ...]
    places: tuple[SourcePlace, ...]
    clusters: tuple[CaseCluster, ...]
    windows: tuple[Window, ...]
    trace: TraceResult


def backward(request: TraceRequest, lake: Lake) -> Backward:
    """Likely sources of the cases. A case needs its onset, else its sample day.

    The same engine and rule as forward: the incubation window takes the place of the infectious one. Raises
    UserError `rules.no-date`, `rules.no-incubation`, and what `trace` raises.
    """
    cases = tuple(_asking(case, request.disease) for case in once(request.cases))
    found = trace(replace(request, cases=cases, generations=1, merge=False), lake)
    people = {case.person for case in cases}
    rows = list(found.rows)
    return Backward(
        sources=tuple(sorted(_sources(rows, people), key=lambda source: source.order)),
        places=tuple(sorted(_places(lake.segment(), found.windows), key=lambda place: place.order)),
        clusters=tuple(_clusters(rows, people)),
        windows=found.windows,
        trace=found,
    )


def _asking(case: IndexPerson, disease: str) -> IndexPerson:
    day = case.onset or case.sampled
    if day is None:
        raise UserError("rules.no-date")
    start, end = incubation(disease).window(day)
    return replace(case, start=case.start or start, end=case.end or end, negative=None)


def _sources(rows: Iterable[ContactRow], cases: set[int]) -> Iterable[Source]:
    by_person: dict[int, list[ContactRow]] = defaultdict(list)
    for row in rows:
        by_person[row.contact].append(row)
    for person, met in by_person.items():
        yield Source(
            person,
            tuple(sorted(row.index for row in met)),
            sum(row.seconds for row in met),
            min(row.certainty for row in met),
            person in cases,
        )


def _places(segment: Segment, windows: Sequence[Window]) -> Iterable[SourcePlace]:
    """From the cases' own stays, whether or not anybody else was there."""
    codes = segment.persons.codes(np.array([w.index for w in windows], dtype=np.int64))
    known = [i for i, code in enumerate(codes) if code >= 0]
    person = codes[known].astype(np.int32)
    start, end = (np.array([getattr(windows[i], n) for i in known], dtype=np.int32) for n in ("start", "end"))
    stays = own(segment, VISIT, kernel_for(segment), Hops(person, start, end, person))
    at: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(stays.place.tolist()):
        at[place].append(number)
    for place, numbers in at.items():
        yield SourcePlace(
            segment.places.one(place),
            tuple(sorted({windows[known[int(stays.hop[n])]].index for n in numbers})),
            min(int(stays.start[n]) for n in numbers),
            max(int(stays.end[n]) for n in numbers),
            sum(60 * int(stays.end[n] - stays.start[n]) for n in numbers),
        )


def _clusters(rows: Iterable[ContactRow], cases: set[int]) -> list[CaseCluster]:
    """Connected cases, by the rows whose contact is a case too."""
    group = {case: case for case in cases}
    met_at: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in rows:
        if row.contact in cases:
            group[_root(group, row.contact)] = _root(group, row.index)
            met_at[row.index, row.contact] |= {item.place for item in row.evidence if item.place is not None}
    members: dict[int, list[int]] = defaultdict(list)
    for case in sorted(cases):
        members[_root(group, case)].append(case)
    found = [
        CaseCluster(tuple(one), tuple(sorted({p for pair, ps in met_at.items() if pair[0] in one for p in ps})))
        for one in members.values()
        if len(one) > 1
    ]
    return sorted(found, key=lambda cluster: (-len(cluster.cases), cluster.cases))


def _root(group: dict[int, int], case: int) -> int:
    while group[case] != case:
        case = group[case]
    return case
