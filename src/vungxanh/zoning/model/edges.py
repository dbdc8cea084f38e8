"""Every way that somebody may infect somebody else on a day: recorded overlap, meeting, shared home."""

from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.parameters import Course, Ints, Reals
from vungxanh.zoning.model.presence import DAY, Presence
from vungxanh.zoning.model.sorting import order_of

AT_HOME, UNKNOWN_PLACE = -1, -2
Part = tuple[Ints, Ints, Reals, Ints]


@dataclass(frozen=True)
class Edges:
    """Row = one way that the person at position `source` may infect `contact`, ordered by source. `hazard`: of a
    mean case, to be multiplied by the share of all infectiousness that is shed on the day."""

    source: Ints
    contact: Ints
    hazard: Reals
    place: Ints


class Ways:
    """Edges of a day. A day before `now` uses the evidence of that day, a later one the same weekday last week."""

    def __init__(self, evidence: Presence, disease: Course, now: int, rng: np.random.Generator) -> None:
        self.evidence, self.disease, self.now, self.rng = evidence, disease, now, rng
        self.peak = float(disease.profile.max())

    def on(self, persons: Ints, day: int) -> Edges:
        begin = self.now + (day if day < 0 else day % 7 - 7) * DAY
        parts = [*self._at_places(persons, begin), self._at_home(persons), self._by_meeting(persons, begin)]
        source, contact, hazard, place = (np.concatenate(column) for column in zip(*parts, strict=True))
        keep = persons[source] != contact
        order = np.flatnonzero(keep)[order_of(source[keep])]
        return Edges(source[order], contact[order], hazard[order], place[order])

    def _at_places(self, persons: Ints, begin: int) -> list[Part]:
        """A place of n people present counts for `near`/n of its minutes: nobody is close to all of a crowd."""
        stays = self.evidence.stays(persons, begin, begin + DAY)
        met = self.evidence.meeting(stays, self.rng)
        present = np.ones(len(stays.which))
        if met:
            present = np.sum([np.bincount(one.asked, minlength=len(present)) * one.stands for one in met], axis=0)
        strength = (
            self.disease.place_hour / 60 / self.peak * np.minimum(1.0, self.disease.near / np.maximum(present, 1))
        )
        return [
            (
                stays.which[one.asked],
                one.person,
                one.shared * (strength * one.stands)[one.asked],
                stays.place[one.asked],
            )
            for one in met
        ]

    def _at_home(self, persons: Ints) -> Part:
        household = self.evidence.household_of(persons)
        known = np.flatnonzero(household >= 0)
        which, contact = self.evidence.members_of(household[known])
        return known[which], contact, np.full(len(contact), self.disease.household), np.full(len(contact), AT_HOME)

    def _by_meeting(self, persons: Ints, begin: int) -> Part:
        which, other, seconds, place = self.evidence.meetings(persons, begin, begin + DAY)
        hazard = self.disease.encounter_hour * seconds / 3600 / self.peak
        return which, other, hazard, np.where(place >= 0, place, UNKNOWN_PLACE)
