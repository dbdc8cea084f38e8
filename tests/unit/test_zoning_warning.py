"""Early warning: silent in ordinary weeks, loud for an outbreak, not deafened by an old one."""

import numpy as np
import pytest

from vungxanh.zoning.model.warning import judge_week

WEEKS = 52 * 6
LAST = WEEKS - 1


def series(rng: np.random.Generator, mean: float = 10, rows: int = 1) -> np.ndarray:
    return rng.poisson(mean, (rows, WEEKS)).astype(float)


def test_about_one_ordinary_week_in_two_hundred_alarms() -> None:
    found = judge_week(series(np.random.default_rng(1), rows=4000), LAST)
    assert 0.001 < found.alarm.mean() < 0.012


def test_three_times_the_usual_alarms() -> None:
    counts = series(np.random.default_rng(2))
    counts[0, LAST] = 30
    assert judge_week(counts, LAST).alarm.tolist() == [True]


def test_an_old_outbreak_does_not_hide_a_new_one() -> None:
    counts = series(np.random.default_rng(3))
    counts[0, LAST - 52 - 2 : LAST - 52 + 2] = 200
    counts[0, LAST] = 40
    assert judge_week(counts, LAST).alarm.tolist() == [True]


def test_fewer_than_five_cases_in_four_weeks_never_alarm() -> None:
    counts = np.zeros((1, WEEKS))
    counts[0, LAST] = 4
    assert judge_week(counts, LAST).alarm.tolist() == [False]
    counts[0, LAST] = 5
    assert judge_week(counts, LAST).alarm.tolist() == [True]


def test_a_commune_without_a_past_is_unknown_and_silent() -> None:
    counts = np.full((1, WEEKS), np.nan)
    counts[0, -20:] = 50
    found = judge_week(counts, LAST)
    assert (found.known.tolist(), found.alarm.tolist()) == ([False], [False])


def test_the_expected_count_of_a_steady_series_is_its_mean() -> None:
    found = judge_week(np.full((1, WEEKS), 8.0), LAST)
    assert found.expected[0] == pytest.approx(8)
    assert found.limit[0] > 8
