"""The demonstration fills a house through the rooms' own actions, once, and only where it may."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from vungxanh.core.errors import OperatorError
from vungxanh.demo import load
from vungxanh.demo.commands import told
from vungxanh.demo.generate import District, Plan, generate
from vungxanh.demo.parameters import parameters
from vungxanh.lake.store import open_lake
from vungxanh.people.models import HouseholdMember, IdentityDocument, Officer, Person
from vungxanh.places.models import Place, Trip

pytestmark = pytest.mark.django_db

DAY0 = 29_700_900  # a Monday of June 2026, 00:00 in Viet Nam


@pytest.fixture(scope="module")
def district() -> District:
    return generate(Plan(1_500, 14, 11, 5, DAY0, 0), parameters())


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Path:
    settings.DEMO = True
    monkeypatch.setattr(load, "home", lambda: tmp_path)
    monkeypatch.setattr(load, "lake_dir", lambda: tmp_path / "lake")
    return tmp_path


def fill(district: District) -> dict[str, Any]:
    return load.fill(district, parameters(), told(district), lambda _: None)


def test_everybody_and_everything_is_there(district: District, house: Path) -> None:
    done = fill(district)
    assert Person.objects.count() == 1_500
    assert HouseholdMember.objects.count() == 1_500
    assert Place.objects.exclude(kind="trip").count() == done["places"]
    assert Trip.objects.count() == len(set(zip(district.seats.vehicle, district.seats.departs, strict=True)))
    evidence = open_lake(house / "lake").evidence()
    assert evidence.visits.num_rows + evidence.seats.num_rows == done["visits"]
    assert evidence.encounters.num_rows == done["encounters"]
    assert evidence.households.num_rows == 1_500


def test_the_lake_knows_people_and_places_by_the_numbers_of_the_house(district: District, house: Path) -> None:
    fill(district)
    visits = open_lake(house / "lake").evidence().visits
    assert set(visits.column("person").to_pylist()) <= set(Person.objects.values_list("pk", flat=True))
    assert set(visits.column("place").to_pylist()) <= set(Place.objects.values_list("pk", flat=True))


def test_no_number_is_one_that_an_office_issues(district: District, house: Path) -> None:
    fill(district)
    some = IdentityDocument.objects.order_by("pk")[:50]
    assert all(str(one.number.open()).startswith("000") for one in some)


def test_the_first_case_was_found_and_scanned(district: District, house: Path) -> None:
    first = fill(district)["first_case"]
    assert Person.objects.filter(pk=first["person"]).exists()
    visits = open_lake(house / "lake").evidence().visits
    assert first["person"] in visits.column("person").to_pylist()


def test_officers_log_in_with_the_printed_word(district: District, house: Path) -> None:
    done = fill(district)
    assert Officer.objects.count() == len(done["log_ins"])
    assert Officer.objects.get(username="cdc").check_password(done["log_ins"]["cdc"])


def test_the_note_is_for_the_owner_only_and_says_filled(district: District, house: Path) -> None:
    fill(district)
    assert (house / "demo.json").stat().st_mode & 0o077 == 0
    assert load.filled() == json.loads((house / "demo.json").read_text("utf-8"))


def test_the_truth_lies_apart_from_the_lake(district: District, house: Path) -> None:
    fill(district)
    assert (house / "demo" / "truth.parquet").exists()
    assert not list((house / "lake").rglob("*truth*"))


def test_a_house_with_people_is_left_alone(district: District, house: Path) -> None:
    fill(district)
    with pytest.raises(OperatorError) as caught:
        fill(district)
    assert caught.value.code == "demo.house-not-empty"


def test_outside_demonstration_mode_nothing_is_filled(
    district: District, house: Path, settings: LazySettings
) -> None:
    settings.DEMO = False
    with pytest.raises(OperatorError) as caught:
        fill(district)
    assert caught.value.code == "demo.not-demo-mode"
    assert not Person.objects.exists()
