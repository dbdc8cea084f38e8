"""Boundaries of communes from a file: read as a stream, repaired, tied to a commune by its code, kept small.

A boundary is drawn and nothing else: where somebody belongs comes from the address, never from a polygon. A file
in other coordinates than longitude and latitude is refused rather than guessed; a polygon that crosses itself is
repaired and said; islands stay parts of their commune.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import make_valid

from vungxanh.core.errors import UserError
from vungxanh.places.table import Unit
from vungxanh.places.units import find

#: the country with its islands and seas: outside it the coordinates are of another kind
WEST, SOUTH, EAST, NORTH = 101.0, 6.0, 118.0, 24.0
#: about 30 metres: enough for a map of communes, a tenth of the bytes
SIMPLIFY_DEGREES = 0.0003
#: properties in which the code of a commune may stand
CODE_KEYS = ("code", "ma_xa", "maxa", "ma", "commune_code", "ward_code", "id")
CHUNK = 1 << 20


class Readable(Protocol):
    """An open text file."""

    def read(self, size: int, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Boundary:
    """A commune with its simplified outline as GeoJSON; `notes` say what was done to it."""

    unit: Unit
    geometry: dict[str, Any]
    islands: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What was read: kept, repaired, refused with the reason, by number of the feature."""

    kept: int = 0
    repaired: list[str] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


def features(file: Readable) -> Iterator[dict[str, Any]]:
    """The features of a FeatureCollection one by one, however large. Raises UserError `places.bad-geojson`."""
    decoder, buffer, inside = json.JSONDecoder(), "", False
    while True:
        piece = file.read(CHUNK)
        buffer += piece
        if not inside:
            at = buffer.find('"features"')
            opening = buffer.find("[", at) if at >= 0 else -1
            if opening < 0:
                if not piece or len(buffer) > 64 * CHUNK:
                    raise UserError("places.bad-geojson", field="file")
                continue
            _check_coordinates(buffer[:at])
            inside, buffer = True, buffer[opening + 1 :]
        found, buffer, ended = _some(decoder, buffer)
        yield from found
        if ended:
            return
        if not piece:
            raise UserError("places.bad-geojson", field="file")


def _some(decoder: json.JSONDecoder, buffer: str) -> tuple[list[dict[str, Any]], str, bool]:
    """(features that are whole, the rest, is the list at its end)."""
    found: list[dict[str, Any]] = []
    at = 0
    while True:
        while at < len(buffer) and buffer[at] in " \t\r\n,":
            at += 1
        if at < len(buffer) and buffer[at] == "]":
            return found, buffer[at:], True
        try:
            value, at = decoder.raw_decode(buffer, at)
        except ValueError:
            return found, buffer[at:], False
        if not isinstance(value, dict):
            raise UserError("places.bad-geojson", field="file")
        found.append(value)


def _check_coordinates(head: str) -> None:
    """A file may name its coordinates before its features (the form of 2008)."""
    start = head.find('"crs"')
    if start >= 0 and not any(name in head[start:] for name in ("CRS84", "4326")):
        raise UserError("places.other-coordinates", field="crs")


def read(file: Readable, on: date, report: Report) -> Iterator[Boundary]:
    """Boundaries of the communes of `on`; what is refused stands in the report and does not stop the rest."""
    for number, one in enumerate(features(file), start=1):
        try:
            boundary = boundary_of(one, on)
        except UserError as error:
            if error.code == "places.other-coordinates":
                raise
            report.refused.append({"feature": number, "code": error.code, "why": error.text("vi")})
            continue
        report.kept += 1
        if boundary.notes:
            report.repaired.append(boundary.unit.code)
        yield boundary


def boundary_of(given: dict[str, Any], on: date) -> Boundary:
    """One feature. Raises UserError `places.no-commune-code`, `.unknown-code`, `.not-a-polygon`,
    `.other-coordinates`."""
    unit = _unit(given.get("properties") or {}, given.get("id"), on)
    try:
        area = shape(given["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise UserError("places.not-a-polygon", field="geometry", commune=unit.code) from exc
    _in_country(area, unit)
    notes = () if area.is_valid else ("self-crossing: repaired",)
    whole = _polygons(area if area.is_valid else make_valid(area), unit)
    small = _polygons(make_valid(whole.simplify(SIMPLIFY_DEGREES)), unit, fallback=whole)
    return Boundary(unit, _rounded(mapping(small)), len(small.geoms) - 1, notes)


def _unit(properties: dict[str, Any], number: Any, on: date) -> Unit:
    lower = {str(key).lower(): value for key, value in properties.items()}
    given = next(
        (str(lower[key]).strip() for key in CODE_KEYS if lower.get(key) not in (None, "")), str(number or "")
    )
    if not given.isdigit():
        raise UserError("places.no-commune-code", field="properties", given=given[:40])
    unit = find(given.zfill(5), on)
    if unit is None or unit.level != "commune":
        raise UserError("places.unknown-code", field="code", value=given, on=on, elsewhere="–")
    return unit


def _in_country(area: BaseGeometry, unit: Unit) -> None:
    if area.is_empty or area.geom_type not in ("Polygon", "MultiPolygon"):
        raise UserError("places.not-a-polygon", field="geometry", commune=unit.code)
    west, south, east, north = area.bounds
    if not (west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH):
        raise UserError("places.other-coordinates", field="geometry")


def _polygons(area: BaseGeometry, unit: Unit, fallback: MultiPolygon | None = None) -> MultiPolygon:
    """Its polygons, islands too; lines and points that a repair leaves are dropped."""
    parts = getattr(area, "geoms", [area])
    kept = [
        poly
        for part in parts
        for poly in getattr(part, "geoms", [part])
        if isinstance(poly, Polygon) and poly.area
    ]
    if kept:
        return MultiPolygon(kept)
    if fallback is not None:
        return fallback
    raise UserError("places.not-a-polygon", field="geometry", commune=unit.code)


def _rounded(geometry: Any) -> dict[str, Any]:
    def cut(value: Any) -> Any:
        return round(value, 5) if isinstance(value, float) else [cut(one) for one in value]

    return {"type": geometry["type"], "coordinates": cut(geometry["coordinates"])}
