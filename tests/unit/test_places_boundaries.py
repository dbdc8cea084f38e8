"""Boundary files as they come: other coordinates, self-crossing polygons, islands, far too large, cut off."""

import io
import json
import tracemalloc
from datetime import date
from typing import Any

import pytest

from vungxanh.core.errors import UserError
from vungxanh.places.boundaries import Report, boundary_of, features, read

ON = date(2026, 11, 18)
COMMUNE = "05443"


def square(west: float, south: float, size: float = 0.05) -> list[list[float]]:
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def feature(*rings: list[list[float]], code: str = COMMUNE, kind: str = "MultiPolygon") -> dict[str, Any]:
    coordinates: Any = [[ring] for ring in rings] if kind == "MultiPolygon" else [rings[0]]
    return {
        "type": "Feature",
        "properties": {"ma_xa": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*given: dict[str, Any], head: str = "") -> io.StringIO:
    return io.StringIO('{"type": "FeatureCollection", ' + head + '"features": ' + json.dumps(list(given)) + "}")


def taken(file: io.StringIO) -> tuple[list[Any], Report]:
    report = Report()
    return list(read(file, ON, report)), report


def test_islands_stay_parts_of_their_commune() -> None:
    (found,), report = taken(collection(feature(square(105.8, 21.5), square(106.5, 21.5))))
    assert (found.unit.code, found.islands, report.kept) == (COMMUNE, 1, 1)


def test_a_polygon_that_crosses_itself_is_repaired_and_said() -> None:
    bow = [[105.8, 21.5], [105.9, 21.6], [105.9, 21.5], [105.8, 21.6], [105.8, 21.5]]
    (found,), report = taken(collection(feature(bow, kind="Polygon")))
    assert found.notes == ("self-crossing: repaired",)
    assert report.repaired == [COMMUNE]
    assert found.islands == 1  # the two halves of the bow


@pytest.mark.parametrize(
    "file",
    [
        collection(feature(square(580_000, 2_380_000, 500), kind="Polygon")),  # VN-2000 metres
        collection(feature(square(21.5, 105.8), kind="Polygon")),  # latitude first
        collection(feature(square(105.8, 21.5)), head='"crs": {"properties": {"name": "EPSG:3405"}}, '),
    ],
)
def test_other_coordinates_are_refused_as_a_whole(file: io.StringIO) -> None:
    with pytest.raises(UserError, match="WGS 84"):
        taken(file)


def test_a_file_that_says_wgs_84_is_read() -> None:
    head = '"crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, '
    assert len(taken(collection(feature(square(105.8, 21.5)), head=head))[0]) == 1


def test_a_feature_without_a_known_commune_is_reported_and_the_rest_is_kept() -> None:
    line = {
        "type": "Feature",
        "properties": {"code": COMMUNE},
        "geometry": {"type": "Point", "coordinates": [105.8, 21.5]},
    }
    found, report = taken(
        collection(
            feature(square(105.8, 21.5), code="x"),
            feature(square(105.8, 21.5), code="99999"),
            line,
            feature(square(105.8, 21.5)),
        )
    )
    assert len(found) == 1
    assert [(one["feature"], one["code"]) for one in report.refused] == [
        (1, "places.no-commune-code"), (2, "places.unknown-code"), (3, "places.not-a-polygon"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"features": [', '{"type": "FeatureCollection", "features": [1]}']
)
def test_what_is_no_whole_collection_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="FeatureCollection"):
        list(features(io.StringIO(text)))


class Endless(io.StringIO):
    """A file of `size` characters that is made while it is read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        ring = [[105.8 + n * 1e-6, 21.5 + (n % 2) * 1e-6] for n in range(2000)] + square(105.8, 21.5)
        self.one = json.dumps(feature(ring, kind="Polygon")) + ","
        self.left, self.buffer_ = size, '{"type": "FeatureCollection", "features": ['

    def read(self, size: int | None = -1) -> str:
        while self.left > 0 and len(self.buffer_) < (size or 0):
            self.buffer_ += self.one
            self.left -= len(self.one)
            if self.left <= 0:
                self.buffer_ = self.buffer_[:-1] + "]}"
        piece, self.buffer_ = self.buffer_[:size], self.buffer_[size:]
        return piece


def test_a_large_file_is_read_as_a_stream() -> None:
    """60 MB here; the memory held is a fraction of it and does not grow with the file."""
    tracemalloc.start()
    count = sum(1 for _ in features(Endless(60_000_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 600
    assert peak < 25_000_000


def test_a_boundary_is_made_small() -> None:
    ring = [[105.8 + n * 1e-5, 21.5] for n in range(5000)] + [[105.85, 21.55], [105.8, 21.55], [105.8, 21.5]]
    found = boundary_of(feature(ring, kind="Polygon"), ON)
    assert len(json.dumps(found.geometry)) < 500
