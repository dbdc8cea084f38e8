"""The map as plain SVG: communes as dots sized by population, places as small marks, our own labels. Borders only
in the nearer view and only where they were imported.

Hoàng Sa and Trường Sa are always inside the picture: the whole country is drawn, and a nearer view keeps it as an
inset. Positions are equirectangular, true at 16° north.
"""

import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

WIDTH = 720.0
COS = math.cos(math.radians(16))
#: south, west, north, east: the land, the islands and the sea
COUNTRY = (6.5, 101.9, 23.6, 117.6)
#: shape of a level's mark, so that it is told without colour
SHAPES = {
    "green": "circle", "yellow": "triangle", "orange": "square", "red": "diamond",
    "warning": "triangle", "epidemic": "diamond",
}  # fmt: skip
FILL = {"green": "#1E7B3A", "yellow": "#B58900", "orange": "#B54D09", "red": "#B3261E"}
UNKNOWN = "#686C7D"
#: a level whose law gives it no colour
PLAIN = {"warning": "#2F3E9E", "epidemic": "#1B1D28"}
#: beyond so many points no border is drawn: the page stays light on an old phone
MOST_POINTS = 4000


@dataclass(frozen=True)
class Mark:
    """One thing on the map. `path` for shapes other than circles; `spots`: ringed, an outbreak spot is open."""

    x: float
    y: float
    r: float
    fill: str
    title: str
    path: str = ""
    spots: bool = False


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    below: str
    big: bool


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    borders: tuple[str, ...] = ()


@cache
def all_labels() -> list[dict[str, Any]]:
    """Our own names, each with the days on which its form was right."""
    raw = tomllib.loads((resources.files("vungxanh.safetymap") / "labels.toml").read_text("utf-8"))
    found: list[dict[str, Any]] = raw["labels"]
    return found


def labels_on(day: date, language: str) -> list[tuple[float, float, str, bool]]:
    """(lat, lon, text, big) of the names that were right on `day`."""
    return [
        (one["lat"], one["lon"], one[language], one.get("big", False))
        for one in all_labels()
        if one.get("since", day) <= day <= one.get("until", day)
    ]


def live_labels(day: date, language: str) -> str:
    """The same names as JSON for the live map."""
    found = []
    for lat, lon, text, big in labels_on(day, language):
        first, bracket, rest = text.partition(" (")
        found.append({"lat": lat, "lon": lon, "text": first, "below": f"({rest}" if bracket else "", "big": big})
    return json.dumps(found, ensure_ascii=False)


def draw(dots: Sequence[dict[str, Any]], *, day: date, language: str = "vi", near: bool = False) -> Picture:
    """`dots`: lat, lon, color, population, title. `near`: only as far as the dots reach."""
    placed = [dot for dot in dots if dot["lat"] is not None and dot["lon"] is not None]
    box = _around(placed) if near and placed else COUNTRY
    south, west, north, east = box
    scale = WIDTH / ((east - west) * COS)
    height = (north - south) * scale
    marks = tuple(_mark(dot, box, scale) for dot in sorted(placed, key=lambda one: -(one.get("population") or 0)))
    names = () if near and placed else tuple(_label(one, box, scale) for one in labels_on(day, language))
    borders = _borders(placed, box, scale) if near and placed else ()
    return Picture(WIDTH, round(height, 1), marks, names, borders)


def _borders(
    dots: Sequence[dict[str, Any]], box: tuple[float, float, float, float], scale: float
) -> tuple[str, ...]:
    """One path a commune; none at all where they are too many."""
    outlines = [dot["outline"] for dot in dots if dot.get("outline")]
    if sum(len(ring) for rings in outlines for ring in rings) > MOST_POINTS:
        return ()
    return tuple("".join(_ring(ring, box, scale) for ring in rings) for rings in outlines)


def _ring(ring: Sequence[Sequence[float]], box: tuple[float, float, float, float], scale: float) -> str:
    points = [_xy(lat, lon, box, scale) for lon, lat in ring]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _around(dots: Sequence[dict[str, Any]]) -> tuple[float, float, float, float]:
    edges = [point for dot in dots for ring in dot.get("outline") or () for point in ring]
    lats = [dot["lat"] for dot in dots] + [lat for _lon, lat in edges]
    lons = [dot["lon"] for dot in dots] + [lon for lon, _lat in edges]
    half = max((max(lats) - min(lats)) / 0.7, max(lons) - min(lons), 0.05) * 0.6
    lat, lon = (max(lats) + min(lats)) / 2, (max(lons) + min(lons)) / 2
    return lat - half * 0.7, lon - half, lat + half * 0.7, lon + half


def _xy(lat: float, lon: float, box: tuple[float, float, float, float], scale: float) -> tuple[float, float]:
    return round((lon - box[1]) * COS * scale, 1), round((box[2] - lat) * scale, 1)


def _mark(dot: dict[str, Any], box: tuple[float, float, float, float], scale: float) -> Mark:
    x, y = _xy(dot["lat"], dot["lon"], box, scale)
    r = round(9 + min(16.0, math.sqrt((dot.get("population") or 0) / 1500)), 1)
    shape = dot.get("shape") or dot.get("color") or ""
    fill = FILL.get(shape) or PLAIN.get(shape) or dot.get("fill") or UNKNOWN
    return Mark(x, y, r, fill, dot["title"], _shape(SHAPES.get(shape, "circle"), x, y, r), bool(dot.get("spots")))


def _shape(kind: str, x: float, y: float, r: float) -> str:
    if kind == "triangle":
        return f"M{x} {y - r:.1f}L{x + r:.1f} {y + r * 0.8:.1f}L{x - r:.1f} {y + r * 0.8:.1f}Z"
    if kind == "square":
        return f"M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}Z"
    if kind == "diamond":
        return f"M{x} {y - 1.2 * r:.1f}L{x + 1.2 * r:.1f} {y}L{x} {y + 1.2 * r:.1f}L{x - 1.2 * r:.1f} {y}Z"
    return ""


def _label(one: tuple[float, float, str, bool], box: tuple[float, float, float, float], scale: float) -> Label:
    lat, lon, text, big = one
    x, y = _xy(lat, lon, box, scale)
    first, bracket, rest = text.partition(" (")
    half = 0.3 * (34 if big else 22) * max(len(first), 0.8 * len(rest))  # a letter is about 0.6 of its size wide
    x = round(min(max(x, half + 4), max(WIDTH - half - 4, half + 4)), 1)
    return Label(x, y, first, f"({rest}" if bracket else "", big)
