"""The effective reproduction number over sliding windows, and a projection that is marked as one.

Method: Cori A., Ferguson N. M., Fraser C., Cauchemez S., "A new framework and software to estimate time-varying
reproduction numbers during epidemics", Am. J. Epidemiol. 178 (2013), 1505-1512: Poisson renewal with a gamma prior
(shape 1, scale 5), the serial interval a gamma shifted by one day, cut into days as in its web appendix 11. The
answers published with that method's own software are this module's tests.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from vungxanh.outbreak import gamma

PRIOR_SHAPE, PRIOR_SCALE = 1.0, 5.0
WINDOW = 7
#: a window with fewer cases than this says more about the prior than about the epidemic (Cori 2013, appendix 3)
LEAST_CASES = 11
FILE = Path(__file__).parent / "data" / "serial_interval.toml"


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean and standard deviation of the serial interval in days, and whose they are."""

    mean: float
    deviation: float
    source: str


@cache
def interval_of(disease: str) -> Interval | None:
    raw = tomllib.loads(FILE.read_text("utf-8")).get(disease)
    return Interval(raw["mean"], raw["deviation"], raw["source"]) if raw else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """R over the days `start` to `end` (indices of the incidence, inclusive)."""

    start: int
    end: int
    mean: float
    deviation: float
    low: float
    middle: float
    high: float
    cases: int

    @property
    def is_weak(self) -> bool:
        return self.cases < LEAST_CASES


def daily(days: int, mean: float, deviation: float) -> np.ndarray:
    """Probability of a serial interval of 0, 1, … `days` - 1 days. `mean` above 1."""
    shape, scale = ((mean - 1) / deviation) ** 2, deviation**2 / (mean - 1)

    def whole(k: float) -> float:
        return gamma.cdf(k, shape, scale)

    def next_shape(k: float) -> float:
        return gamma.cdf(k, shape + 1, scale)

    found = [
        k * whole(k)
        + (k - 2) * whole(k - 2)
        - 2 * (k - 1) * whole(k - 1)
        + shape * scale * (2 * next_shape(k - 1) - next_shape(k - 2) - next_shape(k))
        for k in range(days)
    ]
    kept: np.ndarray = np.maximum(0.0, np.array(found))
    return kept


def pressure(incidence: Sequence[int], weights: np.ndarray) -> np.ndarray:
    """Infectiousness on each day: earlier cases weighed by the serial interval."""
    days = len(incidence)
    found: np.ndarray = np.convolve(np.asarray(incidence, dtype=float), weights[:days])[:days]
    return found


def estimates(incidence: Sequence[int], mean: float, deviation: float, window: int = WINDOW) -> list[Estimate]:
    """R for every window that lies wholly behind the first day; none where nobody could infect."""
    weights = daily(len(incidence), mean, deviation)
    force = pressure(incidence, weights)
    found = []
    for start in range(1, len(incidence) - window + 1):
        end = start + window
        cases, infecting = sum(incidence[start:end]), float(force[start:end].sum())
        if infecting > 0:
            shape, scale = PRIOR_SHAPE + cases, 1 / (1 / PRIOR_SCALE + infecting)
            low, middle, high = (gamma.quantile(p, shape, scale) for p in (0.025, 0.5, 0.975))
            spread = shape**0.5 * scale
            found.append(Estimate(start, end - 1, shape * scale, spread, low, middle, high, int(cases)))
    return found


@dataclass(frozen=True, slots=True)
class Projected:
    """One day to come: median and 95 % of the simulated courses."""

    low: float
    middle: float
    high: float


def project(
    incidence: Sequence[int], last: Estimate, mean: float, deviation: float, days: int = 7, runs: int = 1000
) -> list[Projected]:
    """If R stays as in the last window. The draws are the same every time, so that a page does not flicker."""
    rng = np.random.default_rng(7)
    weights = daily(len(incidence) + days, mean, deviation)
    shape = (last.mean / last.deviation) ** 2
    drawn = rng.gamma(shape, last.mean / shape, runs)
    course = np.tile(np.asarray(incidence, dtype=float), (runs, 1))
    for _ in range(days):
        length = course.shape[1]
        force = course @ weights[length:0:-1]
        course = np.hstack([course, rng.poisson(drawn * force)[:, None]])
    low, middle, high = np.percentile(course[:, -days:], [2.5, 50, 97.5], axis=0)
    return [Projected(float(a), float(b), float(c)) for a, b, c in zip(low, middle, high, strict=True)]
