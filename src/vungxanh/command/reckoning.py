"""Reserves as arithmetic: needed, held, the day it runs out; prices that jumped. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`runs_out` is the first day on which less than a day's need is left; `order_by` the last day to order."""

    needed: Decimal
    held: Decimal
    runs_out: date | None
    order_by: date | None


def reckon(*, a_day: Decimal, people: int, days: int, held: Decimal, lead_days: int, today: date) -> Reckoning:
    """Need of `people` for `days`, and how long `held` lasts. Without need nothing runs out."""
    daily = a_day * people
    if daily <= 0:
        return Reckoning(Decimal(0), held, None, None)
    runs_out = today + timedelta(days=int(held // daily))
    return Reckoning(daily * days, held, runs_out, runs_out - timedelta(days=lead_days))


@dataclass(frozen=True, slots=True)
class Jump:
    """A price against the median of the days before, as a ratio."""

    now: int
    before: float
    ratio: float


def jump(prices: Sequence[tuple[date, int]], threshold: float, days: int = 14) -> Jump | None:
    """The last price where it is at least `threshold` × the median of the `days` before; needs 3 before."""
    if not prices:
        return None
    last_day, now = max(prices)
    before = [dong for day, dong in prices if last_day - timedelta(days=days) <= day < last_day]
    if len(before) < 3:
        return None
    usual = median(before)
    ratio = now / usual if usual else 0.0
    return Jump(now, usual, round(ratio, 2)) if ratio >= threshold else None
