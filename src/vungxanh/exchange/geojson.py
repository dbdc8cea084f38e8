"""GeoJSON (RFC 7946): WGS 84, longitude first, seven decimals at most."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: one decimetre; more would name a person's bed
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Feature:
    """`geometry`: a GeoJSON geometry, anything with `__geo_interface__` (shapely), or None: not located."""

    geometry: Any
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str | int | None = None


def write(features: Iterable[Feature], decimals: int = DECIMALS) -> bytes:
    """A FeatureCollection. `decimals` fewer for areas of people: 3 are a hundred metres."""
    made = [_feature(one, decimals) for one in features]
    return json.dumps({"type": "FeatureCollection", "features": made}, ensure_ascii=False, default=str).encode()


def _feature(one: Feature, decimals: int) -> dict[str, Any]:
    geometry = getattr(one.geometry, "__geo_interface__", one.geometry)
    made: dict[str, Any] = {"type": "Feature", "geometry": None, "properties": dict(one.properties)}
    if geometry:
        made["geometry"] = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"], decimals)}
    return made if one.id is None else {**made, "id": one.id}


def _rounded(value: Any, decimals: int) -> Any:
    return (
        round(value, decimals) if isinstance(value, float | int) else [_rounded(item, decimals) for item in value]
    )
