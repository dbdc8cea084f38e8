"""The epidemic behaves as published studies say epidemics of this disease do. Targets were set before the fit."""

import numpy as np
import pytest

from vungxanh.demo.epidemic import SHEDS, profile
from vungxanh.demo.fit import Measured, dispersion, measure
from vungxanh.demo.parameters import parameters

SEEDS = range(900, 908)


@pytest.fixture(scope="module")
def runs() -> list[Measured]:
    return [measure(parameters(), seed) for seed in SEEDS]


@pytest.mark.parametrize("name", ["household_attack_rate", "reproduction", "dispersion"])
def test_the_mean_lies_in_the_published_interval(runs: list[Measured], name: str) -> None:
    low, high = parameters().targets[name]["interval"]
    assert low <= np.mean([getattr(run, name) for run in runs]) <= high


def test_incubation_has_the_published_median() -> None:
    given = parameters().disease["incubation"]
    assert 5.0 < np.exp(given["meanlog"]) < 5.2  # 5.1 days


def test_about_44_percent_of_infectiousness_lies_before_onset() -> None:
    share = profile(parameters())
    days = np.arange(SHEDS[0], SHEDS[1] + 1)
    before = share[days < 0].sum() + share[days == 0].sum() / 2
    assert 0.30 <= before <= 0.57  # the published interval


def test_dispersion_finds_the_k_that_made_a_sample() -> None:
    rng = np.random.default_rng(1)
    sample = rng.poisson(2.5 * rng.gamma(0.4, 1 / 0.4, 20_000))
    assert dispersion(sample) == pytest.approx(0.4, rel=0.06)
