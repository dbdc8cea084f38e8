"""Early warning on weekly counts: Farrington et al. 1996 with the weights of Noufaily et al. 2013, no trend.

For a week, the same weeks of the past years with three weeks on either side are the reference. Mean and
quasi-Poisson dispersion are estimated; reference weeks with large residuals weigh less, so that a
past outbreak does not hide a new one (the first weights are ours: from median and median deviation, since several
such weeks hide one another); the limit stands on the 2/3-power scale, where counts are nearly normal.
Sources: Farrington CP et al., J R Stat Soc A 1996;159:547-563; Noufaily A et al., Stat Med 2013;32:1206-1222.
It explains itself and is never published by itself.
"""

from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.parameters import Flags, Reals

HALF_WINDOW = 3
#: the last weeks before the one judged are left out: a beginning outbreak is no baseline
LEAVE_OUT = 26
RESIDUAL_CUT = 2.58


@dataclass(frozen=True)
class Alarms:
    """Per series: expected count, upper limit, is the week above it; `known` where the past says enough."""

    expected: Reals
    limit: Reals
    alarm: Flags
    known: Flags


def judge_week(counts: Reals, week: int, *, years: int = 5, z: float = 2.576, least: int = 5) -> Alarms:
    """`counts`: float[series, week], NaN unknown; `week`: the column judged; `z`: normal quantile of the limit
    (2.576: one false alarm in about 200 weeks); `least`: cases of four weeks below which no alarm is raised."""
    reference = counts[:, _reference_weeks(week, years)]
    known = (~np.isnan(reference)).sum(axis=1) >= (2 * HALF_WINDOW + 1) * 2
    filled, there = np.nan_to_num(reference), ~np.isnan(reference)
    mean, dispersion = _robust(reference)
    weight = there * _weights(filled, mean, dispersion)
    mean, dispersion = _fit(filled, weight)
    limit = _upper(mean, dispersion, np.maximum(weight.sum(axis=1), 1.0), z)
    recent = np.nan_to_num(counts[:, max(0, week - 3) : week + 1]).sum(axis=1)
    now = counts[:, week]
    alarm = known & (np.nan_to_num(now) > limit) & (recent >= least) & ~np.isnan(now)
    return Alarms(mean, limit, alarm, known)


def _reference_weeks(week: int, years: int) -> list[int]:
    """Columns of the same season of past years, none of the last half-year."""
    found = [
        week - 52 * year + shift for year in range(1, years + 1) for shift in range(-HALF_WINDOW, HALF_WINDOW + 1)
    ]
    return [column for column in found if 0 <= column < week - LEAVE_OUT]


def _fit(counts: Reals, weight: Reals) -> tuple[Reals, Reals]:
    """Weighted mean, and quasi-Poisson dispersion (at least 1)."""
    total = np.maximum(weight.sum(axis=1), 1e-9)
    mean = (counts * weight).sum(axis=1) / total
    safe = np.maximum(mean, 1e-9)
    chi = (weight * (counts - mean[:, None]) ** 2).sum(axis=1) / safe
    return mean, np.maximum(1.0, chi / np.maximum(total - 1, 1.0))


def _robust(reference: Reals) -> tuple[Reals, Reals]:
    """Median, and dispersion from the median absolute deviation; (0, 1) for a row without a known week."""
    empty = np.asarray(np.isnan(reference).all(axis=1))
    filled = np.where(empty[:, None], 0.0, reference)
    middle = np.nanmedian(filled, axis=1)
    spread = 1.4826 * np.nanmedian(np.abs(filled - middle[:, None]), axis=1)
    return middle, np.maximum(1.0, spread**2 / np.maximum(middle, 1e-9))


def _weights(counts: Reals, mean: Reals, dispersion: Reals) -> Reals:
    """Weeks with a standardised Anscombe residual above the cut weigh by its inverse square."""
    safe = np.maximum(mean, 1e-9)[:, None]
    residual = 1.5 * (counts ** (2 / 3) - safe ** (2 / 3)) / (safe ** (1 / 6) * np.sqrt(dispersion)[:, None])
    found: Reals = np.where(residual > RESIDUAL_CUT, (RESIDUAL_CUT / np.maximum(residual, 1e-9)) ** 2, 1.0)
    return found


def _upper(mean: Reals, dispersion: Reals, weeks: Reals, z: float) -> Reals:
    """Upper limit on the 2/3-power scale, where the counts are nearly normal; the mean's own error is in it."""
    safe = np.maximum(mean, 1e-9)
    spread = np.sqrt(dispersion / safe * (1 + 1 / weeks)) * 2 / 3
    limit: Reals = safe * np.maximum(1 + z * spread, 1) ** 1.5
    return np.where(mean > 0, limit, 0.0)
