"""Where everybody truly was, minute by minute: the day's stays outside the home.

A stay has a hidden spot (metres) inside its place; infection depends on it, and no system ever sees it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.kinds import WIDTH, Kind
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.world import World

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

DAY = 1440
#: (start, end) minute of the day of each shift; the night shift ends on the next day
SHIFTS = np.array([[450, 990], [360, 840], [840, 1320], [1320, 1800]], np.int32)
SCHOOL_DAY = (420, 990)


@dataclass(frozen=True, slots=True)
class Stays:
    """Row = one true stay, half-open minutes since the epoch. `trip` is -1 outside vehicles."""

    person: Ints
    site: Ints
    start: Ints
    end: Ints
    trip: Ints
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Stays":
        return Stays(*(getattr(self, name)[rows] for name in self.__slots__))

    @property
    def room(self) -> NDArray[np.int64]:
        """What people share: a place, or one trip of a vehicle."""
        return self.site.astype(np.int64) * 4096 + self.trip + 1


@dataclass(frozen=True, slots=True)
class Part:
    """Stays of one reason before they are put on the day's line; minutes of the day."""

    person: Ints
    site: Ints
    start: Ints
    length: Ints
    trip: Ints | None = None


class Movement:
    """Draws the stays of a day. `monday` is the number of the first Monday counted from day 0."""

    def __init__(self, world: World, chosen: Parameters, day0: int, weekday0: int, seed: int) -> None:
        self.world = world
        self.chosen = chosen
        self.day0 = day0
        self.weekday0 = weekday0
        self.seed = seed
        self.spot = np.random.default_rng((seed, 1)).random((world.size, 2)).astype(np.float32)

    def day(self, number: int) -> Stays:
        """Stays that begin on day `number`; the same for the same seed whatever happened before."""
        rng = np.random.default_rng((self.seed, 2, number))
        weekday = (self.weekday0 + number) % 7
        present = self._present(weekday, rng)
        parts = [self._occupied(present, rng), self._shopping(present, rng), self._cafe(rng)]
        parts += self._riding(present, rng)
        if weekday >= 5:
            parts.append(self._wedding(rng))
        return self._line(parts, self.day0 + number * DAY, rng)

    def _present(self, weekday: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Who goes to work or school today."""
        people, kind = self.world.people, self.world.sites.kind
        kinds = np.where(people.site >= 0, kind[people.site], -1)
        if weekday == 6:
            open_today = np.isin(kinds, [Kind.STALL, Kind.SHOP])
        else:
            open_today = (kinds >= 0) & ((weekday < 5) | ~np.isin(kinds, [Kind.CLASSROOM, Kind.ROOM]))
        share = np.where(
            kinds == Kind.CLASSROOM,
            self.chosen.movement["attends_today"],
            self.chosen.movement["works_today"],
        )
        present: NDArray[np.bool_] = open_today & (rng.random(self.world.size) < share)
        return present

    def _occupied(self, present: NDArray[np.bool_], rng: np.random.Generator) -> Part:
        people, kind = self.world.people, self.world.sites.kind
        who = np.flatnonzero(present).astype(np.int32)
        kinds = kind[people.site[who]]
        start, end = SHIFTS[people.shift[who]].T
        start = np.where(kinds == Kind.CLASSROOM, SCHOOL_DAY[0], np.where(kinds == Kind.STALL, 300, start))
        end = np.where(kinds == Kind.CLASSROOM, SCHOOL_DAY[1], np.where(kinds == Kind.STALL, 690, end))
        start = start + rng.normal(0, 7, len(who)).astype(np.int32)
        end = end + rng.normal(0, 9, len(who)).astype(np.int32)
        return Part(who, people.site[who], start, end - start)

    def _shopping(self, present: NDArray[np.bool_], rng: np.random.Generator) -> Part:
        """One member of a household walks along a few stalls: early before work, else in the morning."""
        world, share = self.world, self.chosen.movement
        low, high = world.member_offset[:-1], world.member_offset[1:]
        grown = np.minimum(high - low, 2)
        shopper = world.members[low + (rng.random(len(low)) * grown).astype(np.int32)]
        shopper = shopper[rng.random(len(shopper)) < share["household_shops_today"]]
        count = share["stalls_per_trip"]
        begin = np.where(
            present[shopper], rng.integers(310, 350, len(shopper)), rng.integers(350, 600, len(shopper))
        )
        stall = self._near(Kind.STALL, world.people.commune[shopper], count, rng)
        length = np.clip(rng.gamma(2.0, 4.0, (len(shopper), count)), 1, 45).astype(np.int32)
        start = begin[:, None] + np.cumsum(length + 2, axis=1) - length
        return Part(np.repeat(shopper, count), stall.ravel(), start.ravel().astype(np.int32), length.ravel())

    def _near(self, kind: Kind, commune: Ints, count: int, rng: np.random.Generator) -> Ints:
        """`count` places of a kind in each row's commune, popular ones more often."""
        sites = self.world.sites
        chosen = np.zeros((len(commune), count), np.int32)
        for here in np.unique(commune):
            rows = sites.of(kind)
            rows = rows[sites.commune[rows] == here]
            weight = 1.0 / (np.arange(len(rows)) + 3.0)
            mine = commune == here
            chosen[mine] = rng.choice(rows, (int(mine.sum()), count), p=weight / weight.sum())
        return chosen

    def _cafe(self, rng: np.random.Generator) -> Part:
        people = self.world.people
        who = np.flatnonzero(
            (people.age >= 16) & (rng.random(self.world.size) < self.chosen.movement["cafe_today"])
        )
        site = self._near(Kind.CAFE, people.commune[who], 1, rng)[:, 0]
        start = rng.choice([690, 1110, 1170], len(who)) + rng.integers(-30, 45, len(who))
        length = np.clip(rng.gamma(4.0, 13.0, len(who)), 10, 150)
        return Part(who.astype(np.int32), site, start.astype(np.int32), length.astype(np.int32))

    def _wedding(self, rng: np.random.Generator) -> Part:
        """A few halls fill with guests who mostly live nearby."""
        world, share = self.world, self.chosen.movement
        halls = rng.permutation(world.sites.of(Kind.HALL))[
            : max(1, round(share["halls_weekend"] * world.size / 50_000))
        ]
        who, where = [], []
        for hall in halls:
            near = np.flatnonzero((world.people.commune == world.sites.commune[hall]) & (world.people.age >= 8))
            guests = rng.choice(near, min(len(near), int(rng.integers(*share["hall_guests"]))), replace=False)
            who.append(guests)
            where.append(np.full(len(guests), hall))
        person = np.concatenate(who).astype(np.int32)
        start = 640 + rng.integers(0, 40, len(person))
        length = rng.integers(70, 170, len(person))
        return Part(
            person, np.concatenate(where).astype(np.int32), start.astype(np.int32), length.astype(np.int32)
        )

    def _riding(self, present: NDArray[np.bool_], rng: np.random.Generator) -> list[Part]:
        """To work and back; a departure is a trip, numbered by vehicle and hour."""
        people, kind = self.world.people, self.world.sites.kind
        who = np.flatnonzero(present & (people.bus >= 0)).astype(np.int32)
        school = kind[people.site[who]] == Kind.CLASSROOM
        start, end = SHIFTS[people.shift[who]].T
        there = np.where(school, SCHOOL_DAY[0], start) - 75 + 15 * rng.integers(0, 3, len(who))
        back = np.where(school, SCHOOL_DAY[1], end) + 25 + 15 * rng.integers(0, 3, len(who))
        return [self._ride(who, minute.astype(np.int32), rng) for minute in (there, back)]

    def _ride(self, who: Ints, departs: Ints, rng: np.random.Generator) -> Part:
        length = rng.integers(12, 32, len(who)).astype(np.int32)
        return Part(who, self.world.people.bus[who], departs, length, departs)

    def _line(self, parts: list[Part], midnight: int, rng: np.random.Generator) -> Stays:
        """All parts on one line per person: nobody is at two places at once."""
        person = np.concatenate([part.person for part in parts])
        site = np.concatenate([part.site for part in parts])
        start = np.concatenate([part.start for part in parts])
        end = start + np.concatenate([part.length for part in parts])
        trip = np.concatenate(
            [np.full(len(part.person), -1) if part.trip is None else part.trip for part in parts]
        )
        order = np.lexsort((start, person))
        person, site, start, end, trip = (column[order] for column in (person, site, start, end, trip))
        follows = np.append(person[1:] == person[:-1], False)
        end = np.where(follows, np.minimum(end, np.append(start[1:] - 1, 0)), end)
        x, y = self._spots(person, site, trip, rng)
        start, end, keep = start + midnight, end + midnight, end > start
        whole = [column.astype(np.int32)[keep] for column in (person, site, start, end, trip)]
        return Stays(whole[0], whole[1], whole[2], whole[3], whole[4], x[keep], y[keep])

    def _spots(self, person: Ints, site: Ints, trip: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Own desk, seat or counter where one works or learns; elsewhere wherever there was room today."""
        own = self.world.people.site[person] == site
        unit = np.where(own[:, None], self.spot[person], rng.random((len(person), 2)))
        width = np.array([WIDTH.get(kind, 1.0) for kind in Kind])[self.world.sites.kind[site]]
        across = np.where(trip >= 0, 2.2, np.minimum(width, 8.0))
        return (unit[:, 0] * width).astype(np.float32), (unit[:, 1] * across).astype(np.float32)
