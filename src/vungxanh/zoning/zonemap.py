"""The areas of a proposal as outlines around the places they close, for an SVG. No border is invented: an outline
goes round registered places, a little wider."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from shapely import MultiPoint

SIZE, MARGIN = 480, 24
#: metres by which an outline stands off the places in it
OFF_METRES = 60.0
METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True)
class Outline:
    name: str
    path: str
    dash: str


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class ZonePicture:
    outlines: tuple[Outline, ...]
    spots: tuple[Spot, ...]
    metres: int  #: length of the scale bar
    bar: float
    size: int = SIZE


def zone_picture(
    options: Sequence[tuple[str, Sequence[dict[str, Any]]]], dots: Sequence[dict[str, Any]]
) -> ZonePicture:
    """`options`: (name, units); `dots`: {kind, id, lat, lon, name}. Empty where nothing has coordinates."""
    where = {(dot["kind"], dot["id"]): dot for dot in dots}
    shown = [
        (name, [where[key] for unit in units if (key := (unit["kind"], unit["id"])) in where])
        for name, units in options
    ]
    every = [dot for _, placed in shown for dot in placed]
    if not every:
        return ZonePicture((), (), 0, 0.0)
    plane = _Plane(every)
    outlines = tuple(
        Outline(name, plane.outline(placed), dash)
        for (name, placed), dash in zip(shown, ("2 5", "", "10 5", "1 3"), strict=False)
        if placed
    )
    spots = {(dot["kind"], dot["id"]): Spot(*plane.xy(dot), dot.get("name", "")) for dot in every}
    metres = max(step for step in (20, 50, 100, 200, 500, 1000, 2000, 5000) if step <= max(plane.metres / 3, 20))
    return ZonePicture(outlines, tuple(spots.values()), metres, round(metres * plane.scale, 1))


class _Plane:
    """Degrees to pixels: flat, which is exact enough for a zone."""

    def __init__(self, dots: Sequence[dict[str, Any]]) -> None:
        lats, lons = [dot["lat"] for dot in dots], [dot["lon"] for dot in dots]
        self.lat, self.lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
        self.east = METRES_A_DEGREE * cos(radians(self.lat))
        wide = max((max(lons) - min(lons)) * self.east, (max(lats) - min(lats)) * METRES_A_DEGREE)
        self.metres = wide + 4 * OFF_METRES
        self.scale = (SIZE - 2 * MARGIN) / self.metres

    def xy(self, dot: dict[str, Any]) -> tuple[float, float]:
        x = SIZE / 2 + (dot["lon"] - self.lon) * self.east * self.scale
        y = SIZE / 2 - (dot["lat"] - self.lat) * METRES_A_DEGREE * self.scale
        return round(x, 1), round(y, 1)

    def outline(self, dots: Sequence[dict[str, Any]]) -> str:
        area = MultiPoint([self.xy(dot) for dot in dots]).convex_hull.buffer(OFF_METRES * self.scale, quad_segs=4)
        points = [f"{x:.1f} {y:.1f}" for x, y in area.exterior.coords]
        return "M" + "L".join(points) + "Z"
