"""One run of the generator: the world lives its days, the recorder watches, the truth is kept aside."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vungxanh.demo.epidemic import NEVER, Epidemic, Truth
from vungxanh.demo.movement import DAY, Movement
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.record import Encounters, Ints, Recorder, Seats, Visits
from vungxanh.demo.world import World, build

#: so that a small district has an epidemic too
LEAST_INTRODUCED = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make. `day0`: first minute (since the epoch) of the first day; `weekday0`: its weekday, 0 Monday."""

    persons: int
    days: int
    seed: int
    communes: int
    day0: int
    weekday0: int

    @property
    def until(self) -> int:
        return self.day0 + self.days * DAY


@dataclass(frozen=True, slots=True)
class District:
    """Everything of one run; `found` are the persons found to be ill by the last minute, in that order."""

    plan: Plan
    world: World
    truth: Truth
    visits: Visits
    encounters: Encounters
    seats: Seats
    found: Ints


def generate(plan: Plan, chosen: Parameters, tell: Callable[[str], None] = lambda _: None) -> District:
    """Deterministic in `plan` and `chosen`; `tell` hears a line a day."""
    world = build(plan.persons, plan.communes, chosen, np.random.default_rng((plan.seed, 0)))
    movement = Movement(world, chosen, plan.day0, plan.weekday0, plan.seed)
    epidemic = Epidemic(world, movement, chosen, plan.seed)
    epidemic.introduce(max(LEAST_INTRODUCED, round(chosen.disease["introductions"] * plan.persons / 50_000)))
    recorder = Recorder(world, chosen, plan.seed)
    for day in range(plan.days):
        recorder.see(epidemic.day(day))
        tell(f"{day + 1}/{plan.days}: {int((epidemic.truth.infected < NEVER).sum())} …")
    found = known(epidemic.truth, plan.until)
    return District(plan, world, epidemic.truth, recorder.visits, recorder.encounters, recorder.seats, found)


def known(truth: Truth, until: int) -> Ints:
    """Persons sampled and isolated by minute `until`, in that order."""
    rows = np.flatnonzero(truth.isolated < until)
    return rows[np.argsort(truth.isolated[rows], kind="stable")].astype(np.int32)
