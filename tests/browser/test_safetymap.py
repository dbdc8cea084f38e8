"""Assess on a phone → inspect → publish → map, photographed at every step."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import COMMUNE, level_of, place
from vungxanh.rules.criteria import criteria_set
from vungxanh.safetymap import actions, keeper
from vungxanh.zoning import actions as zoning

pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}


def answer_all(page: Page, count: int, failing: int | None = None) -> None:
    for number in range(count):
        page.get_by_label("Không, hoặc chưa đủ" if number == failing else "Có, đủ mọi phần").check()
        page.get_by_role("button", name="Lưu và tiếp tục").click()


def test_from_the_keepers_phone_to_the_public_map(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    shop = place(name="Cửa hàng Hoa Mai")
    chairman = officer("Lê Chủ Tịch", "chairman", "/19/")
    inspector = officer("Trần Kiểm Tra", "cdc-officer", "/19/")
    items = len(criteria_set("vx-general").asked_of("shop"))

    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/safety/keeper?k={keeper.token(shop.pk)}")
    check_page("safety-choose")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Bắt đầu hoặc làm tiếp").click()
    check_page("safety-item")
    page.set_viewport_size(PHONE)
    answer_all(page, items, failing=2)
    check_page("safety-review")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đạt")
    check_page("safety-result")

    enter(inspector)
    page.goto(f"{live_server.url}/safety/")
    check_page("safety-desk")
    page.get_by_role("link", name="Cửa hàng Hoa Mai").click()
    page.get_by_role("link", name="Đánh giá").click()
    page.get_by_role("button", name="Bắt đầu hoặc làm tiếp").click()
    answer_all(page, items, failing=0)
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa đạt")
    page.goto(f"{live_server.url}/safety/place/{shop.pk}")
    expect(page.get_by_text("Khác nhau ở tiêu chí: 1, 3")).to_be_visible()
    check_page("safety-desk-place")

    enter(chairman)
    drafted = level_of({"group": "B", "endemic": False, "linked_cases_month": 9})
    zoning.decide_level(by=chairman, draft=drafted)
    page.goto(f"{live_server.url}/safety/")
    page.get_by_role("button", name="Công bố những gì đã quyết định").click()
    expect(page.get_by_text("Đã công bố. Mọi người đều xem được.")).to_be_visible()

    sent: list[int] = []
    page.on("requestfinished", lambda request: sent.append(request.sizes()["responseBodySize"]))
    page.goto(f"{live_server.url}/map/")
    expect(page.get_by_text("Có dịch").first).to_be_visible()
    assert sum(sent) < 150_000, f"the first view weighs {sum(sent)} bytes"
    check_page("safety-public")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Mở bản đồ động").click()
    expect(page.locator("#live-map[data-ready=yes]")).to_be_visible(timeout=20_000)
    expect(page.locator(".vx-map-label", has_text="BIỂN ĐÔNG")).to_have_count(1)
    page.get_by_role("button", name="Toàn quốc").click()
    expect(page.locator(".vx-map-label", has_text="Quần đảo Hoàng Sa")).to_be_in_viewport()
    check_page("safety-live-map")
    page.get_by_role("link", name="Cửa hàng Hoa Mai").click()
    check_page("safety-place")
    page.goto(f"{live_server.url}/map/commune/{COMMUNE}")
    check_page("safety-commune")


def test_an_exposed_place_needs_a_second_officer(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    market = place("market", "Chợ Tích Lương")
    first, second = officer("Lê Một", "cdc-officer", "/19/"), officer("Lê Hai", "chairman", "/19/")
    enter(first)
    page.goto(f"{live_server.url}/safety/exposed")
    page.get_by_label("Số của địa điểm").fill(str(market.pk))
    page.get_by_label("Từ").fill("2026-11-20T09:10")
    page.get_by_label("Đến").fill("2026-11-20T09:46")
    page.get_by_label("Người dân cần làm gì").fill("Theo dõi sức khỏe 7 ngày")
    page.get_by_role("button", name="Đề xuất").click()
    page.get_by_role("button", name="Đã báo người liên quan").click()
    expect(page.get_by_text("chờ người thứ hai duyệt")).to_be_visible()
    expect(page.get_by_role("button", name="Duyệt công bố")).to_have_count(0)
    check_page("safety-exposed")
    enter(second)
    page.goto(f"{live_server.url}/safety/exposed")
    page.get_by_role("button", name="Duyệt công bố").click()
    expect(page.get_by_text("đã công bố")).to_be_visible()
    actions.publish(by=second)
    page.goto(f"{live_server.url}/map/?q=tich luong")
    expect(page.get_by_text("09:10–09:46")).to_be_visible()
    check_page("safety-public-exposed")


def test_nothing_published_says_so(
    page: Page, live_server: LiveServer, check_page: Callable[..., None], faults: list[str]
) -> None:
    page.goto(f"{live_server.url}/map/")
    expect(page.get_by_text("Chưa công bố gì")).to_be_visible()
    check_page("safety-public-empty")
