"""What a citizen's telephone may do: its own code, a card on paper, taps without network, private places."""

import io
import json
import re
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image

from vungxanh.codes.signed import Kind
from vungxanh.people.models import Assignment, Officer
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import private
from vungxanh.venues.actions import VenueFacts, register_venue
from vungxanh.venues.badges import key
from vungxanh.venues.evidence import VenueVisits
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_code, read
from vungxanh.venues.models import Badge, DeviceMember, PersonCard, ScanRecord, Venue, Visit
from vungxanh.venues.own_codes import card_file, rotating_code
from vungxanh.venues.presence import mark_exposed, withdraw
from vungxanh.venues.schemas import Guest, ScanIn

pytestmark = pytest.mark.django_db


def venue(name: str = "Quán Ban Mai", mode: str = "named", kind: str = "cafe") -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(mode=mode), phone="+84912345678")


@pytest.fixture
def phone(client: Client) -> Client:
    """A telephone that has scanned once and remembers its owner."""
    code = poster_code(venue("Quán đầu").pk)
    client.post(f"/v/{code}/in", {"new": "1", "name": "Lò Thị Mai", "birth_year": "1975", "key": "k"})
    assert DeviceMember.objects.count() == 1
    return client


def test_my_code_changes_and_is_mine(phone: Client) -> None:
    page = phone.get("/venues/my-code").content.decode()
    assert "L. T. M., 1975" in page
    assert "<svg" in page
    member = DeviceMember.objects.get()
    found = read(rotating_code(member))
    assert found
    assert (found.kind, found.number) == (Kind.PERSON, member.pk)
    assert Badge.objects.get(key=key("phone-code", str(found.number))).person_id == member.person_id


