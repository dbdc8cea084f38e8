"""A code that changes, a message that is really sent, a keeper who is registered by an officer, the first page."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from vungxanh.notify.interface import Channel, Message, Receipt, TemporaryFailure
from vungxanh.people.models import Assignment, Officer
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import rotating, sender
from vungxanh.venues.actions import VenueFacts, register_venue, set_rotating
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import PhoneCode, ScanRecord, Venue

pytestmark = pytest.mark.django_db

BINH = {"new": "1", "name": "Nguyễn Văn Bình", "birth_year": "1980", "key": "k"}


@pytest.fixture
def venue() -> Venue:
    new = NewPlace(kind="market", name="Chợ Thái", commune_code="05443", commune_on=date(2026, 1, 1))
    made = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    set_rotating(by=None, venue=made, on=True)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1_800_000_000.0]
    monkeypatch.setattr(rotating, "time", lambda: now[0])

    def forward(seconds: float) -> None:
        now[0] += seconds

    return forward


def path(venue: Venue) -> str:
    return "/" + rotating.screen_link(venue.pk, "https://vungxanh.thainguyen.gov.vn").split("/", 3)[3]


def proof(page: Any) -> str:
    found = re.search(r'name="proof" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def test_the_code_on_the_screen_checks_in(venue: Venue, clock: Callable[[float], None]) -> None:
    phone, address = Client(), path(venue)
    given = proof(phone.get(address))
    clock(120)  # while the name is being typed the screen has changed twice
    assert phone.post(f"{address}/in", BINH | {"proof": given}).status_code == 302
    assert ScanRecord.objects.count() == 1


def test_a_photograph_of_the_screen_is_worth_nothing(venue: Venue, clock: Callable[[float], None]) -> None:
    phone, address = Client(), path(venue)
    clock(120)
    assert proof(phone.get(address)) == ""
    assert phone.post(f"{address}/in", BINH).status_code == 422
    assert phone.post(f"{address}/in", BINH | {"proof": "made-up"}).status_code == 422
    assert not ScanRecord.objects.exists()


def test_the_printed_code_only_informs_while_there_is_a_screen(venue: Venue) -> None:
    phone, address = Client(), f"/v/{poster_code(venue.pk)}"
    assert phone.get(address).status_code == 200
    assert phone.post(f"{address}/in", BINH).status_code == 422
    set_rotating(by=None, venue=venue, on=False)
    assert phone.post(f"{address}/in", BINH).status_code == 302


def test_the_first_page_keeps_the_way_out(venue: Venue) -> None:
    set_rotating(by=None, venue=venue, on=False)
    phone = Client()
    assert "Chợ Thái" not in phone.get("/").content.decode()
    phone.post(f"/v/{poster_code(venue.pk)}/in", BINH)
    page = phone.get("/").content.decode()
    assert "Chợ Thái" in page
    assert f"/v/{poster_code(venue.pk)}" in page


class Sms:
    """A provider that keeps what it was given."""

    channel, name, deduplicates = Channel.SMS, "test", True

    def __init__(self, fails: bool = False) -> None:
        self.sent: list[Message] = []
        self.fails = fails

    def send(self, message: Message) -> Receipt:
        if self.fails:
            raise TemporaryFailure("busy")
        self.sent.append(message)
        return Receipt("1")

    def price(self, message: Message) -> int:
        return 0


def test_a_code_is_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch, settings: Any, client: Client) -> None:
    settings.DEMO = False
    provider = Sms()
    monkeypatch.setattr(sender, "adapter", lambda _: provider)
    client.post("/venues/phone", {"phone": "0912345678"})
    assert "data-shown-code" not in client.get("/venues/code").content.decode()
    message = provider.sent[0]
    code = re.search(r"\d{6}", message.text)
    assert code
    assert message.address == "+84912345678"
    assert "http" not in message.text
    assert client.post("/venues/code", {"code": code[0]}).status_code == 302


@pytest.mark.parametrize("provider", [None, Sms(fails=True)])
def test_without_messages_the_page_says_whom_to_ask(
    monkeypatch: pytest.MonkeyPatch, settings: Any, client: Client, provider: Sms | None
) -> None:
    settings.DEMO = False
    if provider:
        monkeypatch.setattr(sender, "adapter", lambda _: provider)
    answer = client.post("/venues/phone", {"phone": "0912345678"})
    assert answer.status_code == 503
    assert "cán bộ xã" in answer.content.decode()
    assert not PhoneCode.objects.exists()


def officer(role: str, where: str) -> Client:
    made = Officer.objects.create_user(f"{role}{where}", name="Cán bộ")
    Assignment.objects.create(officer=made, role=role, scope_path=where)
    client = Client()
    client.force_login(made)
    return client


MARKET = {"kind": "market", "name": "Chợ Im", "commune": "Phan Đình Phùng, Thái Nguyên", "phone": "0987654321"}


def test_an_officer_registers_within_their_area() -> None:
    trade = officer("industry-trade-officer", "/19/")
    assert trade.post("/venues/register-for", MARKET).status_code == 302
    made = Venue.objects.get()
    assert made.keepers.get().phone.open() == "+84987654321"
    assert trade.post("/venues/register-for", MARKET | {"kind": "school"}).status_code == 422
    assert officer("industry-trade-officer", "/01/").post("/venues/register-for", MARKET).status_code == 422
    assert officer("border-officer", "/19/").post("/venues/register-for", MARKET).status_code == 403
    assert Venue.objects.count() == 1
