"""Borders on the public map: those that were imported, from the published snapshot, and never invented ones."""

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import level_of, place
from tests.unit.test_places_boundaries import ON, collection, feature, square

from vungxanh.places.actions import put_boundaries
from vungxanh.places.boundaries import Report, read
from vungxanh.safetymap import actions, svgmap
from vungxanh.zoning import actions as zoning

pytestmark = pytest.mark.django_db


def import_square() -> None:
    file: io.StringIO = collection(feature(square(105.80, 21.54)))
    put_boundaries(by=None, boundaries=read(file, ON, Report()), on=ON, source="Cục Đo đạc")


@pytest.fixture
def publishing() -> Any:
    place()
    chairman = officer("chairman", "chairman", "/19/")
    zoning.decide_level(
        by=chairman,
        draft=level_of({"group": "B", "endemic": False, "linked_cases_month": 9, "linked_cases_week": 0}),
        now=timezone.now(),
    )
    return lambda: actions.publish(by=chairman)


def test_without_a_file_no_border_is_drawn(client: Client, publishing: Any) -> None:
    publishing()
    page = client.get("/map/").content.decode()
    assert "Không vẽ ranh giới" in page
    assert "evenodd" not in page


def test_an_imported_border_is_drawn_once_it_is_published(client: Client, publishing: Any) -> None:
    publishing()
    import_square()
    assert "evenodd" not in client.get("/map/").content.decode()
    publishing()
    page = client.get("/map/").content.decode()
    assert page.count("evenodd") == 1
    assert "Cục Đo đạc" in page


def test_too_many_points_draw_none() -> None:
    ring = [[105.8, 21.5]] * (svgmap.MOST_POINTS + 1)
    dot = {"lat": 21.5, "lon": 105.8, "color": None, "population": 1, "title": "", "outline": [ring]}
    assert svgmap.draw([dot], day=timezone.localdate(), near=True).borders == ()


def test_a_square_becomes_a_square_that_fits_the_picture() -> None:
    dot = {"lat": 0.5, "lon": 0.5, "color": None, "population": 1, "title": ""}
    picture = svgmap.draw([dot | {"outline": [square(0, 0, 1)]}], day=timezone.localdate(), near=True)
    # the box is 1.2° high and so 12/7° wide: 5/14° of margin on 720 units is 150
    (path,) = picture.borders
    assert path.startswith("M150.0 ")
    assert "L570.0 " in path
