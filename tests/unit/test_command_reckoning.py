"""Reserves and prices: arithmetic worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

from vungxanh.command.reckoning import jump, reckon

TODAY = date(2026, 8, 1)


def test_needed_held_and_the_day_it_runs_out() -> None:
    # 1,000 people × 0.4 kg = 400 kg a day; 14 days need 5,600; 1,300 kg last 3 whole days
    got = reckon(a_day=Decimal("0.4"), people=1000, days=14, held=Decimal(1300), lead_days=2, today=TODAY)
    assert got.needed == 5600
    assert got.runs_out == date(2026, 8, 4)
    assert got.order_by == date(2026, 8, 2)


def test_nobody_needs_nothing() -> None:
    got = reckon(a_day=Decimal("0.4"), people=0, days=14, held=Decimal(10), lead_days=2, today=TODAY)
    assert (got.needed, got.runs_out) == (0, None)


def days(*dong: int) -> list[tuple[date, int]]:
    return [(TODAY + timedelta(days=n), value) for n, value in enumerate(dong)]


def test_a_jump_is_against_the_median_of_the_fortnight_before() -> None:
    found = jump(days(20_000, 21_000, 20_000, 30_000), 1.2)
    assert found is not None
    assert (found.now, found.before, found.ratio) == (30_000, 20_000, 1.5)


def test_a_small_rise_or_too_few_prices_is_no_jump() -> None:
    assert jump(days(20_000, 21_000, 20_000, 22_000), 1.2) is None
    assert jump(days(20_000, 21_000, 40_000), 1.2) is None
    assert jump([], 1.2) is None


def test_prices_older_than_the_fortnight_do_not_count() -> None:
    old = [(TODAY - timedelta(days=40 + n), 10_000) for n in range(5)]
    assert jump([*old, (TODAY, 40_000)], 1.2) is None
