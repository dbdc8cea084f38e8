"""Where a case was, as a picture: its places numbered in order of time, as large as its stay there was long.

Within `NEAR_METRES` it is a plan with a scale and no border; further apart the country is drawn, with its islands.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from django.utils import timezone
from django.utils.translation import get_language

from vungxanh.outbreak.placenames import place_names
from vungxanh.outbreak.timeline import Stay
from vungxanh.places.models import Place
from vungxanh.safetymap.svgmap import Picture, draw
from vungxanh.tracing.model import ContactRow

SIZE, MARGIN = 480, 40
NEAR_METRES = 30_000
METRES_A_DEGREE = 111_320.0
#: lengths that the scale may have, in metres
STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place. `people`: contacts whose evidence lies there."""

    number: int
    name: str
    minutes: int
    people: int
    lat: float
    lon: float
    x: float = 0.0
    y: float = 0.0

    @property
    def r(self) -> float:
        return round(9 + min(18.0, sqrt(self.minutes) * 0.6), 1)


@dataclass(frozen=True, slots=True)
class CaseMap:
    """`country`: drawn instead where the places lie far apart. `nowhere`: places without coordinates."""

    spots: tuple[Spot, ...] = ()
    metres: int = 0
    bar: float = 0.0
    country: Picture | None = None
    nowhere: int = 0
    size: int = SIZE


def case_map(own: Sequence[Stay], rows: Sequence[ContactRow]) -> CaseMap:
    """Of the stays of the case and the people exposed to it directly."""
    minutes: Counter[int] = Counter()
    for stay in own:
        if stay.place is not None:
            minutes[stay.place] += stay.end - stay.start
    people = _people(rows)
    places = Place.objects.in_bulk(list(minutes))  # scope: places that the case was at
    names = place_names(minutes)
    spots = [
        Spot(number, names[place], minutes[place], people[place], row.lat, row.lon)
        for number, place in enumerate(minutes, 1)
        if (row := places.get(place)) is not None and row.lat is not None and row.lon is not None
    ]
    return _drawn(spots, len(minutes) - len(spots)) if spots else CaseMap(nowhere=len(minutes))


def _people(rows: Sequence[ContactRow]) -> Counter[int]:
    found: Counter[int] = Counter()
    for row in rows:
        if row.generation == 1:
            found.update({item.place for item in row.evidence if item.place is not None})
    return found


def _drawn(spots: Sequence[Spot], nowhere: int) -> CaseMap:
    lats, lons = [spot.lat for spot in spots], [spot.lon for spot in spots]
    lat, lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
    east = METRES_A_DEGREE * cos(radians(lat))
    wide = max((max(lons) - min(lons)) * east, (max(lats) - min(lats)) * METRES_A_DEGREE, 100.0)
    if wide > NEAR_METRES:
        return CaseMap(tuple(spots), country=_country(spots), nowhere=nowhere)
    scale = (SIZE - 2 * MARGIN) / wide
    placed = tuple(
        Spot(
            spot.number,
            spot.name,
            spot.minutes,
            spot.people,
            spot.lat,
            spot.lon,
            round(SIZE / 2 + (spot.lon - lon) * east * scale, 1),
            round(SIZE / 2 - (spot.lat - lat) * METRES_A_DEGREE * scale, 1),
        )
        for spot in spots
    )
    metres = max((step for step in STEPS if step <= wide / 2), default=STEPS[0])
    return CaseMap(placed, metres, round(metres * scale, 1), None, nowhere)


def _country(spots: Sequence[Spot]) -> Picture:
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    dots = [{"lat": spot.lat, "lon": spot.lon, "title": spot.name, "fill": "#2F3E9E"} for spot in spots]
    return draw(dots, day=timezone.localdate(), language=language)
