"""A basemap from a file: land, water and roads to lie under our own names.

What names the sea, the islands or a border otherwise is refused whole; of the rest no name is kept, so nothing but
our labels is ever written on the map.
"""

import gzip
import json
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

from vungxanh.core.errors import UserError
from vungxanh.core.home import home
from vungxanh.core.vietnamese import fold
from vungxanh.places.boundaries import EAST, NORTH, SIMPLIFY_DEGREES, SOUTH, WEST, Readable, features
from vungxanh.safetymap.svgmap import all_labels

KINDS = {"Polygon": "land", "MultiPolygon": "land", "LineString": "line", "MultiLineString": "line"}


@cache
def rules() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.safetymap") / "data" / "basemap.toml").read_text("utf-8"))


def path() -> Path:
    """Where the basemap of this installation lies, if it has one."""
    return home() / "basemap.geojson.gz"


def keep(file: Readable) -> dict[str, int]:
    """Check a GeoJSON file, strip its names, keep it. -> how many features, bytes as sent.

    Raises UserError `safetymap.basemap-names`, `.basemap-border`, `.basemap-too-large`, `places.bad-geojson`,
    `places.other-coordinates`; a basemap that was there stays then.
    """
    kept = list(stripped(file))
    text = json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"))
    packed = gzip.compress(text.encode(), 9)
    if len(packed) > rules()["most_bytes"]:
        raise UserError("safetymap.basemap-too-large", field="file", bytes=len(packed), most=rules()["most_bytes"])
    part = path().with_suffix(".part")
    part.write_bytes(packed)
    part.replace(path())
    return {"features": len(kept), "bytes": len(packed)}


def stripped(file: Readable) -> Iterator[dict[str, Any]]:
    """Outlines without a word on them."""
    for one in features(file):
        try:
            area = shape(one["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        _check(one.get("properties") or {}, area)
        if area.geom_type in KINDS and not area.is_empty:
            small = area.simplify(SIMPLIFY_DEGREES)
            yield {"type": "Feature", "properties": {"kind": _kind(one, area)}, "geometry": mapping(small)}


def _kind(one: dict[str, Any], area: BaseGeometry) -> str:
    given = str((one.get("properties") or {}).get("kind", ""))
    return given if given in ("land", "water", "line") else KINDS[area.geom_type]


def _check(properties: dict[str, Any], area: BaseGeometry) -> None:
    """Raises UserError `safetymap.basemap-names`, `.basemap-border`, `places.other-coordinates`."""
    west, south, east, north = area.bounds if not area.is_empty else (WEST, SOUTH, EAST, NORTH)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise UserError("places.other-coordinates", field="geometry")
    at_sea = area.intersects(box(*rules()["sea"]))
    for name in _names(properties):
        folded = fold(name)
        if any(word in folded or word in name for word in rules()["refused"]):
            raise UserError("safetymap.basemap-names", field="file", name=name[:80])
        if at_sea and not area.contains(box(*rules()["sea"])) and folded not in _ours():
            raise UserError("safetymap.basemap-names", field="file", name=name[:80])
    if at_sea and area.geom_type in ("LineString", "MultiLineString") and _is_border(properties):
        raise UserError("safetymap.basemap-border", field="file")


def _names(properties: dict[str, Any]) -> list[str]:
    keys = tuple(rules()["name_keys"])
    found = [value for key, value in properties.items() if str(key).lower().startswith(keys)]
    return [value for value in found if isinstance(value, str) and value.strip()]


def _is_border(properties: dict[str, Any]) -> bool:
    said = fold(" ".join(f"{key} {value}" for key, value in properties.items()))
    return any(word in said for word in rules()["border_words"])


@cache
def _ours() -> frozenset[str]:
    """Every form of a name that our own labels have or had."""
    forms = [label[language] for label in all_labels() for language in ("vi", "en")]
    return frozenset(fold(part) for form in forms for part in (form, form.partition(" (")[0]))
