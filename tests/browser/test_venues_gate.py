"""A gate that is left alone: three days without network, a killed browser, a thousand people, a bad clock."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_venues_camera import REMEMBER
from vungxanh.declarations.models import Declaration
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue
from vungxanh.venues.models import ScanRecord, Tally, Venue
from vungxanh.venues.refold import settle
from vungxanh.venues.tickets import Dealing, code_of, deal

pytestmark = pytest.mark.django_db(transaction=True)

Gate = tuple[Page, Venue]
PEOPLE = 1_000


def card(number: int) -> str:
    return f"0191900{number:05d}||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"


def venue(kind: str = "market", **facts: Any) -> Venue:
    new = NewPlace(kind=kind, name="Chợ Thái", commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(**facts), phone="+84912345678")


def become_gate(page: Page, server: LiveServer, kept: Venue) -> None:
    _gate, token = open_gate(by=None, venue=kept, place=kept.place, name="Cổng 1")
    page.goto(f"{server.url}/gate/")
    page.evaluate(REMEMBER, token)
    page.reload()
    expect(page.locator("body[data-online=true]")).to_be_attached(timeout=15_000)


def stored_offline(page: Page) -> None:
    """Until the page itself is on the device, a gate cannot be reopened without network."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length > 0)")


def scan(page: Page, text: str) -> None:
    page.locator("#line").fill(text)
    page.locator("#line").press("Enter")


@pytest.fixture
def profile(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[], BrowserContext]]:
    """Open the same profile again, as after the power came back."""
    opened: list[BrowserContext] = []

    def reopen() -> BrowserContext:
        context = browser_type.launch_persistent_context(
            str(tmp_path / "profile"), **browser_type_launch_args, locale="vi-VN"
        )
        opened.append(context)
        return context

    yield reopen
    for context in opened[-1:]:
        context.close()


