"""Forward simulation on the evidence: from the cases' own windows to `now`, then on for some days.

Method. A day is 1440 minutes counted from `now`; days before it use the evidence of that day, later days replay
the same day of last week: its routine is assumed to go on. In each of many replicates a case sheds by the profile
from its onset, times a personal factor; who infected it is drawn too (`model.origins`); every recorded overlap,
meeting and shared home passes it on with 1 - exp(-hazard). Who would have been found before `now` and was not has
not been infected. What is not in the evidence is not simulated. Infections after `now` are what a zone is to hold.
"""

from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.edges import AT_HOME, UNKNOWN_PLACE, Ways
from vungxanh.zoning.model.infected import NO_EVENT, Drawing, Infected, keys
from vungxanh.zoning.model.origins import Origins
from vungxanh.zoning.model.parameters import Course, Ints
from vungxanh.zoning.model.presence import DAY, Presence, expand
from vungxanh.zoning.model.sorting import among, distinct, firsts, order_of

__all__ = ["AT_HOME", "UNKNOWN_PLACE", "Case", "Events", "Simulation"]


@dataclass(frozen=True)
class Case:
    """A confirmed person. `onset` and `isolated` are minutes; a known case is taken to be apart from now on."""

    person: int
    onset: int
    isolated: int | None = None


@dataclass(frozen=True)
class Events:
    """Row = one infection of one replicate after `now`, in order of day. Persons and places are codes; `place`
    AT_HOME or UNKNOWN_PLACE where it was no place. `parent`: the row that infected the infector, -1 before now."""

    replicate: Ints
    day: Ints
    infector: Ints
    infected: Ints
    place: Ints
    parent: Ints
    replicates: int

    def __len__(self) -> int:
        return len(self.infected)

    @property
    def expected(self) -> float:
        """Infections expected in the days simulated."""
        return len(self) / self.replicates


class Simulation:
    """Replicates side by side; the same seed gives the same events."""

    def __init__(self, evidence: Presence, disease: Course, now: int, *, replicates: int = 200, seed: int = 1):
        self.evidence, self.disease, self.now = evidence, disease, now
        self.replicates = replicates
        self.rng = np.random.default_rng(seed)
        self.ways = Ways(evidence, disease, now, self.rng)
        self.drawing = Drawing(evidence, disease, now, self.rng)

    def run(self, cases: tuple[Case, ...], days: int = 7) -> Events:
        """Events of the next `days` days."""
        infected = self._seeds(cases)
        found: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 6]
        if len(infected):
            infected = Origins(self.ways, self.drawing, self.replicates).add(
                infected, len(infected) // self.replicates
            )
            self._spread(infected, days, found)
        columns = [np.concatenate(one) for one in zip(*found, strict=True)]
        return Events(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], self.replicates)

    def _spread(self, infected: Infected, days: int, found: list[tuple[Ints, ...]]) -> None:
        taken, events = distinct(keys(infected.replicate, infected.person)), 0
        for day in range(int(infected.onset.min()) + self.disease.first_day, days):
            rows = self._draw(infected, day)
            fresh, taken = self._new(rows, taken)
            replicate, infector, contact, place, parent = (column[fresh] for column in rows)
            number = np.arange(events, events + len(fresh)) if day >= 0 else np.full(len(fresh), NO_EVENT)
            made = self.drawing.infected(replicate, contact, np.full(len(contact), day), number)
            if day < 0:  # who would have been found by now and was not, was not infected
                made = made.take(np.flatnonzero(made.apart > 0))
            else:
                found.append((replicate, np.full(len(contact), day), infector, contact, place, parent))
                events += len(fresh)
            infected = infected.grow(made)

    def _seeds(self, cases: tuple[Case, ...]) -> Infected:
        """The known cases in every replicate; those of whom the evidence says nothing infect nobody in it."""
        person = self.evidence.segment.persons.codes(np.array([case.person for case in cases], np.int64))
        cases, person = (
            tuple(case for case, code in zip(cases, person, strict=True) if code >= 0),
            person[person >= 0],
        )
        times, size = self.replicates, len(person)
        onset = np.tile(np.array([(case.onset - self.now) // DAY for case in cases], np.int64), times)
        apart = [0 if case.isolated is None else min(0, -((self.now - case.isolated) // DAY)) for case in cases]
        replicate, event = np.repeat(np.arange(times), size), np.full(size * times, NO_EVENT)
        began = onset - self.drawing.incubation(size * times)
        seeds = self.drawing.infected(replicate, np.tile(person, times), began, event)
        seeds.onset, seeds.apart = onset, np.tile(np.array(apart, np.int64), times)
        return seeds

    def _draw(self, infected: Infected, day: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """(replicate, infector, contact, place, event of the infector) of every transmission drawn today."""
        power = infected.shedding * self.disease.strength(day - infected.onset)
        active = np.flatnonzero((power > 0) & (infected.day < day) & (infected.apart > day))
        persons = distinct(infected.person[active])
        which = np.searchsorted(persons, infected.person[active])
        edges = self.ways.on(persons, day)
        low = np.searchsorted(edges.source, which, side="left")
        high = np.searchsorted(edges.source, which, side="right")
        at, row = expand(low, high)
        hit = self.rng.random(len(row)) < -np.expm1(-edges.hazard[row] * power[active][at])
        who, row = active[at[hit]], row[hit]
        return (
            infected.replicate[who],
            infected.person[who],
            edges.contact[row],
            edges.place[row],
            infected.event[who],
        )

    @staticmethod
    def _new(rows: tuple[Ints, ...], taken: Ints) -> tuple[Ints, Ints]:
        """Rows that infect somebody for the first time in their replicate, and the keys of all infected."""
        key = keys(rows[0], rows[2])
        order = order_of(key)
        order = order[firsts(key[order])]
        fresh = order[~among(key[order], taken)]
        return fresh, np.sort(np.concatenate((taken, key[fresh])))
