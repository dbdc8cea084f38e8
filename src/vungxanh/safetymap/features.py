"""The published snapshot as the live map draws it: outlines, marks by shape, what each says when tapped."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from vungxanh.safetymap.shown import commune_shown, kind_name, place_shown, point_shown, window
from vungxanh.safetymap.svgmap import FILL, PLAIN, SHAPES, UNKNOWN

PLACE_FILL, EXPOSED_FILL, POINT_FILL = "#50546A", "#1B1D28", "#2F3E9E"


def collection(data: dict[str, Any]) -> dict[str, Any]:
    """GeoJSON FeatureCollection; what has no point is in the list only."""
    where = {row["id"]: (row["lon"], row["lat"]) for row in data["places"] if row["lat"] is not None}
    return {"type": "FeatureCollection", "features": list(_features(data, where))}


def _features(data: dict[str, Any], where: dict[int, tuple[float, float]]) -> Iterator[dict[str, Any]]:
    outlines = [row["outline"] for row in data["communes"] if row.get("outline")]
    yield from (_feature({"type": "Polygon", "coordinates": rings}, {}) for rings in outlines)
    yield from (_place(row, where[row["id"]]) for row in data["places"] if row["id"] in where)
    yield from (_commune(row) for row in data["communes"] if row["lat"] is not None)
    for row in data.get("points", ()):
        if row["place"] in where:
            yield _mark(where[row["place"]], f"square {POINT_FILL}", 0.7, row["name"], point_shown(row), "")
    for row in data["exposed"]:
        if row["place"] in where:
            yield _mark(where[row["place"]], f"diamond {EXPOSED_FILL}", 0.8, row["name"], window(row), "")


def _place(row: dict[str, Any], at: tuple[float, float]) -> dict[str, Any]:
    says = f"{kind_name(row['kind'])}: {place_shown(row).word}"
    return _mark(at, f"circle {PLACE_FILL}", 0.35, row["name"], says, reverse("safetymap:place", args=[row["id"]]))


def _commune(row: dict[str, Any]) -> dict[str, Any]:
    level = row["color"] or row["level"]
    icon = f"{SHAPES.get(level, 'circle')} {FILL.get(level) or PLAIN.get(level) or UNKNOWN}"
    size = min(1.6, 0.7 + (row.get("population") or 0) / 60_000)
    link = reverse("safetymap:commune", args=[row["code"]])
    return _mark((row["lon"], row["lat"]), icon, size, row["name"], commune_shown(row).word, link)


def _mark(at: tuple[float, float], icon: str, size: float, title: str, says: str, url: str) -> dict[str, Any]:
    told = {"icon": icon, "size": round(size, 2), "title": title, "says": says, "url": url}
    return _feature({"type": "Point", "coordinates": list(at)}, told)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
