"""From a declaration on a bus to the commune's telephone; taps of a new and a returning person; weight."""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_declarations import choose, go_on
from vungxanh.declarations import actions
from vungxanh.people.models import Assignment, Officer

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 740}
#: seconds a tap with finding it, and a character on a telephone's keyboard, as reckoned for this test
TAP, CHARACTER = 0.9, 0.35


def said(text: str) -> None:
    """Figures for whoever runs the tests with -s."""
    sys.stdout.write(f"{text}\n")


class Hand:
    """Counts what a person does: taps, and characters typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.characters, self.fields = page, 0, 0, 0

    def fill(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)
        self.taps, self.fields, self.characters = self.taps + 1, self.fields + 1, self.characters + len(text)

    def choose(self, legend: str, answer: str) -> None:
        choose(self.page, legend, answer)
        self.taps += 1

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.taps += 1

    @property
    def seconds(self) -> float:
        return self.taps * TAP + self.characters * CHARACTER


def signs(hand: Hand) -> None:
    for sign in ("Sốt", "Ho", "Khó thở", "Viêm phổi (bác sĩ đã nói)", "Đau họng", "Mệt mỏi"):
        hand.choose(sign, "Không")
    hand.tap("Tiếp tục")
    for who in hand.page.get_by_role("group").all():
        who.get_by_text("Không", exact=True).click()
        hand.taps += 1
    hand.tap("Tiếp tục")
    hand.page.get_by_label("Tôi đồng ý").check()
    hand.taps += 1
    hand.tap("Tiếp tục")
    hand.tap("Gửi")


def about(hand: Hand) -> None:
    hand.page.get_by_text("Cho bản thân").click()
    hand.taps += 1
    hand.tap("Tiếp tục")
    hand.fill("#full_name", "Nông Thị Lan")
    hand.tap("Tiếp tục")
    hand.tap("Tiếp tục")
    hand.fill("#birth_year", "1990")
    hand.choose("Giới tính", "Nữ")
    hand.page.get_by_label("Quốc tịch").select_option("VNM")
    hand.taps += 2
    hand.tap("Tiếp tục")
    hand.fill("#commune", "Phan Đình Phùng, Thái Nguyên")
    hand.fill("#address", "Tổ 5")
    hand.tap("Tiếp tục")
    if hand.page.get_by_text("Là nơi nào dưới đây?").count():
        hand.page.get_by_text("Phường Phan Đình Phùng, Tỉnh Thái Nguyên", exact=True).click()
        hand.taps += 1
        hand.tap("Tiếp tục")
    hand.fill("#phone", "0944713700")
    hand.tap("Tiếp tục")


def test_a_new_person_takes_two_minutes_and_a_returning_one_twenty_seconds(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/declare/population/")
    new = Hand(page)
    about(new)
    new.choose("Đã đến nơi khác", "Không")
    new.tap("Tiếp tục")
    signs(new)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận tờ khai")
    page.goto(f"{live_server.url}/declare/population/")
    again = Hand(page)
    page.get_by_text("N. T. Lan, nữ, 1990").click()
    again.taps += 1
    again.tap("Tiếp tục")
    again.choose("Đã đến nơi khác", "Không")
    again.tap("Tiếp tục")
    signs(again)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận tờ khai")
    said(f"new: {new.taps} taps, {new.fields} fields, {new.characters} characters, {new.seconds:.0f} s")
    said(f"returning: {again.taps} taps, {again.fields} fields, {again.seconds:.0f} s")
    assert new.seconds <= 120
    assert again.fields == 0
    assert again.seconds <= 20


@pytest.fixture
def as_served(transactional_db: None) -> Iterator[str]:
    """The house as it is served: the middleware hands out the compressed twins of the built files."""
    thread = LiveServerThread("127.0.0.1", lambda handler: handler, connections_override=None)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def test_the_first_page_is_light(page: Page, as_served: str) -> None:
    sizes: dict[str, int] = {}
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    kinds: dict[str, str] = {}
    client.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    client.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    throttle = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
    client.send("Network.emulateNetworkConditions", throttle)  # 1.6 Mbit/s, 150 ms: "fast 3G"
    page.goto(f"{as_served}/declare/")
    seen = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    fonts = sum(size for number, size in sizes.items() if kinds.get(number) == "Font")
    rest = sum(size for number, size in sizes.items() if kinds.get(number) != "Font")
    said(f"first page: {rest} bytes and {fonts} of fonts, first contents after {seen:.0f} ms")
    assert rest <= 60 * 1024
    assert fonts <= 70 * 1024


def test_a_declaration_on_a_bus_is_on_the_communes_telephone(
    page: Page, live_server: LiveServer, enter: Callable[[Any], None], check_page: Callable[..., None]
) -> None:
    today = timezone.localdate()
    actions.list_area(
        disease="covid19", code="26740", since=today - timedelta(days=20), basis="QĐ 7/QĐ-DT", by=None
    )
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/declare/population/")
    hand = Hand(page)
    about(hand)
    hand.choose("Đã đến nơi khác", "Có")
    hand.tap("Tiếp tục")
    page.locator("#places-0-place").fill("Bến Nghé, Thành phố Hồ Chí Minh")
    page.locator("#places-0-from").fill((today - timedelta(days=3)).isoformat())
    page.locator("#places-0-to").fill((today - timedelta(days=1)).isoformat())
    page.locator("#places-0-means").select_option("coach")
    page.locator("#places-0-vehicle").fill("20B-123.45")
    page.locator("#places-0-seat").fill("12")
    go_on(page)
    signs(hand)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn về từ nơi có trong danh sách vùng dịch")
    team = Officer.objects.create_user("to", password="x", name="Tổ cộng đồng")
    Assignment.objects.create(officer=team, role="community-team", scope_path="/19/05443/")
    enter(team)
    page.goto(f"{live_server.url}/work/")
    card = page.locator(".vx-work-card")
    expect(card).to_contain_text("N. T. Lan, nữ, 1990")
    expect(card).to_contain_text("Phường Sài Gòn")
    expect(card).to_contain_text("Đi bằng xe khách 20B-123.45, ghế 12")
    check_page("returnee-work-list")
