"""What the epidemic's parameters amount to: the figures that published studies report, measured on our own.

Many people are infected elsewhere at once, only they infect, nobody is isolated; their victims are counted.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.epidemic import HOME, NEVER, Epidemic
from vungxanh.demo.movement import Movement
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.world import build

PERSONS, SOURCES, DAYS = 40_000, 600, 30


@dataclass(frozen=True, slots=True)
class Measured:
    household_attack_rate: float  #: of people living with a source
    reproduction: float  #: mean victims of a source
    dispersion: float  #: k of a negative binomial


def measure(chosen: Parameters, seed: int) -> Measured:
    world = build(PERSONS, 5, chosen, np.random.default_rng((seed, 9)))
    run = Epidemic(world, Movement(world, chosen, 0, 0, seed), chosen, seed, onward=False)
    run.course.to_isolation[:] = np.inf
    run.introduce(SOURCES)
    for day in range(DAYS):
        run.day(day)
    truth = run.truth
    victims = np.flatnonzero(truth.infector >= 0)
    sources = np.flatnonzero((truth.infected < NEVER) & (truth.infector < 0))
    offspring = np.bincount(truth.infector[victims], minlength=world.size)[sources]
    housemates = np.diff(world.member_offset)[world.people.household[sources]] - 1
    at_home = int((truth.site[victims] == HOME).sum())
    return Measured(at_home / int(housemates.sum()), float(offspring.mean()), dispersion(offspring))


def dispersion(offspring: NDArray[np.integer]) -> float:
    """Maximum-likelihood k of a negative binomial with the sample's own mean."""
    mean = float(offspring.mean())
    values, counts = np.unique(offspring, return_counts=True)

    def log_likelihood(k: float) -> float:
        return math.fsum(
            int(n) * (math.lgamma(x + k) - math.lgamma(k) - math.lgamma(x + 1))
            + int(n) * (k * math.log(k / (k + mean)) + x * math.log(mean / (k + mean)))
            for x, n in zip(values.tolist(), counts.tolist(), strict=True)
        )

    grid: list[float] = np.geomspace(0.02, 20, 400).tolist()
    best: float = max(grid, key=log_likelihood)
    return best
