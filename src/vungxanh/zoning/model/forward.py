"""Forward simulation on the evidence: from the cases' own windows to `now`, then on for some days.

Method. A day is 1440 minutes counted from `now`; days before it use the evidence of that day, later days replay
the same day of last week: its routine is assumed to go on. In each of many replicates a case sheds by the profile
from its onset, times a personal factor; every recorded overlap, meeting and shared home passes it on with
1 - exp(-hazard). A place of n people present counts for `near`/n of its minutes, since nobody is close to all of
a crowd. What is not in the evidence is not simulated. Infections after `now` are what a zone is to hold.
"""

from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.parameters import Course, Flags, Ints, Reals
from vungxanh.zoning.model.presence import DAY, Presence, expand

AT_HOME, UNKNOWN_PLACE = -1, -2
LATER = 10**6


@dataclass(frozen=True)
class Case:
    """A confirmed person. `onset` and `isolated` are minutes; a known case is taken to be apart from now on."""

    person: int
    onset: int
    isolated: int | None = None


@dataclass(frozen=True)
class Events:
    """Row = one infection of one replicate after `now`. `place` AT_HOME or UNKNOWN_PLACE where it was no place."""

    replicate: Ints
    day: Ints
    infector: Ints
    infected: Ints
    place: Ints
    replicates: int

    def __len__(self) -> int:
        return len(self.infected)

    @property
    def expected(self) -> float:
        """Infections expected in the days simulated."""
        return len(self) / self.replicates


@dataclass
class _Infected:
    """Row = an infected person of a replicate; days from `now`."""

    replicate: Ints
    person: Ints
    day: Ints
    onset: Ints
    apart: Ints
    shedding: Reals

    def grow(self, other: "_Infected") -> "_Infected":
        names = self.__dataclass_fields__
        return _Infected(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in names))


@dataclass(frozen=True)
class _Edges:
    """Row = one way that `source` may infect `contact` today, with the hazard of a mean case at its peak."""

    source: Ints
    contact: Ints
    hazard: Reals
    place: Ints