def kill(folder: Path) -> None:
    """The browser dies as in a power cut: no page is told, nothing is flushed."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if f"--user-data-dir={folder}" in words and not any(word.startswith("--type=") for word in words):
                os.kill(int(entry.name), signal.SIGKILL)


def test_three_days_without_network_and_a_killed_browser(
    profile: Callable[[], BrowserContext], live_server: LiveServer, tmp_path: Path
) -> None:
    began = datetime.now(UTC) - timedelta(hours=72)
    context = profile()
    page = context.pages[0]
    page.clock.install(time=began)
    become_gate(page, live_server, venue())
    stored_offline(page)
    context.set_offline(True)
    for hour, number in ((0, 1), (30, 2), (41, 3)):
        page.clock.fast_forward(hour * 3_600_000)
        scan(page, card(number))
        expect(page.locator("#word")).to_have_text("ĐÃ GHI trên máy này")
        expect(page.locator(f"body[data-queue='{number}']")).to_be_attached()
    kill(tmp_path / "profile")
    again = profile()
    page = again.pages[0]
    again.set_offline(True)
    page.goto(f"{live_server.url}/gate/")
    expect(page.locator("body[data-queue='3']")).to_be_attached(timeout=15_000)
    assert not ScanRecord.objects.exists()
    again.set_offline(False)
    expect(page.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=20_000)
    hours = [round((row.at - began).total_seconds() / 3600) for row in ScanRecord.objects.order_by("at")]
    assert hours == [0, 30, 71]


def test_a_wrong_clock_is_corrected_when_the_gate_is_back(page: Page, live_server: LiveServer) -> None:
    page.clock.install(time=datetime.now(UTC) - timedelta(hours=5))
    become_gate(page, live_server, venue())
    stored_offline(page)
    page.context.set_offline(True)
    scan(page, card(1))
    expect(page.locator("body[data-queue='1']")).to_be_attached()
    page.context.set_offline(False)
    page.clock.run_for(5_000)
    expect(page.locator("body[data-queue='0']")).to_be_attached(timeout=15_000)
    row = ScanRecord.objects.get()
    assert abs(timezone.now() - row.at) < timedelta(minutes=2)
    assert row.at - row.said_at == pytest.approx(timedelta(hours=5), abs=timedelta(minutes=1))


CROWD = """async (cards) => {
  const line = document.getElementById('line');
  const form = document.getElementById('typed');
  const before = Number(document.body.dataset.queue);
  for (const card of cards) {
    const shown = document.getElementById('answer').dataset.shown ?? '0';
    line.value = card;
    form.requestSubmit();
    while ((document.getElementById('answer').dataset.shown ?? '0') === shown)
      await new Promise((done) => setTimeout(done, 0));
  }
}"""


def test_a_thousand_people_without_network(page: Page, live_server: LiveServer) -> None:
    become_gate(page, live_server, venue())
    stored_offline(page)
    page.context.set_offline(True)
    page.wait_for_selector("body[data-online=false]", timeout=15_000)
    page.evaluate(CROWD, [card(n) for n in range(PEOPLE)])
    page.reload()
    expect(page.locator(f"body[data-queue='{PEOPLE}']")).to_be_attached(timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=60_000)
    settle()
    assert ScanRecord.objects.count() == PEOPLE
    assert ScanRecord.objects.values("person").distinct().count() == PEOPLE
    expect(page.locator("#inside")).to_contain_text("1000")


@pytest.mark.usefixtures("faults")
def test_a_declaration_is_given_on_the_spot(
    page: Page, live_server: LiveServer, check_page: Callable[..., None]
) -> None:
    become_gate(page, live_server, venue(asks="declaration"))
    scan(page, card(1))
    expect(page.locator("#word")).to_have_text("MỜI KHAI")
    expect(page.locator("#guest-who")).to_be_hidden()
    check_page("venues-gate-declare")
    began = datetime.now(UTC)
    for row in page.locator("#guest-questions fieldset").all():
        row.get_by_label("Không").check()
    page.locator("#guest").get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#word")).to_have_text("ĐÃ GHI")
    assert datetime.now(UTC) - began < timedelta(seconds=60)
    assert page.locator("#guest-questions fieldset").count() <= 6  # what staff can ask within a minute
    assert Declaration.objects.get().channel == "desk"
    scan(page, card(1))
    expect(page.locator("#answer[data-shown='3']")).to_be_attached()
    expect(page.locator("#guest")).to_be_hidden()


def test_without_network_the_questions_are_asked_too(page: Page, live_server: LiveServer) -> None:
    become_gate(page, live_server, venue(asks="declaration"))
    stored_offline(page)
    page.context.set_offline(True)
    page.wait_for_selector("body[data-online=false]", timeout=15_000)
    scan(page, card(1))
    expect(page.locator("#word")).to_have_text("MỜI KHAI")
    for row in page.locator("#guest-questions fieldset").all():
        row.get_by_label("Không").check()
    page.locator("#guest").get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#word")).to_have_text("ĐÃ GHI trên máy này")
    page.context.set_offline(False)
    expect(page.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=15_000)
    assert (ScanRecord.objects.count(), Declaration.objects.count()) == (1, 1)


@pytest.mark.usefixtures("faults")
def test_four_digits_and_a_zone_of_a_passport(page: Page, live_server: LiveServer) -> None:
    become_gate(page, live_server, venue())
    began = datetime.now(UTC)
    page.locator("#line").press_sequentially("0123 1990", delay=120)
    page.locator("#line").press("Enter")
    expect(page.locator("#who")).to_have_text("T. …0123, 1990")
    assert datetime.now(UTC) - began < timedelta(seconds=8)
    scan(page, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
    scan(page, "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
    expect(page.locator("#who")).to_have_text("E. A. M., nữ, 1974")


def test_a_market_ticket_is_read_without_network_once_a_day(page: Page, live_server: LiveServer) -> None:
    kept = venue()
    today = timezone.localdate()
    dealing = Dealing("CV 1", today, today + timedelta(days=7), tuple(range(7)), 1, 0, 24, 24)
    ticket = deal(by=None, venue=kept, dealing=dealing, households=["Hộ 12"]).tickets.get()
    become_gate(page, live_server, kept)
    stored_offline(page)
    page.context.set_offline(True)
    page.wait_for_selector("body[data-online=false]", timeout=15_000)
    scan(page, code_of(ticket))
    expect(page.locator("#word")).to_have_text("ĐÃ GHI")
    scan(page, code_of(ticket))
    expect(page.locator("#why")).to_have_text("Phiếu này đã dùng hôm nay.")
    page.locator("#count").click()
    page.context.set_offline(False)
    expect(page.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=15_000)
    assert sorted(Tally.objects.values_list("people", flat=True)) == [1, 1]
    assert not ScanRecord.objects.exists()


@pytest.mark.usefixtures("faults")
def test_a_telephone_and_a_code(
    page: Page, live_server: LiveServer, settings: Any, check_page: Callable[..., None]
) -> None:
    settings.DEMO = True
    become_gate(page, live_server, venue())
    page.get_by_role("button", name="Không có mã: khai").click()
    page.locator("#guest-name").fill("Lò Thị Mai")
    page.locator("#guest-year").fill("1970")
    page.locator("#guest-phone").fill("0912345678")
    page.locator("#guest").get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("#who")).to_have_text("L. T. M., 1970")
    page.get_by_role("button", name="Số điện thoại và mã").click()
    page.locator("#phone-number").fill("0912345678")
    page.locator("#phone-form").get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#phone-said")).not_to_be_empty()
    page.locator("#phone-code").fill(page.locator("#phone-said").inner_text())
    check_page("venues-gate-phone")
    page.locator("#phone-form").get_by_role("button", name="Tiếp tục").click()
    page.locator("#phone-people").get_by_role("button", name="L. T. M., 1970").click()
    expect(page.locator("#phone-dialog")).to_be_hidden()
    expect(page.locator("#answer[data-shown='2']")).to_be_attached()
    assert ScanRecord.objects.values("person").distinct().count() == 1
