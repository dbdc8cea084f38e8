"""Beacons of people without a phone, heard by gateways: stays at a place, and nothing of anybody else."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.unit.exposure.phone import NOW
from vungxanh.core.errors import UserError
from vungxanh.exposure import gateway_actions
from vungxanh.exposure.codec.gaen import day_start, identifier, interval_number, new_key
from vungxanh.exposure.device.gateway import ListenOnly, forward
from vungxanh.exposure.device.server import ServerError
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.evidence import GatewayVisits
from vungxanh.exposure.matching.sightings import table_of
from vungxanh.exposure.models import Code, Feed, GatewayVisit, Wearable
from vungxanh.exposure.schemas import HeardIn
from vungxanh.exposure.wearables import card_of, day_key, seed_of
from vungxanh.people.actions import register_person
from vungxanh.people.models import Consent

SEED = bytes(range(16))
PLACE = 812
#: Tuesday 3 May 2022, 08:00 in Viet Nam
EIGHT = NOW - timedelta(hours=2, minutes=5)


def beacon(at: datetime, seed: bytes = SEED) -> bytes:
    """What a beacon sends at a moment."""
    interval = interval_number(at.timestamp())
    return identifier(day_key(seed, day_start(interval)), interval)


def heard(at: datetime, rpi: bytes | None = None, rssi: int = -60) -> HeardIn:
    return HeardIn(f"{at.timestamp()}", rpi or beacon(at), int(at.timestamp()), rssi)


@pytest.fixture
def market(db: None) -> Feed:
    number, _ = gateway_actions.add_feed(
        kind=Feed.Kind.GATEWAY, name="Chợ Thái, cổng 1", place=PLACE, by=None, scope_path="/19/"
    )
    return Feed.objects.get(pk=number)


@pytest.fixture
def wearer(db: None) -> int:
    who = register_person(name="Nguyễn Thị Lan", birth_year=1950, by=None, purpose="test")
    gateway_actions.hand_over(card=card_of(SEED), person=who, by=None, scope_path="/19/", now=EIGHT)
    return who


def stays() -> list[tuple[int, int]]:
    """Minutes after eight o'clock."""
    first = int(EIGHT.timestamp()) // 60
    return [(row.start - first, row.end - first) for row in GatewayVisit.objects.order_by("start")]


def test_a_card_is_read_as_people_type_it_and_a_wrong_letter_is_refused() -> None:
    card = card_of(SEED)
    assert len(card) == 34
    assert seed_of(f" {card[:8].lower()} {card[8:]} ") == SEED
    for wrong in ("", "VXW1", card[:-1], card[:10] + ("A" if card[10] != "A" else "B") + card[11:], "1" * 34):
        with pytest.raises(UserError) as caught:
            seed_of(wrong)
        assert caught.value.code == "exposure.bad-card"


def test_a_stay_is_told_however_often_and_in_whatever_order(market: Feed, wearer: int) -> None:
    minutes = [0, 5, 10, 24, 60, 65]
    records = [heard(EIGHT + timedelta(minutes=m)) for m in minutes]
    assert all(not said.reason for said in gateway_actions.heard(gateway=market, records=records, now=NOW))
    assert stays() == [(0, 25), (60, 66)]
    gateway_actions.heard(gateway=market, records=records[::-1], now=NOW)
    assert stays() == [(0, 25), (60, 66)]
    gateway_actions.heard(gateway=market, records=[heard(EIGHT + timedelta(minutes=m)) for m in (38, 46)], now=NOW)
    assert stays() == [(0, 66)]  # what lay between joins them

    visit = GatewayVisits().tail(2**30).rows("visits")[0]
    assert (visit.person, visit.place, visit.end - visit.start) == (wearer, PLACE, 66)
    assert visit.source == "exposure-gateways"


def test_strangers_and_who_passed_outside_leave_no_trace(market: Feed, wearer: int) -> None:
    records = [heard(EIGHT, new_key()), heard(EIGHT, rssi=-95), heard(EIGHT, beacon(EIGHT, bytes(16)))]
    said = gateway_actions.heard(gateway=market, records=records, now=NOW)
    assert [one.reason for one in said] == ["", "", ""]  # the answer does not tell who is a wearer
    assert stays() == []


def test_a_beacon_speaks_for_its_wearer_only_while_they_wear_it(market: Feed, wearer: int) -> None:
    assert Consent.objects.filter(person_id=wearer, purpose="exposure-wearable").exists()
    with pytest.raises(UserError) as caught:
        gateway_actions.hand_over(card=card_of(SEED), person=wearer, by=None, scope_path="/", now=NOW)
    assert caught.value.code == "exposure.card-worn"
    back = EIGHT + timedelta(minutes=30)
    gateway_actions.take_in(wearable=Wearable.objects.get().pk, by=None, now=back)
    times = [EIGHT - timedelta(minutes=1), EIGHT + timedelta(minutes=29), back]
    gateway_actions.heard(gateway=market, records=[heard(at) for at in times], now=NOW)
    assert stays() == [(29, 30)]


