"""Which communes touch: from the imported outlines, since no list of neighbours is published."""

from collections.abc import Mapping
from typing import Any

from shapely import STRtree
from shapely.geometry import shape

from vungxanh.places.boundaries import SIMPLIFY_DEGREES

#: two simplified outlines of one border lie at most so far apart, in degrees
SLACK = 2 * SIMPLIFY_DEGREES


def touching(outlines: Mapping[str, Any]) -> list[list[str]]:
    """Pairs of names whose outlines (GeoJSON geometries) touch, each once, in order of name."""
    names = sorted(outlines)
    if not names:
        return []
    areas = [shape(outlines[name]) for name in names]
    left, right = STRtree(areas).query(areas, predicate="dwithin", distance=SLACK)
    return [[names[a], names[b]] for a, b in sorted(zip(left.tolist(), right.tolist(), strict=True)) if a < b]
