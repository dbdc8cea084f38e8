"""What the systems see of the true whereabouts: an incomplete, mistimed sample.

A stay is recorded where the place uses its QR and the person scans; the scan comes late, the exit is early or
forgotten, a few clocks are wrong, some rows are typed by hand. Phones with the application hear each other.
"""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.epidemic import ragged
from vungxanh.demo.kinds import Kind
from vungxanh.demo.movement import Stays
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.world import World

Ints = NDArray[np.int32]

UNKNOWN = -1
OPEN = -1  #: end of a visit whose exit was forgotten
GATE, TYPED = 0, 1
SEATS_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Visits:
    """Row = one scan in, with its scan out or OPEN; minutes since the epoch."""

    person: Ints
    site: Ints
    start: Ints
    end: Ints
    how: Ints  #: GATE or TYPED
    mask: Ints  #: 1 worn, 0 not, UNKNOWN nobody noted it


@dataclass(frozen=True, slots=True)
class Encounters:
    """Row = two phones that heard each other, a < b."""

    a: Ints
    b: Ints
    start: Ints
    end: Ints
    seconds: Ints
    distance_m: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seats:
    """Row = a ticket: vehicle, departure (minute since the epoch), seat row and column from 1."""

    person: Ints
    vehicle: Ints
    departs: Ints
    start: Ints
    end: Ints
    row: Ints
    column: Ints


Table = TypeVar("Table", Visits, Encounters, Seats)


class Recorder:
    """Sees one day after another; `visits`, `encounters` and `seats` join what it has seen."""

    def __init__(self, world: World, chosen: Parameters, seed: int) -> None:
        self.world, self.chosen = world, chosen
        self.rng = np.random.default_rng((seed, 4))
        kind = world.sites.kind
        share = np.array([chosen.record["adoption"].get(each.name.lower(), 0.0) for each in Kind])
        self.uses_qr = self.rng.random(len(kind)) < share[kind]
        wrong = self.rng.random(len(kind)) < chosen.record["clock_wrong"]
        off = self.rng.normal(0, chosen.record["clock_off_minutes"], len(kind))
        self.clock_off = np.where(wrong, off, 0).astype(np.int32)
        self._visits: list[Visits] = []
        self._encounters: list[Encounters] = []
        self._seats: list[Seats] = []

    def see(self, stays: Stays) -> None:
        """Take in the true stays of one day."""
        scanned = self.uses_qr[stays.site]
        scanned &= self.rng.random(len(stays)) < self.world.people.discipline[stays.person]
        self._visits.append(self._scan(stays.take(scanned)))
        self._encounters.append(self._hear(stays.take(self.world.people.app[stays.person])))
        self._seats.append(tickets(stays.take(scanned & (stays.trip >= 0))))

    @property
    def visits(self) -> Visits:
        return joined(self._visits)

    @property
    def encounters(self) -> Encounters:
        return joined(self._encounters)

    @property
    def seats(self) -> Seats:
        return joined(self._seats)

    def _minutes(self, name: str, size: int) -> Ints:
        given = self.chosen.record[name]
        return np.floor(self.rng.lognormal(given["meanlog"], given["sdlog"], size)).astype(np.int32)

    def _scan(self, stays: Stays) -> Visits:
        size = len(stays)
        length = stays.end - stays.start
        start = stays.start + np.minimum(self._minutes("late_minutes", size), length - 1)
        end = np.maximum(stays.end - self._minutes("early_out_minutes", size), start + 1)
        typed = self.rng.random(size) < self.chosen.record["typed_by_staff"]
        start = np.where(typed, start // 15 * 15, start) + self.clock_off[stays.site]
        end = np.where(typed, -(-end // 15) * 15, end) + self.clock_off[stays.site]
        end = np.where(self.rng.random(size) < self.chosen.record["forgotten_out"], OPEN, end)
        return Visits(
            stays.person,
            stays.site,
            start.astype(np.int32),
            end.astype(np.int32),
            np.where(typed, TYPED, GATE).astype(np.int32),
            self._masks(size),
        )

    def _masks(self, size: int) -> Ints:
        given = self.chosen.record
        worn = (self.rng.random(size) < given["mask_worn"]).astype(np.int32)
        return np.where(self.rng.random(size) < given["mask_noted"], worn, UNKNOWN).astype(np.int32)

    def _hear(self, stays: Stays) -> Encounters:
        """Pairs of phones in one room and within reach; the distance is what a phone makes of the signal."""
        given = self.chosen.record
        one, other = roommates(stays)
        start = np.maximum(stays.start[one], stays.start[other])
        end = np.minimum(stays.end[one], stays.end[other])
        true = np.hypot(stays.x[one] - stays.x[other], stays.y[one] - stays.y[other])
        heard = (end - start >= given["bluetooth_minimum_minutes"]) & (true < given["bluetooth_reach_m"])
        heard &= self.rng.random(len(one)) < given["bluetooth_seen"]
        one, other, start, end, true = (column[heard] for column in (one, other, start, end, true))
        a = np.minimum(stays.person[one], stays.person[other])
        b = np.maximum(stays.person[one], stays.person[other])
        seconds = ((end - start) * 60 * self.rng.uniform(0.5, 1.0, len(one))).astype(np.int32)
        guess = true * self.rng.lognormal(0, 0.35, len(one))
        return Encounters(a, b, start, end, seconds, guess.astype(np.float32))


def roommates(stays: Stays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of every two stays in one room that overlap in time, each pair once."""
    order = np.lexsort((stays.start, stays.room))
    room, start, end = stays.room[order], stays.start[order], stays.end[order]
    # within a room sorted by start, the later rows that begin before my end are those I meet
    key = room * 2**33 + start
    last = np.searchsorted(key, room * 2**33 + end, side="left")
    count = last - np.arange(len(order)) - 1
    one = np.repeat(np.arange(len(order)), count)
    return order[one], order[one + 1 + ragged(count)]


def tickets(stays: Stays) -> Seats:
    """Seats counted off from the front of each vehicle."""
    order = np.lexsort((stays.x, stays.room, stays.start // 60))
    stays = stays.take(order)
    departs = stays.start
    group = np.append(True, (stays.room[1:] != stays.room[:-1]) | (np.abs(np.diff(stays.start)) > 60))[
        : len(stays)
    ]
    first = np.maximum.accumulate(np.where(group, np.arange(len(stays)), 0)) if len(stays) else np.zeros(0, int)
    rank = np.arange(len(stays)) - first
    return Seats(
        stays.person,
        stays.site,
        departs,
        stays.start,
        stays.end,
        (rank // SEATS_A_ROW + 1).astype(np.int32),
        (rank % SEATS_A_ROW + 1).astype(np.int32),
    )


def joined(days: list[Table]) -> Table:
    """The columns of all days, one after the other."""
    kind = type(days[0])
    return kind(*(np.concatenate([getattr(day, field.name) for day in days]) for field in fields(kind)))
