"""What runs by itself and beside: retention, webhooks, readers, warnings taken back, busy silent places."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from vungxanh.core import retention
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Assignment, Officer
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import markets, presence, statistics, webhooks
from vungxanh.venues.actions import VenueFacts, add_parts, open_gate, register_venue
from vungxanh.venues.evidence import VenueVisits
from vungxanh.venues.folding import Direction, Hours, Scan, fold
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.models import CodeTemplate, ScanRecord, Tally, Venue, Visit, WebhookDelivery
from vungxanh.venues.reader import Reader
from vungxanh.venues.schemas import Guest, ScanIn
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


def venue(name: str = "Chợ Thái", kind: str = "hospital", capacity: int | None = None) -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1), capacity=capacity)
    return register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")


def officer(role: str = "cdc-director") -> Officer:
    made = Officer.objects.create_user(role, name="Trần Thị Mai")
    Assignment.objects.create(officer=made, role=role, scope_path="/19/")
    return made


def card(number: int) -> str:
    return f"0191900{number:05d}||Nguyễn Thị Lan|01011990|Nữ|Tổ 5|01052021"


def scan(place: Venue, own: str, number: int, minutes_ago: float, **more: Any) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    take([ScanIn(id=own, at=at, code=card(number), **more)], sender=Sender("gate:1", place.place, 1))


# ------------------------------------------------------------------ retention


def test_what_is_over_is_really_removed_and_the_lake_loses_nothing() -> None:
    place = venue()
    for days, number in ((50, 1), (40, 2), (9, 3), (0, 4)):
        scan(place, f"s{number}", number, days * 1440 + 1)
    watermark = list(VenueVisits().closed_since(0))[-1].watermark
    later = timezone.now() + timedelta(days=30)  # then the first two are older than sixty days
    removed = retention.forget("venues", later)
    assert (removed["scans"], removed["visits"]) == (2, 2)
    assert ScanRecord.objects.count() == 2
    assert Visit.objects.count() == 2
    retention.forget("venues", later + timedelta(days=400))
    assert not ScanRecord.objects.exists()
    assert Visit.objects.filter(export_no=watermark).count() == 1  # the highest number stays
    scan(place, "new", 9, 9 * 1440)
    assert next(batch.watermark for batch in VenueVisits().closed_since(watermark)) > watermark
    assert AuditEvent.objects.filter(action="venues:records:forgotten").count() == 2


# ------------------------------------------------------------------ webhooks


class Listener(BaseHTTPRequestHandler):
    """A keeper's own system: answers what it is told to, remembers what it heard."""

    heard: list[tuple[str, bytes]] = []  # noqa: RUF012  shared on purpose: the server makes a handler a call
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).heard.append((self.headers["X-Vungxanh-Signature"], body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    Listener.heard, Listener.status = [], 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(webhooks, "may_call", lambda *_: True)
    yield f"http://127.0.0.1:{server.server_port}/hook?x=1"
    server.shutdown()
    server.server_close()


def hooked(url: str) -> tuple[Venue, str]:
    place = venue(capacity=40)
    made, secret = webhooks.add(by=None, venue=place, url="https://shop.example.vn/hook")
    made.url = url
    made.save()
    return place, secret


def test_an_event_is_signed_and_says_a_number_and_no_person(listening: str) -> None:
    place, secret = hooked(listening)
    scan(place, "a", 1, 1)
    assert webhooks.observe() == 1
    assert webhooks.send_due() == {"taken": 1, "put-off": 0, "given-up": 0}
    ((signature, body),) = Listener.heard
    seconds, digest = (part.split("=")[1] for part in signature.split(","))
    by_hand = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert digest == by_hand
    told = json.loads(body)
    assert (told["event"], told["place"], told["inside"], told["capacity"]) == (
        "occupancy", f"VX-{place.pk}", 1, 40
    )  # fmt: skip
    assert set(told) == {"event", "place", "inside", "capacity", "id", "at"}
    assert webhooks.observe() == 0  # nothing has changed
    scan(place, "b", 2, 0)
    assert webhooks.observe() == 1


def test_what_is_not_taken_is_tried_again_and_then_given_up(listening: str) -> None:
    hooked(listening)
    Listener.status = 503
    webhooks.observe()
    now = timezone.now()
    said = []
    for minutes in (0, *webhooks.TRIES):
        now += timedelta(minutes=minutes, seconds=1)
        said.append(next(key for key, count in webhooks.send_due(now).items() if count))
    assert said == ["put-off"] * 5 + ["given-up"]
    assert len({json.loads(body)["id"] for _, body in Listener.heard}) == 1  # the same event each time
    row = WebhookDelivery.objects.get()
    assert (row.tries, row.status, row.next_at) == (6, 503, None)


def test_an_address_does_not_reach_into_the_house() -> None:
    place = venue()
    for url in ("http://shop.vn/x", "https://user:pw@shop.vn/", "ftp://shop.vn", "nothing"):
        with pytest.raises(UserError) as refused:
            webhooks.add(by=None, venue=place, url=url)
        assert refused.value.code == "venues.webhook-address"
    assert not webhooks.may_call("127.0.0.1", 443)
    assert not webhooks.may_call("10.0.0.8", 443)
    assert not webhooks.may_call("169.254.169.254", 80)


# ------------------------------------------------------------------ a reader without a browser


@pytest.mark.django_db(transaction=True)
def test_a_reader_holds_more_than_a_day_and_sends_lists(live_server: LiveServer, tmp_path: Path) -> None:
    place = venue()
    _gate, token = open_gate(by=None, venue=place, place=place.place, name="Đầu đọc")
    device = Reader(live_server.url, token, tmp_path / "gate")
    device.key()
    away = Reader("http://127.0.0.1:9", token, tmp_path / "gate")  # no network: nobody answers there
    began = timezone.now() - timedelta(hours=26)
    for number in range(600):
        away.keep(card(number), began + timedelta(minutes=2 * number))
    assert away.send() == []
    assert b"0191900" not in (tmp_path / "gate" / "waiting.jsonl").read_bytes()
    again = Reader(live_server.url, token, tmp_path / "gate")  # after the power came back
    answers = again.send()
    assert {one["status"] for one in answers} == {"accepted"}
    assert (len(answers), again.waiting(), ScanRecord.objects.count()) == (600, [], 600)
    first = ScanRecord.objects.order_by("at").first()
    assert first
    assert abs(first.at - began) < timedelta(seconds=5)


# ------------------------------------------------------------------ warnings


def test_a_warning_is_taken_back_and_the_telephone_says_so(client: Client) -> None:
    place, by = venue(), officer()
    scan(place, "a", 1, 30)
    person, now = Visit.objects.get().person, timezone.now()
    marked = presence.mark_exposed(
        by=by, place=place.place, start=now - timedelta(hours=1), end=now, case="BN-1", advice="Gọi"
    )
    assert [one.taken_back for one in presence.warnings_for([person])] == [False]
    client.force_login(by)
    assert client.post(f"/venues/exposed/{marked.pk}/withdraw").status_code == 302
    assert [one.taken_back for one in presence.warnings_for([person])] == [True]
    stranger = officer("auditor")
    client.force_login(stranger)
    assert client.post(f"/venues/exposed/{marked.pk}/withdraw").status_code == 403


def test_the_sheet_for_the_staff_says_who_was_on_duty(client: Client) -> None:
    market, by = venue(kind="market"), officer()
    add_parts(by=None, venue=market, kind="stall", names=["Dãy A – 1", "Dãy A – 2"])
    first, second = markets.stalls_of(market)
    workers = [
        markets.Worker("Dãy A – 1", Guest(name="Lò Thị Mai", phone="+84911111111")),
        markets.Worker("Dãy A – 2", Guest(name="Lò Văn Páo", phone="+84922222222")),
    ]
    markets.enrol(by=None, venue=market, workers=workers)
    markets.sell(by=None, stalls=[first])
    now = timezone.now()
    marked = presence.mark_exposed(
        by=by, place=market.place, start=now - timedelta(hours=20), end=now + timedelta(hours=20), case="BN-1",
        advice="",
    )  # fmt: skip
    client.force_login(by)
    page = client.get(f"/venues/exposed/{marked.pk}/staff").content.decode()
    assert "L. T. Mai" in page
    assert "Páo" not in page  # that stall did not sell, and nobody recorded him
    assert AuditEvent.objects.filter(action="venues:list:opened", purpose="case BN-1").count() == 1
    assert second.name == "Dãy A – 2"


# ------------------------------------------------------------------ statistics


def test_busy_places_where_nobody_scans_get_a_visit(client: Client) -> None:
    old = timezone.now() - timedelta(days=30)
    busy, counted, used, small = (venue(f"Nơi {n}", capacity=c) for n, c in enumerate((500, None, 500, 10)))
    Venue.objects.update(registered_at=old)
    Tally.objects.create(place=counted.place, at=timezone.now() - timedelta(hours=1), people=80)
    scan(used, "a", 1, 10)
    listed = [row.place for row in statistics.quiet([v.pk for v in (busy, counted, used, small)])]
    assert listed == [counted.pk, busy.pk]
    client.force_login(officer())
    for _ in range(2):  # asked twice it is one
        client.post("/venues/quiet", {"place": str(busy.pk)})
    assert [(item.kind, item.place) for item in WorkItem.objects.all()] == [("venue.visit", busy.pk)]


def test_every_figure_again_from_the_raw_rows() -> None:
    one, two = venue("Nơi một"), venue("Nơi hai", capacity=9)
    day = timezone.localdate() - timedelta(days=2)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
    plan = [(one, 1, 0), (one, 1, 40), (one, 2, 5), (two, 2, 10), (two, 3, 20), (two, 2, 100), (one, 2, 90)]
    for own, (place, number, minute) in enumerate(plan):
        record = ScanIn(id=f"r{own}", at=noon + timedelta(minutes=minute), code=card(number))
        take([record], sender=Sender("gate:1", place.place, 1))
    Venue.objects.update(registered_at=noon - timedelta(days=3))
    found = statistics.figures([one.pk, two.pk], day)
    raw = list(ScanRecord.objects.values_list("place", "person", "at", "id"))
    assert found.whole.scans == len(raw)
    assert found.whole.people == len({person for _, person, _, _ in raw})
    assert found.whole.active == len({place for place, _, _, _ in raw})
    stays = [
        (place, person, stay)
        for place in {row[0] for row in raw}
        for person in {row[1] for row in raw if row[0] == place}
        for stay in fold(
            [Scan(own, at, Direction.EITHER) for p, who, at, own in raw if (p, who) == (place, person)],
            Hours(timedelta(minutes=180), None, timedelta(minutes=720)),
        )
    ]
    over = [one for one in stays if one[2].end or one[2].until <= timezone.now()]
    assert found.whole.stays == len(over)
    assert found.whole.left == len([one for one in over if one[2].end and not one[2].end_assumed])
    closed = [(place, person, s.start, s.end) for place, person, s in stays if s.end and not s.end_assumed]
    both = {a[1] for a in closed for b in closed if a[1] == b[1] and a[0] < b[0] and a[2] < b[3] and b[2] < a[3]}
    assert found.twice == len(both) == 1
    assert [(row.key, row.scans) for row in found.provinces] == [("19", len(raw))]
    assert [(row.day, row.scans) for row in found.days if row.scans] == [(day, len(raw))]


# ------------------------------------------------------------------ layouts


def test_an_administrator_completes_a_layout_from_a_sample(client: Client) -> None:
    client.force_login(officer())
    sample = {
        "name": "Thẻ 2024",
        "purpose": "identity",
        "sample": "AN|019190000123|x",
        "separator": "|",
        "begins": "",
    }
    page = client.post("/venues/layouts", sample).content.decode()
    assert page.count('name="field"') == 3
    wrong = client.post("/venues/layouts", sample | {"field": ["cccd", "name", "-"]})
    assert wrong.status_code == 422
    assert client.post("/venues/layouts", sample | {"field": ["name", "cccd", "-"]}).status_code == 302
    assert CodeTemplate.objects.get().fields == ["name", "cccd", "-"]
    client.post("/venues/layouts", {"switch": str(CodeTemplate.objects.get().pk)})
    assert not CodeTemplate.objects.get().active
