"""A gate that asks for a declaration: any accepted source lets in, none is declared on the spot."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.declarations.models import Declaration
from vungxanh.declarations.shown import code_of
from vungxanh.forms import declared
from vungxanh.forms.declared import OnTheSpot
from vungxanh.outbreak.models import Order
from vungxanh.people.actions import register_person
from vungxanh.people.schemas import DocumentIn
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.in_force import asks_of, mode_of
from vungxanh.venues.models import CodeTemplate, ScanRecord, Venue
from vungxanh.venues.sealing import seal
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db

LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
WELL = {"signs": False, "breathing": False, "met_patient": False, "met_area": False}


class GateClient:
    """A gate of a venue, as its device speaks."""

    def __init__(self, venue: Venue) -> None:
        _gate, self.token = open_gate(by=None, venue=venue, place=venue.place, name="Cổng 1")
        self.client, self.sent = Client(), 0

    def ask(self, path: str, body: Any = None) -> Any:
        more: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.token}"}}
        if body is None:
            return self.client.get(f"/api/venues/{path}", **more).json()
        more |= {"content_type": "application/json"}
        return self.client.post(f"/api/venues/{path}", json.dumps(body, default=str), **more).json()

    def scan(self, **record: Any) -> Any:
        self.sent += 1
        whole = {"id": f"r{self.sent}", "at": timezone.now(), **record}
        return self.ask("scans", {"records": [whole]})["answers"][0]


def venue(kind: str = "shop", **facts: Any) -> Venue:
    new = NewPlace(kind=kind, name="Nơi thử", commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(**facts), phone="+84912345678")


@pytest.fixture
def gate() -> GateClient:
    return GateClient(venue(asks="declaration"))


def lan() -> int:
    return register_person(
        name="Nguyễn Thị Lan", birth_year=1990, sex=2, by=None, purpose="test",
        documents=[DocumentIn("cccd", "019190000123")],
    )  # fmt: skip


def declare(person: int, **answers: bool) -> Declaration:
    declared.take(OnTheSpot(person, WELL | answers, f"test:{person}", timezone.now()))
    return Declaration.objects.get()


def test_the_rule_in_force_says_what_a_gate_asks() -> None:
    assert asks_of(venue("quarantine-site")) == "declaration"
    assert asks_of(venue("shop")) == "visit"
    assert asks_of(venue("hospital"), date(2021, 8, 1)) == "declaration"
    assert asks_of(venue("shop", asks="declaration")) == "declaration"  # a keeper may ask for more
    assert mode_of(venue("shop", mode="private"), date(2021, 8, 1)) == "named"  # ordered then
    assert mode_of(venue("shop", mode="private"), date(2026, 11, 22)) == "private"
    assert pack(date(2021, 8, 1)).id == "vn.covid19.gates.2021"


def test_without_a_declaration_please_declare_first_and_on_the_spot(gate: GateClient) -> None:
    assert gate.ask("ping")["asks"] == "declaration"
    refused = gate.scan(code=LAN)
    assert (refused["status"], refused["reason"]) == ("refused", "venues.declaration-needed")
    assert not ScanRecord.objects.exists()
    questions = [one["id"] for one in gate.ask("form")["questions"]]
    assert questions == list(WELL)
    taken = gate.scan(code=LAN, answers=dict.fromkeys(questions, False))
    assert (taken["status"], taken["state"], taken["shown"]) == ("accepted", "in", "N. T. L., nữ, 1990")
    assert (Declaration.objects.get().channel, Declaration.objects.get().scope_path) == (
        "desk", ScanRecord.objects.get().place.scope_path
    )  # fmt: skip
    assert gate.scan(code=LAN)["status"] == "accepted"  # the next gate finds it


def test_half_answers_are_not_enough(gate: GateClient) -> None:
    refused = gate.scan(code=LAN, answers={"signs": False})
    assert refused["reason"] == "venues.answers-missing"
    assert not Declaration.objects.exists()


def test_a_declaration_on_a_telephone_is_found_by_the_number_of_the_card(gate: GateClient) -> None:
    declare(lan())
    assert gate.scan(code=LAN)["status"] == "accepted"


def test_our_signed_result_lets_in_by_itself_until_it_is_withdrawn(gate: GateClient) -> None:
    row = declare(lan())
    text = code_of(row)
    answer = gate.scan(code=text)
    assert (answer["status"], answer["shown"]) == ("accepted", "N. T. L., nữ, 1990")
    assert ScanRecord.objects.get().strength == 5
    Declaration.objects.update(withdrawn_at=timezone.now())
    assert gate.scan(code=text)["reason"] == "venues.declare-first"


def test_an_old_result_is_told_apart_from_a_forged_one(gate: GateClient) -> None:
    row = declare(lan())
    row.given_at, row.valid_until = (timezone.now() - timedelta(hours=h) for h in (90, 20))
    assert gate.scan(code=code_of(row))["reason"] == "venues.declaration-over"
    assert gate.scan(code=code_of(row)[:-1] + "0")["reason"] in ("venues.forged-code", "venues.read-again")


def test_a_paper_that_staff_saw_counts(gate: GateClient) -> None:
    assert gate.scan(code=LAN, shown="paper")["status"] == "accepted"
    assert gate.scan(code=LAN, shown="paper", answers=WELL)["status"] == "accepted"
    assert Declaration.objects.get().channel == "paper"


def test_another_app_s_code_counts_as_long_as_the_pack_says(gate: GateClient) -> None:
    CodeTemplate.objects.create(
        name="App", purpose="declaration", prefix="APP:", separator="|", fields=["cccd", "name", "issued"]
    )
    for hours, status in ((10, "accepted"), (80, "refused")):
        when = timezone.now() - timedelta(hours=hours)
        assert gate.scan(code=f"APP:019190000123|NGUYEN THI LAN|{when:%Y-%m-%dT%H:%M:%S%z}")["status"] == status


def test_what_was_read_offline_is_recorded_because_nobody_can_be_asked_any_more(gate: GateClient) -> None:
    key = gate.ask("ping")["key"]
    record = {"id": "x", "at": timezone.now().isoformat(), "code": LAN}
    sealed = [{"id": "x", "box": seal(json.dumps(record).encode(), key)}]
    assert gate.ask("scans", {"sealed": sealed})["answers"][0]["status"] == "accepted"


def test_somebody_in_isolation_gets_the_same_screen_and_the_commune_a_task() -> None:
    gate = GateClient(venue())
    other = LAN.replace("019190000123", "019190000777").replace("Nguyễn Thị Lan", "Lò Thị Mai")
    free = gate.scan(code=other)
    gate.scan(code=LAN)
    person = ScanRecord.objects.exclude(person=_person_of(other)).get().person
    now, today = timezone.now(), timezone.localdate()
    Order.objects.create(
        person=person, disease="covid19", form="home", since=today, until=today, status="signed", signer="A",
        detected_at=now, listed_at=now, signed_at=now, scope_path="/19/05443/", scope_sector="health",
    )  # fmt: skip
    ill = gate.scan(code=LAN, direction="in")
    assert set(ill) == set(free)
    assert (ill["status"], ill["reason"], ill["message"]) == (free["status"], free["reason"], free["message"])
    task = WorkItem.objects.get()
    assert (task.kind, task.person, task.scope_path[:10]) == ("isolation.seen", person, "/19/05443/")
    gate.scan(code=LAN, direction="in")
    assert WorkItem.objects.count() == 1  # once a day


def _person_of(code: str) -> int:
    from vungxanh.venues.badges import key
    from vungxanh.venues.models import Badge

    return Badge.objects.get(key=key("cccd", code[:12])).person_id


def test_a_telephone_and_a_code_stand_for_one_of_the_family(settings: Any) -> None:
    settings.DEMO = True
    gate = GateClient(venue())
    for name in ("Nguyễn Văn Bình", "Lò Thị Mai"):
        register_person(name=name, birth_year=1980, sex=3, by=None, purpose="test", phones=["0912345678"])
    shown = gate.ask("phone", {"id": "p", "phone": "0912345678"})["shown"]
    wrong = "000000" if shown != "000000" else "111111"
    refused = gate.ask("phone/check", {"phone": "0912345678", "code": wrong})
    assert "venues.wrong-code" in str(refused)
    family = gate.ask("phone/check", {"phone": "0912345678", "code": shown})
    assert {one["shown"] for one in family} == {"N. V. B., 1980", "L. T. M., 1980"}
    answer = gate.scan(proof=family[0]["proof"], way="typed")
    assert (answer["status"], answer["shown"]) == ("accepted", family[0]["shown"])
    assert gate.scan(proof=family[0]["proof"][:-2] + "xx")["reason"] == "venues.proof-old"