class Simulation:
    """Replicates side by side; the same seed gives the same events."""

    def __init__(self, evidence: Presence, disease: Course, now: int, *, replicates: int = 200, seed: int = 1):
        self.evidence, self.disease, self.now = evidence, disease, now
        self.replicates = replicates
        self.rng = np.random.default_rng(seed)

    def run(self, cases: tuple[Case, ...], days: int = 7) -> Events:
        """Events of the next `days` days."""
        infected = self._seeds(cases)
        taken = _keys(infected.replicate, infected.person)
        infected, taken = self._with_sources(cases, infected, taken)
        found: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
        first = int(infected.onset.min(initial=0)) + self.disease.first_day
        for day in range(first, days):
            rows = self._draw(infected, day)
            fresh, taken = self._new(rows, taken)
            replicate, infector, contact, place = (column[fresh] for column in rows)
            infected = infected.grow(self._course(replicate, contact, np.full(len(contact), day)))
            if day >= 0:
                found.append((replicate, np.full(len(contact), day), infector, contact, place))
        replicate, on, infector, contact, place = (np.concatenate(one) for one in zip(*found, strict=True))
        return Events(replicate, on, infector, contact, place, self.replicates)

    def _seeds(self, cases: tuple[Case, ...]) -> _Infected:
        person = np.array([case.person for case in cases], np.int64)
        onset = np.array([(case.onset - self.now) // DAY for case in cases], np.int64)
        apart = [0 if case.isolated is None else min(0, -((self.now - case.isolated) // DAY)) for case in cases]
        times = self.replicates
        replicate = np.repeat(np.arange(times), len(person))
        seeds = self._course(replicate, np.tile(person, times), np.tile(onset - 30, times))
        seeds.onset, seeds.apart = np.tile(onset, times), np.tile(np.array(apart, np.int64), times)
        return seeds

    def _with_sources(self, cases: tuple[Case, ...], infected: _Infected, taken: Ints) -> tuple[_Infected, Ints]:
        """Whoever infected a case may still be about: one of those met on that day, drawn by hazard."""
        for position, case in enumerate(cases):
            rows = np.arange(self.replicates) * len(cases) + position
            onset = infected.onset[rows]
            incubation = self.rng.lognormal(
                self.disease.incubation_meanlog, self.disease.incubation_sdlog, len(rows)
            )
            replicate, source, day = self._infectors(case.person, onset - np.round(incubation).astype(int))
            key = _keys(replicate, source)
            fresh = ~np.isin(key, taken)
            infected = infected.grow(self._source_course(replicate[fresh], source[fresh], day[fresh]))
            taken = np.union1d(taken, key)
        return infected, taken

    def _infectors(self, person: int, day: Ints) -> tuple[Ints, Ints, Ints]:
        """(replicate, infector, day) of one draw a replicate; none where it falls on what was not recorded."""
        drawn: list[tuple[Ints, Ints, Ints]] = []
        for on in np.unique(day).tolist():
            edges = self._edges(np.array([person]), on)
            replicate = np.flatnonzero(day == on)
            weight = np.cumsum(edges.hazard * self.disease.profile.max())
            if not len(weight):
                continue
            at = self.rng.random(len(replicate)) * (weight[-1] + self.disease.unrecorded)
            hit = at < weight[-1]
            chosen = np.searchsorted(weight, at[hit], side="right")
            drawn.append((replicate[hit], edges.contact[chosen], np.full(int(hit.sum()), on)))
        if not drawn:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
        replicate, source, on_day = (np.concatenate(one) for one in zip(*drawn, strict=True))
        return replicate, source, on_day

    def _source_course(self, replicate: Ints, person: Ints, day: Ints) -> _Infected:
        """Somebody who shed on `day`, more than most, and has not been found by now."""
        disease, size = self.disease, len(person)
        made = self._course(replicate, person, day - 14)
        days = np.arange(disease.first_day, disease.first_day + len(disease.profile))
        made.onset = day - self.rng.choice(days, size, p=disease.profile)
        shape = disease.isolation_shape
        wait = np.ceil(self.rng.gamma(shape, disease.isolation_mean / shape, size)).astype(int)
        apart = np.where(made.onset + wait > 0, made.onset + wait, LATER)
        made.apart = np.minimum(apart, self._recorded_apart(person))
        made.shedding = self.rng.gamma(disease.dispersion + 1, 1 / disease.dispersion, size)
        return made

    def _course(self, replicate: Ints, person: Ints, day: Ints) -> _Infected:
        """Onset, isolation and shedding of the newly infected, drawn."""
        disease, size = self.disease, len(person)
        onset = day + np.round(
            self.rng.lognormal(disease.incubation_meanlog, disease.incubation_sdlog, size)
        ).astype(int)
        silent = self.rng.random(size) < disease.asymptomatic
        shape = disease.isolation_shape
        wait = np.ceil(self.rng.gamma(shape, disease.isolation_mean / shape, size)).astype(int)
        shedding = self.rng.gamma(disease.dispersion, 1 / disease.dispersion, size)
        shedding *= np.where(silent, disease.asymptomatic_relative, 1.0)
        apart = np.minimum(np.where(silent, LATER, onset + wait), self._recorded_apart(person))
        return _Infected(replicate, person, day, onset, apart, shedding)

    def _recorded_apart(self, person: Ints) -> Ints:
        known, minute = self.evidence.apart
        if not len(known):
            return np.full(len(person), LATER)
        at = np.minimum(np.searchsorted(known, person), len(known) - 1)
        found: Ints = np.where(known[at] == person, (minute[at] - self.now) // DAY, LATER)
        return found

    def _draw(self, infected: _Infected, day: int) -> tuple[Ints, Ints, Ints, Ints]:
        """(replicate, infector, contact, place) of every transmission drawn today."""
        power = infected.shedding * self.disease.strength(day - infected.onset)
        active = np.flatnonzero((power > 0) & (infected.day < day) & (infected.apart > day))
        persons, which = np.unique(infected.person[active], return_inverse=True)
        edges = self._edges(persons, day)
        low = np.searchsorted(edges.source, which, side="left")
        high = np.searchsorted(edges.source, which, side="right")
        at, row = expand(low, high)
        hazard = edges.hazard[row] * power[active][at]
        hit = self.rng.random(len(row)) < -np.expm1(-hazard)
        who = active[at[hit]]
        return infected.replicate[who], infected.person[who], edges.contact[row[hit]], edges.place[row[hit]]

    def _edges(self, persons: Ints, day: int) -> _Edges:
        """All ways that they may infect somebody today, in order of `source`, a position in `persons`."""
        parts = [self._at_places(persons, day), self._at_home(persons), self._by_meeting(persons, day)]
        source, contact, hazard, place = (np.concatenate(column) for column in zip(*parts, strict=True))
        keep = persons[source] != contact
        order = np.argsort(source[keep], kind="stable")
        return _Edges(*(column[keep][order] for column in (source, contact, hazard, place)))

    def _day_of_evidence(self, day: int) -> int:
        """First minute of the day whose evidence stands for `day`."""
        return self.now + (day if day < 0 else day % 7 - 7) * DAY

    def _at_places(self, persons: Ints, day: int) -> tuple[Ints, Ints, Reals, Ints]:
        stays, begin = self.evidence.stays, self._day_of_evidence(day)
        which, row = stays.of_persons(persons)
        today = (stays.start[row] >= begin) & (stays.start[row] < begin + DAY)
        which, row = which[today], row[today]
        asked, met, shared = stays.meeting(stays.place[row], stays.start[row], stays.end[row])
        present = np.bincount(asked, minlength=len(row))[asked]
        share = np.minimum(1.0, self.disease.near / np.maximum(present, 1))
        hazard = self.disease.place_hour * shared / 60 * share / self.disease.profile.max()
        return which[asked], stays.person[met], hazard, stays.place[met]

    def _at_home(self, persons: Ints) -> tuple[Ints, Ints, Reals, Ints]:
        homes = self.evidence.homes
        household = homes.household_of(persons)
        known = np.flatnonzero(household >= 0)
        which, contact = homes.members_of(household[known])
        hazard = np.full(len(contact), self.disease.household)
        return known[which], contact, hazard, np.full(len(contact), AT_HOME)

    def _by_meeting(self, persons: Ints, day: int) -> tuple[Ints, Ints, Reals, Ints]:
        meetings, begin = self.evidence.meetings, self._day_of_evidence(day)
        which, row = meetings.of_persons(persons)
        today = (meetings.start[row] >= begin) & (meetings.start[row] < begin + DAY)
        which, row = which[today], row[today]
        hazard = self.disease.encounter_hour * meetings.seconds[row] / 3600 / self.disease.profile.max()
        place = np.where(meetings.place[row] >= 0, meetings.place[row], UNKNOWN_PLACE)
        return which, meetings.b[row], hazard, place

    @staticmethod
    def _new(rows: tuple[Ints, Ints, Ints, Ints], taken: Ints) -> tuple[Ints, Ints]:
        """Rows that infect somebody for the first time in their replicate, and the keys of all infected."""
        key = _keys(rows[0], rows[2])
        unique, first = np.unique(key, return_index=True)
        fresh: Flags = ~np.isin(unique, taken)
        return first[fresh], np.union1d(taken, unique)


def _keys(replicate: Ints, person: Ints) -> Ints:
    """(replicate, person) as one number. Persons beyond 2**47 would collide; ids of people are far below."""
    return (replicate.astype(np.int64) << 47) + person
