"""Clusters: cases that belong together by a recorded link, or by the same place within a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vungxanh.tracing.model import TraceResult
from vungxanh.zoning.model.units import chain


@dataclass(frozen=True)
class Cluster:
    """Cases (sorted) with the places that several of them were in, and what joined them."""

    cases: tuple[int, ...]
    places: tuple[int, ...]
    links: tuple[tuple[int, int], ...]


def clusters(
    cases: Sequence[int],
    result: TraceResult,
    visits: Iterable[tuple[int, int, int]] = (),
    *,
    parent: dict[int, int] | None = None,
    within_days: int = 14,
) -> list[Cluster]:
    """Largest first. Joined are cases of which one is a traced contact of the other (links), and cases who were
    at the same place within `within_days` (space and time). `visits`: (person, place, minute) of the cases."""
    known, group = set(cases), {case: case for case in cases}
    links = {(row.infector, row.contact) for row in result.rows if {row.infector, row.contact} <= known}
    for one, other in links:
        _join(group, one, other)
    shared = _shared_places(known, visits, parent or {}, within_days * 1440)
    for (one, other), _ in shared:
        _join(group, one, other)
    members: dict[int, list[int]] = defaultdict(list)
    for case in cases:
        members[_root(group, case)].append(case)
    found = [_cluster(sorted(one), links, shared) for one in members.values()]
    return sorted(found, key=lambda one: (-len(one.cases), one.cases))


def _shared_places(
    known: set[int], visits: Iterable[tuple[int, int, int]], parent: dict[int, int], span: int
) -> list[tuple[tuple[int, int], int]]:
    """((case, case), place) for neighbours in time at a place; the inmost place that both were in names it."""
    at: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, place, minute in visits:
        if person in known:
            at[chain(place, parent)[0]].append((minute, person))
    pairs = []
    for place, seen in at.items():
        seen.sort()
        for (then, one), (now, other) in pairwise(seen):
            if one != other and now - then <= span:
                pairs.append(((one, other), place))
    return pairs


def _cluster(cases: list[int], links: set[tuple[int, int]], shared: list[tuple[tuple[int, int], int]]) -> Cluster:
    inside = set(cases)
    places = {place for (one, _), place in shared if one in inside}
    return Cluster(tuple(cases), tuple(sorted(places)), tuple(sorted(pair for pair in links if pair[0] in inside)))


def _root(group: dict[int, int], case: int) -> int:
    while group[case] != case:
        group[case] = group[group[case]]
        case = group[case]
    return case


def _join(group: dict[int, int], one: int, other: int) -> None:
    low, high = sorted((_root(group, one), _root(group, other)))
    group[high] = low
