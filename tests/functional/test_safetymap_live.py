"""The live map: what it draws, points of service, and which basemaps are refused."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import level_of, place

from vungxanh.core.errors import UserError
from vungxanh.places.actions import close
from vungxanh.safetymap import actions, basemap, points
from vungxanh.zoning import actions as zoning

pytestmark = pytest.mark.django_db
LAND = [[[105.0, 21.0], [106.0, 21.0], [106.0, 22.0], [105.0, 22.0], [105.0, 21.0]]]


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(basemap, "home", lambda: tmp_path)
    return tmp_path


def file(*rows: tuple[dict[str, Any], str, Any]) -> io.StringIO:
    features = [
        {"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": at}}
        for said, kind, at in rows
    ]
    return io.StringIO(json.dumps({"type": "FeatureCollection", "features": features}))


class TestBasemap:
    def test_land_is_kept_without_a_word_on_it(self, house: Path, client: Client) -> None:
        told = basemap.keep(file(({"name": "Thái Nguyên"}, "Polygon", LAND)))
        assert told["features"] == 1
        (one,) = json.loads(gzip.decompress((house / "basemap.geojson.gz").read_bytes()))["features"]
        assert one["properties"] == {"kind": "land"}
        assert client.get(reverse("safetymap:ground")).headers["Content-Encoding"] == "gzip"

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ({"name": "South China Sea"}, [113.0, 13.0]),
            ({"name:en": "Paracel Islands"}, [112.0, 16.5]),
            ({"label": "西沙群岛"}, [112.0, 16.5]),
            ({"name": "Spratly"}, [100.0, 50.0]),  # wherever it stands
            ({"name": "Some Reef"}, [114.0, 10.0]),  # at sea every name that is not ours
        ],
    )
    def test_other_names_of_the_sea_and_its_islands_refuse_the_file(
        self, said: dict[str, str], at: list[float], house: Path
    ) -> None:
        basemap.keep(file(({}, "Polygon", LAND)))
        before = (house / "basemap.geojson.gz").read_bytes()
        with pytest.raises(UserError) as refused:
            basemap.keep(file(({}, "Polygon", LAND), (said, "Point", at)))
        assert refused.value.code == "safetymap.basemap-names"
        assert (house / "basemap.geojson.gz").read_bytes() == before  # what was there stays

    @pytest.mark.parametrize("name", ["Biển Đông", "Quần đảo Hoàng Sa", "Quần đảo Trường Sa"])
    def test_our_own_names_are_taken(self, name: str) -> None:
        assert basemap.keep(file(({"name": name}, "Point", [112.0, 12.0])))["features"] == 0

    def test_a_border_drawn_in_the_sea_refuses_the_file(self) -> None:
        dashes = [[112.0, 8.0], [113.0, 10.0]]
        with pytest.raises(UserError) as refused:
            basemap.keep(file(({"boundary": "claim"}, "LineString", dashes)))
        assert refused.value.code == "safetymap.basemap-border"

    def test_metres_instead_of_degrees_are_refused(self) -> None:
        with pytest.raises(UserError) as refused:
            basemap.keep(file(({}, "LineString", [[580_000, 2_380_000], [580_100, 2_380_000]])))
        assert refused.value.code == "places.other-coordinates"

    def test_too_large_a_file_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(basemap.rules(), "most_bytes", 10)
        with pytest.raises(UserError) as refused:
            basemap.keep(file(({}, "Polygon", LAND)))
        assert refused.value.code == "safetymap.basemap-too-large"

    def test_without_one_there_is_none(self, client: Client) -> None:
        assert client.get(reverse("safetymap:ground")).status_code == 404


def test_the_live_map_draws_what_is_published_and_nothing_else(client: Client) -> None:
    chairman = officer("chairman", "chairman", "/19/")
    shop = place()
    shop.lat, shop.lon = 21.59, 105.84
    shop.save()
    zoning.decide_level(by=chairman, draft=level_of({"group": "B", "endemic": False, "linked_cases_month": 9}))
    assert client.get(reverse("safetymap:live")).json()["features"] == []
    actions.publish(by=chairman)
    drawn = client.get(reverse("safetymap:live"), headers={"Accept-Language": "vi"}).json()["features"]
    marks = {one["properties"]["title"]: one["properties"] for one in drawn}
    assert marks[shop.name]["says"].endswith("Chưa đánh giá")
    assert marks["Phường Phan Đình Phùng"]["icon"] == "diamond #1B1D28"  # epidemic: a shape, no colour of a level
    assert len(drawn) == 2


class TestPoints:
    def test_a_point_of_service_is_published_with_hours_and_telephone(self, client: Client) -> None:
        inspector, at = officer("inspector", "cdc-officer", "/19/"), place("clinic", "Trạm y tế phường")
        client.force_login(inspector)
        told = {"kind": "testing", "hours": "7:00–17:00", "phone": "0208 000 000"}
        client.post(reverse("safetymap:point", args=[at.pk]), told)
        actions.publish(by=inspector)
        page = Client().get(reverse("safetymap:public"), headers={"Accept-Language": "vi"}).content.decode()
        assert "Xét nghiệm · 7:00–17:00 · 0208 000 000" in page
        client.post(reverse("safetymap:point", args=[at.pk]), {"kind": ""})
        assert points.published() == []

    def test_an_unknown_kind_and_a_closed_place_are_refused(self) -> None:
        at = place("clinic", "Trạm y tế phường")
        with pytest.raises(UserError) as unknown:
            points.set_point(by=None, place=at, kind="prayer")
        assert unknown.value.code == "safetymap.point-unknown"
        close(by=None, place=at)
        at.refresh_from_db()
        with pytest.raises(UserError) as closed:
            points.set_point(by=None, place=at, kind="testing")
        assert closed.value.code == "safetymap.closed-place"
