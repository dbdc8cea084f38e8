"""What can be closed: each place with everything inside it, each home, and whatever groups homes are given.

Closing a unit keeps its people in and nobody comes; so it holds an infection if it would happen at one of its
places, or to or by one of its people; and with it whatever would follow from that infection. People belong to a
place who were there `regular.minutes` in the last week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from vungxanh.lake.lookup import slots
from vungxanh.zoning.model.forward import Events
from vungxanh.zoning.model.parameters import Course, Ints
from vungxanh.zoning.model.presence import DAY, Presence, expand
from vungxanh.zoning.model.sorting import distinct, distinct_pairs, order_of

#: a unit is (kind, id): ("place", 812), ("home", 77), ("area", 5443)
UnitId = tuple[str, int]
NOBODY: Ints = np.zeros(0, np.int64)


@dataclass
class Unit:
    """`people` and `events` are sorted: ids of persons, and rows of the simulated events that closing it holds."""

    id: UnitId
    people: Ints = field(default_factory=lambda: NOBODY)
    events: Ints = field(default_factory=lambda: NOBODY)
    parent: UnitId | None = None


@dataclass
class _Draft:
    """A unit on its way: codes of its people and of the places in it."""

    id: UnitId
    people: Ints
    places: Ints
    parent: UnitId | None = None


def units(
    evidence: Presence, events: Events, disease: Course, now: int, areas: Mapping[int, int] | None = None
) -> list[Unit]:
    """Every unit that holds at least one event. `areas`: household -> id of its house, lane or commune."""
    touched = distinct(np.concatenate((events.infector, events.infected)))
    drafts = [*_places(evidence, events, disease, now, touched), *_homes(evidence, touched, areas or {})]
    held = _held(drafts, events)
    persons = evidence.segment.persons
    people = persons.of(np.concatenate([NOBODY, *(draft.people for draft in drafts)]))
    ends = np.cumsum([0, *(len(draft.people) for draft in drafts)]).tolist()
    made = [
        Unit(draft.id, people[a:b], rows, draft.parent)
        for draft, rows, (a, b) in zip(drafts, held, pairwise(ends), strict=True)
    ]
    kept = {unit.id for unit in made if len(unit.events)}
    for unit in made:
        unit.parent = unit.parent if unit.parent in kept else None
    return [unit for unit in made if unit.id in kept]


def chain(place: int, parent: Mapping[int, int]) -> list[int]:
    """The place and all that contain it, inmost first; a circle in bad data ends it."""
    found = [place]
    while (above := parent.get(found[-1])) is not None and above not in found:
        found.append(above)
    return found


def _places(evidence: Presence, events: Events, disease: Course, now: int, touched: Ints) -> list[_Draft]:
    """Every place where an event may happen or somebody touched belongs, and all that contain one."""
    begin, ids, parent = now - 7 * DAY, evidence.segment.places, evidence.segment.parent
    _, place, minutes = evidence.minutes_of(touched, begin, now)
    leaves = np.union1d(
        _repeated(events.place[events.place >= 0]), _repeated(place[minutes >= disease.regular_minutes])
    )
    wanted = np.unique([above for leaf in leaves.tolist() for above in evidence.above(leaf)]).astype(np.int64)
    owner, inside = _inside(evidence, wanted)
    which, person, minutes = evidence.minutes_at(inside, begin, now)
    regular = minutes >= disease.regular_minutes
    which, person = which[regular], person[regular]
    low = np.searchsorted(which, np.arange(len(inside)), side="left")
    high = np.searchsorted(which, np.arange(len(inside)), side="right")
    found = []
    for code, first, last in _runs(owner, len(wanted)):
        people = [person[a:b] for a, b in zip(low[first:last], high[first:last], strict=True)]
        above, own = int(parent[wanted[code]]), ids.one(int(wanted[code]))
        holder = ("place", ids.one(above)) if above >= 0 else None
        found.append(_Draft(("place", own), distinct(np.concatenate(people)), inside[first:last], holder))
    return found


def _repeated(places: Ints) -> Ints:
    """Those named more than once: for one infection, or one person, a home is the smaller thing to close."""
    found, times = np.unique(places, return_counts=True)
    return found[times > 1]


def _inside(evidence: Presence, wanted: Ints) -> tuple[Ints, Ints]:
    """(position in `wanted`, a place in it or itself), ordered by position."""
    parts = [np.stack([np.arange(len(wanted)), wanted])]
    if (evidence.segment.parent >= 0).any():
        offsets, others, outer = evidence.segment.family
        which, row = expand(*slots(NOBODY, offsets, wanted))
        below = outer[row] == wanted[which]
        parts.append(np.stack([which[below], others[row[below]]]))
    owner, inside = np.concatenate(parts, axis=1)
    order = order_of(owner)
    return owner[order], inside[order].astype(np.int64)


def _runs(key: Ints, size: int) -> Iterable[tuple[int, int, int]]:
    """(key, first row, row after the last) of sorted keys 0..size-1."""
    edges = np.searchsorted(key, np.arange(size + 1)).tolist()
    return ((number, edges[number], edges[number + 1]) for number in range(size))


def _homes(evidence: Presence, touched: Ints, areas: Mapping[int, int]) -> list[_Draft]:
    """Every home of somebody touched, and every area with such a home, with all who live there."""
    households = distinct(evidence.household_of(touched))
    households = households[households >= 0]
    ids = evidence.segment.households
    which, members = evidence.members_of(households)
    found = []
    for position, first, last in _runs(which, len(households)):
        number = ids.one(int(households[position]))
        area = areas.get(number)
        holder = None if area is None else ("area", area)
        found.append(_Draft(("home", number), members[first:last], NOBODY, holder))
    wanted = {draft.parent[1] for draft in found if draft.parent}
    return [*found, *_areas(evidence, wanted, areas)]


def _areas(evidence: Presence, wanted: set[int], areas: Mapping[int, int]) -> list[_Draft]:
    """All who live in an area that a touched home lies in."""
    if not wanted:
        return []
    home, area = (np.array(column, np.int64) for column in (list(areas), list(areas.values())))
    code = evidence.segment.households.codes(home)
    home, area = code[code >= 0], area[code >= 0]
    order = order_of(area)
    home, area = home[order], area[order]
    found = []
    for number in sorted(wanted):
        low, high = np.searchsorted(area, [number, number + 1])
        people = distinct(evidence.members_of(np.sort(home[low:high]))[1])
        found.append(_Draft(("area", number), people, NOBODY))
    return found


def _held(drafts: list[_Draft], events: Events) -> list[Ints]:
    """Which events each unit holds: at its places, to or by its people, and what follows from those."""
    rows = np.arange(len(events))
    person = np.concatenate((events.infector, events.infected))
    parts = [
        _joined([draft.people for draft in drafts], person, np.concatenate((rows, rows))),
        _joined([draft.places for draft in drafts], events.place, rows),
    ]
    unit, row = distinct_pairs(*np.concatenate(parts).T) if len(drafts) else (NOBODY, NOBODY)
    ancestor, descendant = following(events.parent)
    low, high = np.searchsorted(ancestor, row, side="left"), np.searchsorted(ancestor, row, side="right")
    at, pair = expand(low, high)
    key = distinct(unit[at] * (len(events) + 1) + descendant[pair])
    edges = np.searchsorted(key, np.arange(len(drafts) + 1) * (len(events) + 1))
    return [key[a:b] - number * (len(events) + 1) for number, (a, b) in enumerate(pairwise(edges.tolist()))]


def _joined(groups: list[Ints], key: Ints, value: Ints) -> Ints:
    """[group, value] of every value whose key is in the group."""
    order = order_of(key)
    keys, values = key[order], value[order]
    group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
    wanted = np.concatenate([NOBODY, *groups])
    low, high = np.searchsorted(keys, wanted, side="left"), np.searchsorted(keys, wanted, side="right")
    at, row = expand(low, high)
    return np.stack([group[at], values[row]], axis=1)


def following(parent: Ints) -> tuple[Ints, Ints]:
    """(event, itself or one that follows from it), ordered by the first. A parent stands before its children."""
    rows = np.arange(len(parent))
    parts, ancestor, descendant = [np.stack([rows, rows])], parent, rows
    while len(ancestor):
        known = ancestor >= 0
        ancestor, descendant = ancestor[known], descendant[known]
        parts.append(np.stack([ancestor, descendant]))
        ancestor = parent[ancestor]
    first, second = np.concatenate(parts, axis=1)
    order = order_of(first)
    return first[order], second[order]
