"""A ring around where a case lives and works, for diseases that a vector carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from vungxanh.core.errors import UserError
from vungxanh.rules.vector import vector_rule

EARTH_M = 6_371_008.8  # mean radius
Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """A place inside the ring and how far it is from the nearest centre."""

    metres: float
    place: int


def ring(disease: str, centres: Iterable[Point], places: Mapping[int, Point]) -> list[Within]:
    """Places within the radius of the disease around the centres, nearest first.

    Raises UserError `tracing.not-vector-borne` for a disease that people pass on themselves.
    """
    rule = vector_rule(disease)
    if rule is None:
        raise UserError("tracing.not-vector-borne", disease=disease[:40])
    around = list(centres)
    found = [
        Within(round(min(metres_between(point, centre) for centre in around), 1), place)
        for place, point in places.items()
        if around
    ]
    return sorted(within for within in found if within.metres <= rule.radius_m)


def metres_between(one: Point, other: Point) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))
