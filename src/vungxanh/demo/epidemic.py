"""The epidemic that truly happens: infection from hidden closeness and hidden shedding, along true whereabouts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.kinds import Kind
from vungxanh.demo.movement import DAY, Movement, Stays
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.world import World

Ints = NDArray[np.int32]
Reals = NDArray[np.float64]

NEVER = np.int32(2**31 - 1)
#: Days from onset over which somebody sheds at all; the tails beyond hold under one part in a thousand.
SHEDS = (-6, 12)
HOME = -1


@dataclass(frozen=True, slots=True)
class Course:
    """What happens to each person once infected, drawn beforehand. Row = person."""

    incubation: Reals  #: days
    shedding: Reals  #: relative, mean 1
    asymptomatic: NDArray[np.bool_]
    to_isolation: Reals  #: days from onset to sample and isolation


@dataclass(slots=True)
class Truth:
    """What nobody sees. Row = person; NEVER where it did not happen. Minutes since the epoch."""

    infected: Ints
    onset: Ints
    isolated: Ints
    infector: Ints  #: person, -1 where infected elsewhere
    site: Ints  #: place of infection, -1 at home or elsewhere
    asymptomatic: NDArray[np.bool_]

    def cases(self) -> Ints:
        """The infected, in order of infection."""
        rows = np.flatnonzero(self.infected < NEVER)
        return rows[np.argsort(self.infected[rows], kind="stable")].astype(np.int32)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Row = an infectious person and somebody who shared a room with them."""

    source: Ints
    contact: Ints
    start: Ints
    minutes: Ints
    distance: Reals
    site: Ints


def courses(size: int, chosen: Parameters, rng: np.random.Generator) -> Course:
    disease = chosen.disease
    incubation = rng.lognormal(disease["incubation"]["meanlog"], disease["incubation"]["sdlog"], size)
    silent = rng.random(size) < disease["asymptomatic"]["share"]
    shape = chosen.fitted["shedding_shape"]
    shedding = rng.gamma(shape, 1 / shape, size) * np.where(silent, disease["asymptomatic"]["relative"], 1.0)
    delay = disease["onset_to_isolation"]
    wait = rng.gamma(delay["shape"], delay["mean"] / delay["shape"], size)
    return Course(incubation, shedding, silent, np.where(silent, np.inf, wait))


def profile(chosen: Parameters) -> Reals:
    """Share of all shedding on each day from SHEDS[0] to SHEDS[1] relative to onset; sums to 1."""
    given = chosen.disease["infectiousness"]
    at = np.arange(SHEDS[0], SHEDS[1] + 1) + given["shift"]
    density = at ** (given["shape"] - 1) * np.exp(-given["rate"] * (at - given["shift"]))
    share: Reals = density / density.sum()
    return share


