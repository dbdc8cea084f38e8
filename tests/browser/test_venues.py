"""Venues in a real browser: register on a phone, scan at a gate by keyboard, lose the network, come back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Assignment, Officer
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import reminding, trips
from vungxanh.venues.actions import VenueFacts, register_venue
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import ScanRecord, SeatRecord, Venue, Visit
from vungxanh.venues.schemas import Guest, ScanIn

pytestmark = pytest.mark.django_db(transaction=True)

LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


@dataclass
class Hand:
    """A thumb on a telephone that counts what it does."""

    page: Page
    taps: int = 0
    fields: int = 0

    def fills(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.fields += 1

    def taps_on(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()
        self.taps += 1


@pytest.fixture
def hand(page: Page) -> Hand:
    return Hand(page)


@pytest.fixture
def venue(page: Page, live_server: LiveServer, hand: Hand) -> Venue:
    """Registered as a keeper does it, on a phone."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/venues/phone")
    hand.fills("Số điện thoại di động của bạn", "0912345678")
    hand.taps_on("Gửi mã cho tôi")
    hand.fills("Mã trong tin nhắn", page.locator("[data-shown-code]").inner_text())
    hand.taps_on("Tiếp tục")
    page.get_by_label("Loại địa điểm").select_option("market")
    hand.fields += 1
    hand.fills("Tên địa điểm", "Chợ Thái")
    hand.fills("Xã, phường và tỉnh", "Trưng Vương, Thái Nguyên")
    hand.taps_on("Đăng ký")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chợ Thái")
    return Venue.objects.get()


@pytest.mark.usefixtures("faults")
def test_keeper_pages(
    page: Page, live_server: LiveServer, venue: Venue, check_page: Callable[..., None], hand: Hand
) -> None:
    assert (hand.taps, hand.fields) == (3, 5)  # two minutes are enough for these on a telephone
    check_page("venues-manage")
    for path, name in (("phone", "phone"), ("register", "register"), ("", "mine")):
        page.goto(f"{live_server.url}/venues/{path}")
        check_page(f"venues-{name}")


@pytest.mark.usefixtures("faults")
def test_citizen_pages(page: Page, live_server: LiveServer, venue: Venue, check_page: Callable[..., None]) -> None:
    page.goto(f"{live_server.url}/v/{poster_code(venue.pk)}")
    check_page("venues-place-first")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_role("button", name="Vào", exact=True).click()
    expect(page.get_by_text("Đã ghi: vào lúc")).to_be_visible()
    check_page("venues-place-in")
    page.goto(f"{live_server.url}/venues/now")
    check_page("venues-now")


@pytest.mark.usefixtures("faults")
def test_one_tap_for_whoever_forgot_to_leave(
    page: Page, live_server: LiveServer, check_page: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "_is_due", lambda *_: True)  # as two hours later
    new = NewPlace(kind="cafe", name="Quán Ban Mai", commune_code="05443", commune_on=date(2026, 1, 1))
    cafe = register_venue(by=None, new=new, facts=VenueFacts(occupancy_public=True), phone="+84912345678")
    page.goto(f"{live_server.url}/v/{poster_code(cafe.pk)}")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_role("button", name="Vào", exact=True).click()
    expect(page.locator("[hx-get$='/crowd']")).to_have_text(re.compile(r"\b1\b"))
    page.goto(live_server.url)
    expect(page.locator("[data-remind]")).to_be_visible()
    page.goto(f"{live_server.url}/venues/now")
    check_page("venues-now-late")
    page.get_by_role("button", name="Ra").click()
    expect(page.locator("[data-remind]")).to_have_count(0)
    assert Visit.objects.get().end


@pytest.mark.usefixtures("faults")
def test_a_seat_on_a_bus(page: Page, live_server: LiveServer, check_page: Callable[..., None]) -> None:
    new = NewPlace(kind="vehicle", name="Xe 20B-012.34", commune_code="05443", commune_on=date(2026, 1, 1))
    bus = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    trips.start(by=None, venue=bus, plate="20B-012.34", route="Thái Nguyên – Hà Nội", seat_layout="2+2*10,5")
    page.goto(f"{live_server.url}/v/{poster_code(bus.pk)}")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_label("3B", exact=True).check(force=True)
    check_page("venues-seats")
    page.get_by_role("button", name="Vào", exact=True).click()
    expect(page.get_by_text("Đã ghi: vào lúc")).to_be_visible()
    page.goto(live_server.url)
    check_page("venues-home")
    assert SeatRecord.objects.get().label == "3B"


