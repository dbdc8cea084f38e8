"""The gamma distribution, as far as it is needed here: its distribution function and quantiles.

Series below shape + 1, Lentz' continued fraction above (Numerical Recipes 6.2); the quantile by halving.
"""

import math
from functools import lru_cache

_STEPS = 500
_SMALL = 1e-300
_EXACT = 1e-12


def cdf(x: float, shape: float, scale: float) -> float:
    """P(X <= x)."""
    if x <= 0:
        return 0.0
    z = x / scale
    front = math.exp(shape * math.log(z) - z - math.lgamma(shape))
    return _series(z, shape) * front if z < shape + 1 else 1.0 - _fraction(z, shape) * front


def _series(z: float, shape: float) -> float:
    term = total = 1.0 / shape
    for step in range(1, _STEPS):
        term *= z / (shape + step)
        total += term
        if term < total * _EXACT:
            break
    return total


def _fraction(z: float, shape: float) -> float:
    b = z + 1 - shape
    c, d = 1 / _SMALL, 1 / b
    h = d
    for step in range(1, _STEPS):
        an = -step * (step - shape)
        b += 2
        d = 1 / (an * d + b or _SMALL)
        c = b + an / c or _SMALL
        h *= d * c
        if abs(d * c - 1) < _EXACT:
            break
    return h


@lru_cache(maxsize=20_000)
def quantile(p: float, shape: float, scale: float) -> float:
    """x with P(X <= x) = p, to nine digits."""
    low, high = 0.0, scale * (shape + 1)
    while cdf(high, shape, scale) < p:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle, shape, scale) < p else (low, middle)
        if high - low < 1e-10 * high:
            break
    return (low + high) / 2
