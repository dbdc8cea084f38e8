"""The infected of all replicates side by side, and how their course is drawn."""

from dataclasses import dataclass, fields

import numpy as np

from vungxanh.zoning.model.parameters import Course, Ints, Reals
from vungxanh.zoning.model.presence import DAY, LATER, Presence

NO_EVENT = -1


@dataclass
class Infected:
    """Row = an infected person of a replicate; days from `now`. `event`: row of `Events` that infected them."""

    replicate: Ints
    person: Ints
    day: Ints
    onset: Ints
    apart: Ints
    shedding: Reals
    event: Ints

    def __len__(self) -> int:
        return len(self.person)

    def grow(self, other: "Infected") -> "Infected":
        names = [one.name for one in fields(self)]
        return Infected(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in names))

    def take(self, rows: Ints) -> "Infected":
        return Infected(*(getattr(self, one.name)[rows] for one in fields(self)))


class Drawing:
    """Draws onset, isolation and shedding. `now` in minutes."""

    def __init__(self, evidence: Presence, disease: Course, now: int, rng: np.random.Generator) -> None:
        self.evidence, self.disease, self.now, self.rng = evidence, disease, now, rng

    def incubation(self, size: int) -> Ints:
        """Days."""
        drawn = self.rng.lognormal(self.disease.incubation_meanlog, self.disease.incubation_sdlog, size)
        return np.round(drawn).astype(np.int64)

    def infected(self, replicate: Ints, person: Ints, day: Ints, event: Ints) -> Infected:
        """The newly infected."""
        size = len(person)
        onset = day + self.incubation(size)
        silent = self.rng.random(size) < self.disease.asymptomatic
        shedding = self.rng.gamma(self.disease.dispersion, 1 / self.disease.dispersion, size)
        shedding *= np.where(silent, self.disease.asymptomatic_relative, 1.0)
        apart = np.minimum(np.where(silent, LATER, onset + self._wait(size)), self.recorded_apart(person))
        return Infected(replicate, person, day, onset, apart, shedding, event)

    def source(self, replicate: Ints, person: Ints, day: Ints) -> Infected:
        """Somebody who shed on `day`, more than most, and has not been found by now."""
        size, disease = len(person), self.disease
        days = np.arange(disease.first_day, disease.first_day + len(disease.profile))
        onset = day - self.rng.choice(days, size, p=disease.profile)
        apart = onset + self._wait(size)
        apart = np.minimum(np.where(apart > 0, apart, LATER), self.recorded_apart(person))
        shedding = self.rng.gamma(disease.dispersion + 1, 1 / disease.dispersion, size)
        began = np.minimum(onset - self.incubation(size), day - 1)
        return Infected(replicate, person, began, onset, apart, shedding, np.full(size, NO_EVENT))

    def _wait(self, size: int) -> Ints:
        """Days from onset to isolation of somebody who falls ill."""
        shape = self.disease.isolation_shape
        return np.ceil(self.rng.gamma(shape, self.disease.isolation_mean / shape, size)).astype(np.int64)

    def recorded_apart(self, person: Ints) -> Ints:
        """Day on which an isolation on record begins."""
        minute = self.evidence.apart_from(person)
        never = np.iinfo(np.int64).max
        return np.where(minute == never, LATER, (np.minimum(minute, 2**40) - self.now) // DAY)


def keys(replicate: Ints, person: Ints) -> Ints:
    """(replicate, person) as one number."""
    found: Ints = (replicate.astype(np.int64) << 40) + person
    return found