@pytest.mark.usefixtures("faults")
def test_officers_pages(
    page: Page,
    live_server: LiveServer,
    venue: Venue,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
) -> None:
    records = [
        ScanIn(id=str(n), at=timezone.now() - timedelta(minutes=n), guest=Guest(name=f"Lò Mai {n}"))
        for n in range(9)
    ]
    take(records, sender=Sender("test", venue.place))
    made = Officer.objects.create_user("cdc", name="Trần Thị Mai")
    Assignment.objects.create(officer=made, role="cdc-director", scope_path="/19/")
    enter(made)
    page.goto(f"{live_server.url}/venues/statistics")
    check_page("venues-statistics")
    page.goto(f"{live_server.url}/venues/people")
    page.get_by_label("Số của địa điểm").fill(f"VX-{venue.pk}")
    now = timezone.localtime()
    page.get_by_label("Từ").fill(f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_label("Đến", exact=True).fill(f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M}")
    page.get_by_label("Số ca bệnh").fill("BN-12")
    page.get_by_role("button", name="Mở danh sách").click()
    expect(page.get_by_role("table")).to_be_visible()
    check_page("venues-people")
    page.goto(f"{live_server.url}/venues/exposed")
    check_page("venues-exposed")


def test_a_fake_poster(page: Page, live_server: LiveServer, check_page: Callable[..., None]) -> None:
    page.goto(f"{live_server.url}/v/000000000000000000000000000000")
    check_page("venues-fake")


STORED = """new Promise((done) => {
  const asked = indexedDB.open('vungxanh-gate');
  asked.onsuccess = () => {
    const all = asked.result.transaction('queue').objectStore('queue').getAll();
    all.onsuccess = () => done(JSON.stringify(all.result));
  };
})"""


@pytest.fixture
def gate(page: Page, live_server: LiveServer, venue: Venue) -> Page:
    page.get_by_role("button", name="Dùng máy này làm cổng").click()
    expect(page.locator("html[data-gate=kept]")).to_be_attached()
    page.get_by_role("link", name="Mở cổng").click()
    expect(page.locator("body[data-online=true]")).to_be_attached()
    return page


def scan(page: Page, text: str) -> None:
    page.locator("#line").fill(text)
    page.locator("#line").press("Enter")


@pytest.mark.usefixtures("faults")
def test_gate_by_keyboard_scanner(gate: Page, check_page: Callable[..., None]) -> None:
    scan(gate, LAN)
    expect(gate.locator("#word")).to_have_text("ĐÃ GHI")
    expect(gate.locator("#who")).to_have_text("N. T. L., nữ, 1990")
    check_page("venues-gate-recorded")
    scan(gate, "WIFI:S:cho;T:WPA;P:12345678;;")
    expect(gate.locator("#word")).to_have_text("CHƯA NHẬN")
    check_page("venues-gate-refused")
    scan(gate, "0912345678")
    expect(gate.locator("#guest")).to_be_visible()
    check_page("venues-gate-guest")
    gate.locator("#guest-name").fill("Lò Thị Mai")
    gate.locator("#guest-year").fill("1970")
    gate.locator("#guest").get_by_role("button", name="Ghi").click()
    expect(gate.locator("#who")).to_have_text("L. T. M., 1970")
    assert Visit.objects.count() == 2


def test_gate_without_network_reopens_and_delivers(gate: Page) -> None:
    gate.evaluate("navigator.serviceWorker.ready")
    gate.wait_for_function("caches.keys().then((names) => names.length > 0)")
    gate.context.set_offline(True)
    scan(gate, LAN)
    expect(gate.locator("#word")).to_have_text("ĐÃ GHI trên máy này")
    gate.reload()
    expect(gate.locator("body[data-queue='1']")).to_be_attached()
    assert "Lan" not in gate.evaluate(STORED)
    assert not ScanRecord.objects.exists()
    gate.context.set_offline(False)
    expect(gate.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=15_000)
    assert ScanRecord.objects.count() == 1
    assert re.search(r"\b1\b", gate.locator("#inside").inner_text())