def test_clocks_that_are_wrong_are_told_record_by_record(market: Feed, wearer: int) -> None:
    records = [heard(NOW + timedelta(minutes=11)), heard(NOW - timedelta(days=15)), heard(EIGHT)]
    said = gateway_actions.heard(gateway=market, records=records, now=NOW)
    assert [one.reason for one in said] == ["exposure.heard-in-future", "exposure.heard-too-late", ""]


def test_stays_are_final_two_days_after_their_end(
    market: Feed, wearer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway_actions.heard(gateway=market, records=[heard(EIGHT)], now=NOW)
    end = EIGHT + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: end + timedelta(days=2))
    assert list(GatewayVisits().closed_since(0)) == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: end + timedelta(days=2, minutes=1))
    assert next(iter(GatewayVisits().closed_since(0))).evidence.visits.num_rows == 1
    assert GatewayVisits().tail(2**30).num_rows == 0
    gateway_actions.heard(gateway=market, records=[heard(EIGHT)], now=NOW)  # sent once more
    assert GatewayVisit.objects.count() == 1


def post(path: str, document: object, token: str = "") -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = Client().post(path, json.dumps(document), content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_over_http_each_record_has_its_answer(wearer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    number, token = gateway_actions.add_feed(
        kind=Feed.Kind.GATEWAY, name="Chợ", place=PLACE, by=None, scope_path="/19/"
    )
    good = {"id": "a", "rpi": beacon(EIGHT).hex(), "at": int(EIGHT.timestamp()), "rssi": -60}
    records = [good, {**good, "id": "b", "rpi": "00"}, {**good, "id": "c", "at": "now"}, 7]
    status, answer = post("/exposure/v1/gateway", {"records": records}, token)
    assert status == 200
    assert [(one.get("id"), one["status"]) for one in answer["records"]] == [
        ("a", "accepted"),
        ("b", "refused"),
        ("c", "refused"),
        (None, "refused"),
    ]
    assert stays() == [(0, 1)]
    for wrong in ("", "x"):
        assert post("/exposure/v1/gateway", {"records": []}, wrong)[0] == 401
    assert post("/exposure/v1/lab", {"records": []}, token)[0] == 401  # a gateway asks for no codes
    gateway_actions.retire_feed(feed=number, by=None)
    assert post("/exposure/v1/gateway", {"records": []}, token)[0] == 401


def test_a_laboratory_is_answered_record_by_record_and_never_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vungxanh.notify.models import Delivery

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    _, token = gateway_actions.add_feed(kind=Feed.Kind.LAB, name="Labo", by=None, scope_path="/19/")
    records = [
        {"id": "r1", "case_id": 41, "onset": "2022-05-02"},
        {"id": "r2", "case_id": 42, "onset": None, "phone": "0912345678"},
        {"id": "r3", "case_id": 43, "onset": "2022-05-09"},
        {"id": "r4", "case_id": 44, "onset": "9 May"},
        {"id": "r5", "case_id": 45, "report_type": "negative"},
    ]
    status, answer = post("/exposure/v1/lab", {"records": records}, token)
    said = {one["id"]: one for one in answer["records"]}
    assert status == 200
    assert len(said["r1"]["short"]) == 8
    assert said["r2"] == {"id": "r2", "status": "sent"}
    assert "short" not in said["r2"]
    assert (said["r3"]["status"], said["r3"]["reason"]) == ("refused", "exposure.onset-in-future")
    assert [said[one]["status"] for one in ("r4", "r5")] == ["refused", "refused"]
    assert Delivery.objects.count() == 1
    again = post("/exposure/v1/lab", {"records": records[:2]}, token)[1]["records"]
    assert [one["status"] for one in again] == ["duplicate", "duplicate"]
    assert Code.objects.count() == 2


def test_a_gateway_keeps_what_was_not_answered(tmp_path: Path) -> None:
    store, sent = DeviceStore(tmp_path), []
    store.remember(table_of([(bytes([n] * 16), 1_651_536_000 + n, -60, bytes(4), 0) for n in range(5)]))

    def broken(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 401, {"code": "unknown_sender"}

    def works(document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        sent.extend(document["records"])
        return 200, {"records": []}

    with pytest.raises(ServerError):
        forward(store, broken)
    assert forward(store, works) == 5
    assert forward(store, works) == 0
    assert [one["at"] for one in sent] == [1_651_536_000 + n for n in range(5)]
    store.remember(table_of([(bytes(16), 1_651_540_000, -60, bytes(4), 0)]))
    assert forward(store, works) == 1


def test_a_gateway_never_sends_on_the_air(tmp_path: Path) -> None:
    assert not ListenOnly(radio=None).can_advertise  # type: ignore[arg-type]
