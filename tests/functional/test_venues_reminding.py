"""Whoever forgot to check out is reminded once, by the minutes of the kind of place, on the telephone only."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.core import jobs
from vungxanh.core.retention import forget
from vungxanh.notify.delivery import message_of
from vungxanh.notify.models import Batch, Delivery
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import refold, reminding, trips
from vungxanh.venues.actions import VenueFacts, register_venue
from vungxanh.venues.folding import Hours
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import CitizenDevice, DeviceMember, Reminder, ScanRecord, Venue, Visit
from vungxanh.venues.refold import fold_pairs
from vungxanh.venues.reminding import due_of, remind
from vungxanh.venues.self_record import record_on_phone

pytestmark = pytest.mark.django_db


def venue(kind: str = "cafe", name: str = "Quán Ban Mai", *, shown: bool = False, mode: str = "named") -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    facts = VenueFacts(mode=mode, occupancy_public=shown)
    return register_venue(by=None, new=new, facts=facts, phone="+84912345678")


def arrive(client: Client, place: Venue, ago: int, *, key: str = "k") -> None:
    """The telephone of `client` recorded its owner in so many minutes ago."""
    code = poster_code(place.pk)
    if not DeviceMember.objects.exists():
        client.post(f"/v/{code}/in", {"new": "1", "name": "Lò Thị Mai", "birth_year": "1975", "key": key})
        row = ScanRecord.objects.get()
        at = row.at - timedelta(minutes=ago)
        ScanRecord.objects.filter(pk=row.pk).update(at=at, said_at=at)
        fold_pairs([(row.place_id, row.person)])
        return
    at = timezone.now() - timedelta(minutes=ago)
    device, person = CitizenDevice.objects.get(), DeviceMember.objects.get().person_id
    record_on_phone(place=place.place, device=device, people=[person], way="in", key=key, at=at)


def subscribe(client: Client, endpoint: str = "https://push.example/1") -> None:
    body = {"subscription": {"endpoint": endpoint, "keys": {"p256dh": "x", "auth": "y"}}}
    assert client.post("/push/subscribe", json.dumps(body), content_type="application/json").status_code == 204


@pytest.fixture(autouse=True)
def open_all_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing times would make the answer depend on the hour at which the tests run."""
    real = refold.hours_of

    def all_day(place: Place) -> Hours:
        return replace(real(place), closes=None)

    monkeypatch.setattr(reminding, "hours_of", all_day)
    monkeypatch.setattr(refold, "hours_of", all_day)


def test_the_minutes_are_those_of_the_kind_of_place() -> None:
    rule = pack(date(2026, 8, 1))
    assert rule.reminds_after("cafe") == timedelta(minutes=120)
    assert rule.reminds_after("stall") == timedelta(minutes=30)
    assert rule.reminds_after("supermarket") == timedelta(minutes=90)  # not named: the rest
    assert rule.reminds_after("hotel") is None  # people live there


def test_a_telephone_is_told_once_without_place_or_person(client: Client) -> None:
    arrive(client, venue(), 119)
    subscribe(client)
    assert remind() == 0  # a café reminds after 120 minutes
    assert remind(timezone.now() + timedelta(minutes=2)) == 1
    assert remind(timezone.now() + timedelta(minutes=4)) == 0
    delivery = Delivery.objects.get()
    assert delivery.batch.channel == "push"
    said = message_of(delivery, "").text
    assert said.endswith("Nếu đã rời đi, hãy mở Vùng Xanh và bấm Ra.")
    assert "Ban Mai" not in said
    assert "Mai" not in said


def test_a_shop_reminds_earlier_than_a_café(client: Client) -> None:
    arrive(client, venue("shop", "Tạp hoá"), 46)
    arrive(client, venue("cafe"), 46, key="k2")
    subscribe(client)
    assert remind() == 1
    assert Reminder.objects.get().place.kind == "shop"


def test_nobody_is_reminded_after_checking_out(client: Client) -> None:
    place = venue()
    arrive(client, place, 125)
    subscribe(client)
    client.post(f"/v/{poster_code(place.pk)}/out", {"key": "out"})
    assert Visit.objects.get().end
    assert remind() == 0
    assert not Batch.objects.exists()


