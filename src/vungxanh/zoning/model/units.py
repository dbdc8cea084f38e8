"""What can be closed: each place with everything inside it, each home, and whatever groups homes are given.

Closing a unit keeps its people in and nobody comes; so it holds an infection if it would happen at one of its
places, or to or by one of its people. People belong to a place who were there `regular.minutes` in the last week.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vungxanh.zoning.model.forward import Events
from vungxanh.zoning.model.parameters import Course, Ints
from vungxanh.zoning.model.presence import DAY, Presence, Stays

#: a unit is (kind, id): ("place", 812), ("home", 77), ("area", 5443)
UnitId = tuple[str, int]
NOBODY: Ints = np.zeros(0, np.int64)


@dataclass
class Unit:
    """`people` and `events` are sorted ids: persons, and rows of the simulated events that closing it holds."""

    id: UnitId
    people: Ints = field(default_factory=lambda: NOBODY)
    events: Ints = field(default_factory=lambda: NOBODY)
    parent: UnitId | None = None


def units(
    evidence: Presence, events: Events, disease: Course, now: int, areas: Mapping[int, int] | None = None
) -> list[Unit]:
    """Every unit that holds at least one event. `areas`: household -> id of its house, lane or commune."""
    touched = np.unique(np.concatenate((events.infector, events.infected)))
    people = _regulars(evidence, disease, now, np.unique(events.place[events.place >= 0]), touched)
    found = {unit: Unit(unit, people=members) for unit, members in people.items()}
    _add_homes(found, evidence, touched, areas or {})
    _hold(found, evidence, events)
    return [unit for unit in found.values() if len(unit.events)]


def chain(place: int, parent: Mapping[int, int]) -> list[int]:
    """The place and all that contain it, inmost first; a circle in bad data ends it."""
    found = [place]
    while (above := parent.get(found[-1])) is not None and above not in found:
        found.append(above)
    return found


def _regulars(evidence: Presence, disease: Course, now: int, places: Ints, touched: Ints) -> dict[UnitId, Ints]:
    """People of every place where an event may happen or somebody touched belongs, and of all that contain it."""
    person, place, minutes = _minutes(_week(evidence.stays, now))
    regular = minutes >= disease.regular_minutes
    person, place = person[regular], place[regular]
    leaves = np.union1d(places, place[np.isin(person, touched)]).tolist()
    wanted = {above for leaf in leaves for above in chain(leaf, evidence.parent)}
    gathered: dict[UnitId, list[Ints]] = {("place", unit): [NOBODY] for unit in wanted}
    for leaf, members in _groups(place, person):
        for above in chain(leaf, evidence.parent):
            if above in wanted:
                gathered["place", above].append(members)
    return {unit: np.unique(np.concatenate(parts)) for unit, parts in gathered.items()}


def _week(stays: Stays, now: int) -> Stays:
    return stays.take((stays.start >= now - 7 * DAY) & (stays.start < now))


def _minutes(stays: Stays) -> tuple[Ints, Ints, Ints]:
    """(person, place, minutes) summed."""
    order = np.lexsort((stays.person, stays.place))
    person, place, length = stays.person[order], stays.place[order], (stays.end - stays.start)[order]
    if not len(order):
        return NOBODY, NOBODY, NOBODY
    first = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (place[1:] != place[:-1])))
    return person[first], place[first], np.add.reduceat(length, first)


def _groups(key: Ints, value: Ints) -> list[tuple[int, Ints]]:
    """Values by key."""
    order = np.argsort(key, kind="stable")
    keys, first = np.unique(key[order], return_index=True)
    return list(zip(keys.tolist(), np.split(value[order], first[1:]), strict=True)) if len(keys) else []


def _add_homes(found: dict[UnitId, Unit], evidence: Presence, touched: Ints, areas: Mapping[int, int]) -> None:
    homes = evidence.homes
    households = np.unique(homes.household_of(touched))
    households = households[households >= 0]
    which, members = homes.members_of(households)
    for position, people in _groups(which, members):
        household = int(households[position])
        area = areas.get(household)
        found["home", household] = Unit(
            ("home", household), np.sort(people), parent=None if area is None else ("area", area)
        )
    _add_areas(found, evidence, {areas[h] for h in households.tolist() if h in areas}, areas)


def _add_areas(found: dict[UnitId, Unit], evidence: Presence, wanted: set[int], areas: Mapping[int, int]) -> None:
    """All who live in an area that a touched home lies in."""
    inside: dict[int, list[int]] = defaultdict(list)
    for household, area in areas.items():
        if area in wanted:
            inside[area].append(household)
    for area, households in inside.items():
        members = evidence.homes.members_of(np.sort(np.array(households, np.int64)))[1]
        found["area", area] = Unit(("area", area), np.unique(members))


def _hold(found: dict[UnitId, Unit], evidence: Presence, events: Events) -> None:
    """Which events each unit holds: by its people, and by the places in it."""
    by_person = _EventsOfPeople(events)
    by_place: dict[UnitId, list[Ints]] = defaultdict(list)
    outside = np.flatnonzero(events.place >= 0)
    for leaf, rows in _groups(events.place[outside], outside):
        for above in chain(leaf, evidence.parent):
            by_place["place", above].append(rows)
    for leaf in [unit[1] for unit in found if unit[0] == "place"]:
        holder = ("place", evidence.parent.get(leaf, -1))
        found["place", leaf].parent = holder if holder in found else None
    for unit in found.values():
        unit.events = np.unique(np.concatenate([by_person(unit.people), *by_place.get(unit.id, [])]))


class _EventsOfPeople:
    """Rows of events to or by a set of people."""

    def __init__(self, events: Events) -> None:
        rows = np.arange(len(events))
        person = np.concatenate((events.infector, events.infected))
        order = np.argsort(person, kind="stable")
        self.person, self.row = person[order], np.concatenate((rows, rows))[order]

    def __call__(self, people: Ints) -> Ints:
        low = np.searchsorted(self.person, people, side="left")
        high = np.searchsorted(self.person, people, side="right")
        parts = [self.row[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True) if b > a]
        return np.unique(np.concatenate(parts)) if parts else NOBODY
