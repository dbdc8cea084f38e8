"""The reproduction number against the answers published with its method: an influenza outbreak in a school, 2009.

Incidence of the first thirteen days and estimates as printed by EpiEstim's demonstration (serial interval of 2.6
days, standard deviation 1.5; weekly windows).
"""

import math

import pytest

from vungxanh.outbreak import gamma, reproduction

SCHOOL = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13]
#: (first day, last day, mean, standard deviation, 2.5 %, median), days counted from 1
PUBLISHED = [
    (2, 8, 1.735798, 0.4091314, 1.0287437, 1.703761),
    (3, 9, 1.749168, 0.3647267, 1.1088223, 1.723884),
    (4, 10, 1.537058, 0.3074116, 0.9947030, 1.516613),
    (5, 11, 1.431839, 0.2705921, 0.9514466, 1.414830),
    (6, 12, 1.422725, 0.2515046, 0.9731426, 1.407932),
    (7, 13, 1.635373, 0.2523436, 1.1786332, 1.622413),
]


@pytest.mark.parametrize(("place", "published"), list(enumerate(PUBLISHED)))
def test_published_answers(place: int, published: tuple[int, int, float, float, float, float]) -> None:
    first, last, mean, deviation, low, middle = published
    found = reproduction.estimates(SCHOOL, 2.6, 1.5)[place]
    assert (found.start + 1, found.end + 1) == (first, last)
    assert found.mean == pytest.approx(mean, abs=1e-6)
    assert found.deviation == pytest.approx(deviation, abs=1e-6)
    assert found.low == pytest.approx(low, abs=1e-6)
    assert found.middle == pytest.approx(middle, abs=1e-6)


def test_serial_interval_is_a_distribution_without_day_nought() -> None:
    days = reproduction.daily(60, 2.6, 1.5)
    assert days[0] == 0
    assert days.sum() == pytest.approx(1, abs=1e-9)
    assert sum(k * p for k, p in enumerate(days)) == pytest.approx(2.6, abs=1e-6)


def test_gamma_with_shape_one_is_exponential() -> None:
    assert gamma.cdf(2.0, 1.0, 1.0) == pytest.approx(1 - math.exp(-2), abs=1e-12)
    assert gamma.quantile(0.5, 1.0, 3.0) == pytest.approx(3 * math.log(2), abs=1e-9)
    assert gamma.cdf(-1, 2, 1) == 0


def test_few_cases_are_called_weak() -> None:
    assert reproduction.estimates([1, 0, 1, 0, 0, 1, 0, 0, 1], 2.6, 1.5)[0].is_weak
    assert not reproduction.estimates(SCHOOL, 2.6, 1.5)[-1].is_weak


def test_projection_stays_the_same_and_its_band_holds_the_median() -> None:
    last = reproduction.estimates(SCHOOL, 2.6, 1.5)[-1]
    one, again = (reproduction.project(SCHOOL, last, 2.6, 1.5) for _ in range(2))
    assert one == again
    assert len(one) == 7
    assert all(day.low <= day.middle <= day.high for day in one)
    assert one[-1].middle > SCHOOL[-1]  # R above one: it grows
