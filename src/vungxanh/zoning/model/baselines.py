"""Levels of TT 15/2026 for all communes at once: five years of counts as arrays, the same answer as `rules`.

Counts are `int[commune, year, period]`; the last year is the one judged. NaN-free: a commune without a year of
counts says so in `known`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.rules.level_baseline import BaselineRule
from vungxanh.zoning.model.parameters import Flags, Reals

#: `status` of a commune
NONE, WARNING, EPIDEMIC, UNDECIDED = 0, 1, 2, -1
Status = NDArray[np.int8]


@dataclass(frozen=True)
class Levels:
    """Per commune: status, the two thresholds, and how many years stood in the month's baseline."""

    status: Status
    month_threshold: Reals
    week_threshold: Reals
    years: NDArray[np.int64]


def commune_levels(
    rule: BaselineRule, months: Reals, epidemic_years: Flags, weeks: Reals, month_now: Reals, week_now: Reals
) -> Levels:
    """`months`, `weeks`: float[commune, past year], NaN where a year has no counts (a commune that merged);
    `epidemic_years`: bool of the same shape; `month_now`, `week_now`: float[commune], cumulative.

    A commune with fewer than the rule's least years is UNDECIDED unless another test already decides.
    """
    kept = np.where(epidemic_years & rule.epidemic.exclude_epidemic_years, np.nan, months)
    of_weeks = np.where(epidemic_years & rule.warning.exclude_epidemic_years, np.nan, weeks)
    month_mean, month_sd, years = _moments(kept, sample=rule.sd == "sample")
    week_mean, week_sd, week_years = _moments(of_weeks, sample=rule.sd == "sample")
    month_limit = month_mean + rule.epidemic.sds * month_sd
    week_limit = week_mean + rule.warning.from_sds * week_sd
    epidemic, month_known = month_now > month_limit, years >= rule.least_years
    warning = (week_now >= week_limit) & (week_now > week_mean)
    week_known = week_years >= rule.least_years
    status = np.full(len(month_now), UNDECIDED, np.int8)
    status[month_known & week_known & ~epidemic & ~warning] = NONE
    status[month_known & week_known & ~epidemic & warning] = WARNING
    status[month_known & epidemic] = EPIDEMIC
    return Levels(status, month_limit, week_limit, years)


def _moments(counts: Reals, *, sample: bool) -> tuple[Reals, Reals, NDArray[np.int64]]:
    """Mean, standard deviation and number of known years of each row, without a warning for empty rows."""
    known = ~np.isnan(counts)
    years = known.sum(axis=1)
    filled = np.where(known, counts, 0.0)
    mean = filled.sum(axis=1) / np.maximum(years, 1)
    squares = np.where(known, (counts - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return mean, np.sqrt(squares / np.maximum(years - sample, 1)), years