def test_a_card_on_paper_and_a_lost_one(phone: Client) -> None:
    member = DeviceMember.objects.get()
    answer = phone.post(f"/venues/my-code/{member.pk}/card.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content[:5] == b"%PDF-"
    first = PersonCard.objects.get(revoked_at=None)
    card_file(member.person_id, by=None)  # a new one locks the old one
    first.refresh_from_db()
    assert first.revoked_at
    phone.post(f"/venues/my-code/{member.pk}/lock")
    assert not PersonCard.objects.filter(revoked_at=None).exists()
    assert Client().post(f"/venues/my-code/{member.pk}/card.pdf").status_code == 302  # another telephone: nothing


def deliver(client: Client, *visits: dict[str, Any], clock: Any = None) -> list[dict[str, Any]]:
    body = {"clock": clock or timezone.now(), "visits": visits}
    answer = client.post("/venues/visits", json.dumps(body, default=str), content_type="application/json")
    return list(answer.json()["answers"])


def test_taps_without_network_arrive_later_with_their_own_time(phone: Client) -> None:
    cafe = venue("Quán Xa")
    code, came = poster_code(cafe.pk), timezone.now() - timedelta(hours=5)
    taps = [
        {"id": "a", "code": code, "way": "in", "at": came},
        {"id": "b", "code": code, "way": "out", "at": came + timedelta(minutes=40)},
    ]
    assert [one["status"] for one in deliver(phone, *taps)] == ["accepted", "accepted"]
    assert [one["status"] for one in deliver(phone, *taps)] == ["duplicate", "duplicate"]
    visit = Visit.objects.get(place=cafe.place)
    assert (visit.start, visit.end) == (came, came + timedelta(minutes=40))


def test_a_telephone_whose_clock_is_wrong_is_corrected(phone: Client) -> None:
    cafe = venue("Quán Xa")
    wrong = timezone.now() - timedelta(days=1)
    tap = {"id": "a", "code": poster_code(cafe.pk), "way": "in", "at": wrong - timedelta(minutes=10)}
    deliver(phone, tap, clock=wrong)
    at = Visit.objects.get(place=cafe.place).start
    assert abs(at - (timezone.now() - timedelta(minutes=10))) < timedelta(minutes=1)


def test_a_fake_poster_and_a_stranger_s_telephone_are_refused(phone: Client) -> None:
    tap = {"id": "a", "code": "0" * 30, "way": "in", "at": timezone.now()}
    assert deliver(phone, tap)[0]["status"] == "refused"
    good = {"id": "b", "code": poster_code(venue("Quán Xa").pk), "way": "in", "at": timezone.now()}
    assert deliver(Client(), good)[0]["status"] == "refused"


def test_the_page_of_a_place_is_kept_for_the_time_without_network(phone: Client) -> None:
    assert phone.get(f"/v/{poster_code(venue('Quán Xa').pk)}")["X-Offline"] == "keep"


# ------------------------------------------------------------------ at two places at once


def test_the_same_telephone_at_two_places_at_once_counts_in_both(phone: Client) -> None:
    one, two = venue("Quán Một"), venue("Quán Hai")
    for each in (one, two):
        phone.post(f"/v/{poster_code(each.pk)}/in", {"key": f"k{each.pk}"})
    stays = Visit.objects.filter(place__in=[one.pk, two.pk])
    assert stays.count() == 2
    assert len({visit.person for visit in stays}) == 1
    rows = {row.place: row for row in VenueVisits().tail(int(timezone.now().timestamp() // 60)).rows("visits")}
    assert rows[one.pk].flags == 1  # its end is assumed: whoever appears elsewhere is not here any more


# ------------------------------------------------------------------ private places


def test_a_private_place_asks_for_nothing_and_keeps_nothing(client: Client) -> None:
    place = venue("Quán kín", "private")
    page = client.get(f"/v/{poster_code(place.pk)}").content.decode()
    assert "data-private-place" in page
    assert 'name="name"' not in page
    client.post(f"/v/{poster_code(place.pk)}/in", {"new": "1", "name": "Lò Thị Mai", "birth_year": "1975"})
    guest = ScanIn(id="a", at=timezone.now(), guest=Guest(name="Lò Thị Mai"))
    refused = take([guest], sender=Sender("g", place.place, 1, mode="private")).verdicts[0]
    assert refused.reason == "venues.private-place"
    assert not ScanRecord.objects.exists()
    assert not Visit.objects.exists()
    assert "venues" not in client.cookies.output()


def test_nothing_is_published_until_a_place_is_declared_exposed(client: Client) -> None:
    kept, other = venue("Quán kín", "private"), venue("Quán khác", "private")
    assert client.get("/venues/published.json").json()["published"] == []
    officer = Officer.objects.create_user("cdc", name="Trần Thị Mai")
    Assignment.objects.create(officer=officer, role="cdc-director", scope_path="/19/")
    start = timezone.now().replace(minute=20, second=0, microsecond=0) - timedelta(hours=3)
    marked = mark_exposed(
        by=officer, place=kept.place, start=start, end=start + timedelta(hours=1), case="BN-1", advice="Gọi 0900"
    )
    (published,) = client.get("/venues/published.json").json()["published"]
    hour = int(start.timestamp() // 3600)
    seed = private.seed_of(kept.pk)
    by_hand = [sha256(b"vungxanh-hour-1" + seed + h.to_bytes(8, "big")).hexdigest()[:32] for h in (hour, hour + 1)]
    assert published["ids"] == by_hand  # 20 past to 20 past touches two hours
    assert published["advice"] == "Gọi 0900"
    assert private.hour_id(private.seed_of(other.pk), hour) not in published["ids"]
    assert "Quán" not in json.dumps(published, ensure_ascii=False)  # it names no place
    withdraw(by=officer, exposed=marked)
    assert client.get("/venues/published.json").json()["published"] == []


def test_a_named_place_is_not_published(client: Client) -> None:
    officer = Officer.objects.create_user("cdc", name="Trần Thị Mai")
    now = timezone.now()
    mark_exposed(by=officer, place=venue().place, start=now - timedelta(hours=1), end=now, case="BN-1", advice="")
    assert client.get("/venues/published.json").json()["published"] == []


def test_a_card_is_readable_at_its_printed_size(phone: Client) -> None:
    from vungxanh.venues.cards import Card, draw
    from vungxanh.venues.posters import PPI

    code = rotating_code(DeviceMember.objects.get())
    picture = Image.open(io.BytesIO(draw([Card("L. T. M.", "VX-C1", code)], picture="png")))
    (found,) = zxingcpp.read_barcodes(picture)
    side = found.position.top_right.x - found.position.top_left.x
    assert found.text == code
    assert side / PPI * 2.54 >= 5.0  # centimetres
    assert re.fullmatch(r"[0-9BCFGHJKLMNPQRSTVXZ]+", code)