def test_folding_again_does_not_remind_again_and_a_new_stay_does(client: Client) -> None:
    place = venue()
    arrive(client, place, 125)
    subscribe(client)
    assert remind() == 1
    fold_pairs([(place.pk, DeviceMember.objects.get().person_id)])
    assert remind() == 0
    later = timezone.now() + timedelta(days=1)
    person, device = DeviceMember.objects.get().person_id, CitizenDevice.objects.get()
    record_on_phone(place=place.place, device=device, people=[person], way="in", key="next", at=later)
    assert remind(later + timedelta(minutes=121)) == 1
    assert Batch.objects.filter(channel="push").count() == 2


def test_two_people_on_one_telephone_are_one_message(client: Client) -> None:
    place = venue()
    arrive(client, place, 0)
    subscribe(client)
    child = {"new": "1", "name": "Lò Văn Bình", "birth_year": "2015", "key": "child"}
    client.post(f"/v/{poster_code(place.pk)}/in", child)
    assert remind(timezone.now() + timedelta(minutes=121)) == 2
    assert Delivery.objects.count() == 1


def test_without_a_browser_that_agreed_nothing_is_sent_and_never_an_sms(client: Client) -> None:
    arrive(client, venue(), 125)
    assert remind() == 0
    assert not Batch.objects.exists()
    assert 'data-remind role="status"' in client.get("/venues/now").content.decode()


def test_a_place_where_people_live_and_a_private_place_remind_nobody(client: Client) -> None:
    arrive(client, venue("hotel", "Nhà nghỉ"), 800)
    now_private = venue("cafe", "Quán kín")
    arrive(client, now_private, 125, key="k2")
    subscribe(client)
    Venue.objects.filter(pk=now_private.pk).update(mode="private")
    assert remind() == 0
    assert due_of([DeviceMember.objects.get().person_id]) == []


def test_the_page_reminds_and_one_tap_ends_the_stay(client: Client) -> None:
    arrive(client, venue(), 125)
    page = client.get("/venues/now").content.decode()
    assert "data-remind" in page
    assert "Chạm một lần để ghi giờ ra" in page
    assert "data-remind" in client.get("/").content.decode()
    member, code = DeviceMember.objects.get(), poster_code(Visit.objects.get().place_id)
    fields = {"member": str(member.pk), "key": "tap", "back": "now"}
    answer = client.post(f"/v/{code}/out", fields)
    assert answer.headers["Location"] == "/venues/now"
    assert Visit.objects.get().end
    assert "data-remind" not in client.get("/venues/now").content.decode()


def test_whoever_just_came_can_leave_by_one_tap_and_is_not_reminded(client: Client) -> None:
    arrive(client, venue(), 20)
    page = client.get("/venues/now").content.decode()
    assert "data-remind" not in page
    assert 'name="back" value="now"' in page


def test_nothing_is_left_to_close_where_the_place_has_closed(client: Client) -> None:
    vehicle = venue("vehicle", "Xe 20B-012.34")
    trip = trips.start(by=None, venue=vehicle, plate="20B-012.34", route="Thái Nguyên – Hà Nội")
    arrive(client, vehicle, 10)
    assert 'value="now"' in client.get("/venues/now").content.decode()
    trips.end(by=None, trip=trip)
    assert 'value="now"' not in client.get("/venues/now").content.decode()


def test_the_worker_reminds_and_old_reminders_are_forgotten(client: Client) -> None:
    assert jobs.every()["venues.remind"] == timedelta(minutes=5)
    arrive(client, venue(), 125)
    subscribe(client)
    remind()
    forget("venues", timezone.now() + timedelta(days=3))
    assert Reminder.objects.exists()
    forget("venues", timezone.now() + timedelta(days=5))
    assert not Reminder.objects.exists()


def test_the_public_sees_how_full_a_place_is_only_where_its_keeper_wishes(client: Client) -> None:
    place = venue(shown=True)
    code = poster_code(place.pk)
    arrive(client, place, 1)
    assert f'hx-get="/v/{code}/crowd" hx-trigger="every 20s"' in client.get(f"/v/{code}").content.decode()
    assert client.get(f"/v/{code}/crowd").content.decode().strip().startswith("1 ")
    hidden = poster_code(venue(name="Quán khác").pk)
    assert client.get(f"/v/{hidden}/crowd").status_code == 404
    assert "/crowd" not in client.get(f"/v/{hidden}").content.decode()
    private = poster_code(venue(name="Quán kín", shown=True, mode="private").pk)
    assert client.get(f"/v/{private}/crowd").status_code == 404
    assert client.get("/v/KHONGCO/crowd").status_code == 404
