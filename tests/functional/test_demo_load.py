"""The demonstration fills a house through the rooms' own actions, once, and only where it may."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from vungxanh.command.models import Completion, Difficulty, Directive, HotlineEvent, Message, Price, Stock
from vungxanh.core.errors import OperatorError
from vungxanh.core.minutes import day_start
from vungxanh.declarations.queries import visible
from vungxanh.demo import load
from vungxanh.demo.commands import told
from vungxanh.demo.communes import homes
from vungxanh.demo.first import lines
from vungxanh.demo.generate import District, Plan, generate
from vungxanh.demo.parameters import parameters
from vungxanh.lake.store import open_lake
from vungxanh.outbreak.models import Case
from vungxanh.people.models import HouseholdMember, IdentityDocument, Officer, Person
from vungxanh.places.models import Place, Trip
from vungxanh.safetymap.queries import newest_snapshot
from vungxanh.safetymap.shown import place_shown
from vungxanh.venues.models import ScanRecord
from vungxanh.zoning import running
from vungxanh.zoning.models import CommuneCount, ZoneProposal

pytestmark = pytest.mark.django_db

DAY0 = day_start(date(2026, 8, 3))  # a Monday under the law in force


@pytest.fixture(scope="module")
def district() -> District:
    return generate(Plan(1_200, 14, 11, 5, DAY0, 0), parameters())


@pytest.fixture(scope="module")
def filled(
    district: District, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """One house filled once; everything it wrote into the database goes with it."""
    where = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "DEMO", True)
        patch.setattr(load, "home", lambda: where)
        patch.setattr(load, "lake_dir", lambda: where / "lake")
        yield {**load.fill(district, parameters(), told(district), lambda _: None), "where": where}
        transaction.set_rollback(True)


def test_everybody_and_everything_is_there(district: District, filled: dict[str, Any]) -> None:
    assert (
        Person.objects.count() == 1_200 + filled["entries"] + filled["visited"]["persons"]
    )  # whoever declares by typing is a record of their own
    assert HouseholdMember.objects.count() == 1_200
    assert Place.objects.exclude(kind="trip").count() == filled["places"] + filled["visited"]["places"]
    assert filled["visited"]["scans"] == ScanRecord.objects.count() > 150
    trips = set(zip(district.seats.vehicle, district.seats.departs, strict=True))
    assert Trip.objects.count() == len(trips) + filled["visited"]["trips"]
    evidence = open_lake(filled["where"] / "lake").evidence()
    assert evidence.visits.num_rows + evidence.seats.num_rows == filled["visits"]
    assert evidence.encounters.num_rows == filled["encounters"]
    assert evidence.households.num_rows == 1_200


def test_the_lake_knows_people_and_places_by_the_numbers_of_the_house(
    district: District, filled: dict[str, Any]
) -> None:
    visits = open_lake(filled["where"] / "lake").evidence().visits
    assert set(visits.column("person").to_pylist()) <= set(Person.objects.values_list("pk", flat=True))
    assert set(visits.column("place").to_pylist()) <= set(Place.objects.values_list("pk", flat=True))


def test_no_number_is_one_that_an_office_issues(district: District, filled: dict[str, Any]) -> None:
    some = IdentityDocument.objects.order_by("pk")[:50]
    assert all(str(one.number.open()).startswith("000") for one in some)


def test_the_first_case_was_found_and_scanned(district: District, filled: dict[str, Any]) -> None:
    first = filled["first_case"]
    assert Person.objects.filter(pk=first["person"]).exists()
    visits = open_lake(filled["where"] / "lake").evidence().visits
    assert first["person"] in visits.column("person").to_pylist()


def test_officers_log_in_with_the_printed_word(district: District, filled: dict[str, Any]) -> None:
    assert Officer.objects.count() == len(filled["log_ins"])
    assert Officer.objects.get(username="cdc").check_password(filled["log_ins"]["cdc"])


def test_the_note_is_for_the_owner_only_and_says_filled(filled: dict[str, Any]) -> None:
    note = filled["where"] / "demo.json"
    assert note.stat().st_mode & 0o077 == 0
    assert load.filled() == json.loads(note.read_text("utf-8"))


def test_the_truth_lies_apart_from_the_lake(filled: dict[str, Any]) -> None:
    assert (filled["where"] / "demo" / "truth.parquet").exists()
    assert not list((filled["where"] / "lake").rglob("*truth*"))


def test_everybody_found_is_a_case_and_the_first_is_traced(district: District, filled: dict[str, Any]) -> None:
    assert Case.objects.count() == len(district.found)
    assert Case.objects.get(pk=filled["first_case"]["case"]).person == filled["first_case"]["person"]
    said = lines(filled["first_case"], filled["where"] / "lake")
    assert any(line.strip().startswith("F1: ") for line in said)


def test_a_house_with_people_is_left_alone(district: District, filled: dict[str, Any]) -> None:
    with pytest.raises(OperatorError) as caught:
        load.fill(district, parameters(), {}, lambda _: None)
    assert caught.value.code == "demo.house-not-empty"


def test_outside_demonstration_mode_nothing_is_filled(
    district: District, filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(OperatorError) as caught:
        load.fill(district, parameters(), {}, lambda _: None)
    assert caught.value.code == "demo.not-demo-mode"


def test_the_station_of_the_first_case_has_declarations_on_its_list(filled: dict[str, Any]) -> None:
    station = Officer.objects.get(username="tram")
    assert visible(station).count() == filled["declarations"]


def test_the_border_officer_has_a_gate_with_entries_and_a_hold(filled: dict[str, Any]) -> None:
    from django.utils import timezone

    from vungxanh.border import queries as border

    officer = Officer.objects.get(username="bienphong")
    assert border.expected(officer, timezone.localdate()).count() == filled["entries"] == 24
    assert border.held(officer).count() == 2


def test_the_first_case_has_a_seat_list(filled: dict[str, Any]) -> None:
    from vungxanh.border.models import Aboard

    own = Aboard.objects.get(person=filled["first_case"]["person"])
    assert (own.seat, own.voyage.aboard.count()) == ("10D", 42)


def test_the_safety_map_shows_every_state_of_a_place_and_decided_levels(filled: dict[str, Any]) -> None:
    data = newest_snapshot().data  # type: ignore[union-attr]
    shown = [place_shown(row) for row in data["places"]]
    assert {"Đã ngừng hoạt động", "Chưa đánh giá", "Đạt", "Cần khắc phục", "Chưa đạt"} <= {
        one.word for one in shown
    }
    assert any(one.stale for one in shown)
    assert {row["code"] for row in data["communes"]} == {home.unit.code for home in homes(parameters())}
    assert all(row["word"] and row["population"] and row["lat"] for row in data["communes"])
    assert not any(row["color"] for row in data["communes"])  # the law in force knows no colours
    assert len(data["exposed"]) == 1


def test_a_zone_is_in_force_with_residents_exits_and_needs(filled: dict[str, Any]) -> None:
    (zone,) = ZoneProposal.objects.all()
    assert (zone.state, zone.decided_by) == ("decided", Officer.objects.get(username="ubnd").pk)
    assert zone.gates.count() == 2
    assert zone.needs.filter(kind="dialysis").exists()
    assert all(door.people for door in running.doors(zone, list(zone.needs.all())))


def test_the_counts_of_communes_are_the_cases(district: District, filled: dict[str, Any]) -> None:
    assert sum(CommuneCount.objects.values_list("cases", flat=True)) == len(district.found)


@pytest.mark.usefixtures("filled")
def test_every_matter_of_the_command_room_has_something_to_show(client: Client) -> None:
    for model in (Completion, Difficulty, Directive, HotlineEvent, Message, Price, Stock):
        assert model.objects.exists(), model.__name__
    shown = {
        "ubnd": ("/command/", "ghi nhận người đến và đi tại chợ"),
        "truyenthong": ("/command/messages", "Quét mã khi đến chợ"),
        "duongday": ("/command/hotline", "Ba nhà cùng xóm có người sốt"),
        "congthuong": ("/command/reserves", "1,44 lần"),  # 26,000 against a usual 18,000
        "lanhdao": ("/command/courses", "Đi từng nhà và theo dõi sức khỏe"),
    }
    for name, (address, words) in shown.items():
        client.force_login(Officer.objects.get(username=name))
        assert words in client.get(address).content.decode(), address