class Epidemic:
    """Runs day by day. `onward=False` lets only the introduced infect: for fitting."""

    def __init__(self, world: World, movement: Movement, chosen: Parameters, seed: int, *, onward: bool = True):
        self.world, self.movement, self.chosen, self.onward = world, movement, chosen, onward
        self.rng = np.random.default_rng((seed, 3))
        self.course = courses(world.size, chosen, self.rng)
        self.profile = profile(chosen)
        self.air = np.array([chosen.closeness["air"].get(kind.name.lower(), 0.0) for kind in Kind])
        none = np.full(world.size, NEVER, np.int32)
        nobody = np.full(world.size, -1, np.int32)
        self.truth = Truth(none, none.copy(), none.copy(), nobody, nobody.copy(), np.zeros(world.size, np.bool_))

    def introduce(self, count: int) -> None:
        """People infected elsewhere, around the first day."""
        low, high = self.chosen.disease["introductions_span"]
        adults = np.flatnonzero((self.world.people.age >= 18) & (self.world.people.site >= 0))
        who = self.rng.choice(adults, min(count, len(adults)), replace=False).astype(np.int32)
        minute = self.movement.day0 + (self.rng.uniform(low, high, len(who)) * DAY).astype(np.int32)
        self._infect(who, minute, np.full(len(who), -1, np.int32), np.full(len(who), HOME, np.int32))

    def _infect(self, who: Ints, minute: Ints, infector: Ints, site: Ints) -> None:
        truth, course = self.truth, self.course
        truth.infected[who] = minute
        truth.infector[who] = infector
        truth.site[who] = site
        truth.asymptomatic[who] = course.asymptomatic[who]
        onset = minute + (course.incubation[who] * DAY).astype(np.int32)
        truth.onset[who] = onset
        wait = course.to_isolation[who]
        truth.isolated[who] = np.where(
            np.isfinite(wait), onset + (np.where(np.isfinite(wait), wait, 0) * DAY).astype(np.int32), NEVER
        )

    def day(self, number: int) -> Stays:
        """Live one day; returns the true stays of that day without those of isolated people."""
        midnight = self.movement.day0 + number * DAY
        stays = self.movement.day(number)
        stays = stays.take(self.truth.isolated[stays.person] > stays.start)
        power = self.shedding_on(midnight)
        sources = np.flatnonzero(power > 0).astype(np.int32)
        if len(sources):
            found = [self._at_home(sources, power, midnight), self._outside(stays, power)]
            self._first_of_all(*(np.concatenate(column) for column in zip(*found, strict=True)))
        return stays

    def shedding_on(self, midnight: int) -> Reals:
        """How infectious each person is on the day that begins at `midnight`: 0 for nearly all."""
        truth = self.truth
        active = (truth.infected < midnight) & (truth.isolated > midnight)
        if not self.onward:
            active &= truth.infector < 0
        offset = np.round((midnight + DAY // 2 - truth.onset.astype(np.int64)) / DAY).astype(np.int64) - SHEDS[0]
        inside = active & (offset >= 0) & (offset < len(self.profile))
        power = np.where(inside, self.profile[np.clip(offset, 0, len(self.profile) - 1)], 0.0)
        result: Reals = power * self.course.shedding
        return result

    def _at_home(self, sources: Ints, power: Reals, midnight: int) -> tuple[Ints, Ints, Ints, Ints]:
        world = self.world
        home = world.people.household[sources]
        low, count = world.member_offset[home], np.diff(world.member_offset)[home]
        source = np.repeat(sources, count)
        contact = world.members[np.repeat(low, count) + ragged(count)]
        hazard = self.chosen.fitted["household"] * power[source]
        hit = (source != contact) & self._draw(contact, hazard)
        minute = midnight + self.rng.integers(1080, 1440, int(hit.sum())).astype(np.int32)
        return contact[hit], minute, source[hit], np.full(len(minute), HOME, np.int32)

    def _outside(self, stays: Stays, power: Reals) -> tuple[Ints, Ints, Ints, Ints]:
        pairs = together(stays, power[stays.person] > 0)
        near = np.exp(-pairs.distance / self.chosen.closeness["reach_m"])
        close = near + self.air[self.world.sites.kind[pairs.site]]
        # power is a share of a whole infection's shedding, so an hour counts against the profile's peak day
        strength = power[pairs.source] / self.profile.max()
        hazard = self.chosen.fitted["elsewhere"] * strength * close * pairs.minutes / 60
        hit = self._draw(pairs.contact, hazard)
        minute = pairs.start[hit] + (self.rng.random(int(hit.sum())) * pairs.minutes[hit]).astype(np.int32)
        return pairs.contact[hit], minute, pairs.source[hit], pairs.site[hit]

    def _draw(self, contact: Ints, hazard: Reals) -> NDArray[np.bool_]:
        """Who of the contacts is infected; nobody is infected twice."""
        chance = -np.expm1(-hazard)
        hit: NDArray[np.bool_] = (self.rng.random(len(contact)) < chance) & (self.truth.infected[contact] == NEVER)
        return hit

    def _first_of_all(self, contact: Ints, minute: Ints, source: Ints, site: Ints) -> None:
        """Of several infections of one person on a day the earliest is the one."""
        order = np.lexsort((minute, contact))
        contact, minute, source, site = contact[order], minute[order], source[order], site[order]
        first = np.append(True, contact[1:] != contact[:-1])[: len(contact)]
        self._infect(contact[first], minute[first], source[first], site[first])


def ragged(count: NDArray[np.integer]) -> NDArray[np.int64]:
    """0, 1, … count-1 for each entry, one after the other."""
    total = np.cumsum(count)
    numbers: NDArray[np.int64] = np.arange(total[-1] if len(total) else 0) - np.repeat(total - count, count)
    return numbers


def together(stays: Stays, is_source: NDArray[np.bool_]) -> Pairs:
    """Everybody who shared a room with a source, stay by stay."""
    order = np.lexsort((stays.start, stays.room))
    stays, is_source = stays.take(order), is_source[order]
    room = stays.room
    rows = np.flatnonzero(is_source)
    low = np.searchsorted(room, room[rows], side="left")
    count = np.searchsorted(room, room[rows], side="right") - low
    one = np.repeat(rows, count)
    other = np.repeat(low, count) + ragged(count)
    start = np.maximum(stays.start[one], stays.start[other])
    minutes = np.minimum(stays.end[one], stays.end[other]) - start
    keep = (minutes > 0) & (stays.person[one] != stays.person[other])
    one, other, start, minutes = one[keep], other[keep], start[keep], minutes[keep]
    distance = np.hypot(stays.x[one] - stays.x[other], stays.y[one] - stays.y[other]).astype(np.float64)
    return Pairs(stays.person[one], stays.person[other], start, minutes, distance, stays.site[one])
