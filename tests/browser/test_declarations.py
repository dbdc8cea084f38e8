"""Declaring in a real browser, on a phone: every page accessible, from the first page to the code."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Assignment, Officer

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[..., None]


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


def choose(page: Page, legend: str, answer: str) -> None:
    page.get_by_role("group", name=legend, exact=True).get_by_text(answer, exact=True).click()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Tiếp tục").click()


def test_from_the_first_page_to_the_code(page: Page, live_server: LiveServer, check_page: Check) -> None:
    broken: list[str] = []  # a page with faults answers 422, which the console reports: scripts alone count here
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(live_server.url)
    check_page("home-first")
    page.get_by_role("link", name="Khai báo y tế").click()
    check_page("declare-start")
    page.get_by_role("link", name="Khai báo y tế toàn dân", exact=True).click()
    check_page("declare-whom")
    page.get_by_text("Cho bản thân").click()
    go_on(page)
    check_page("declare-name")
    go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    check_page("declare-name-fault")
    page.get_by_label("Họ và tên").fill("Nông Thị Lan")
    go_on(page)
    go_on(page)  # the document is not required
    page.get_by_label("Năm sinh").fill("1990")
    choose(page, "Giới tính", "Nữ")
    page.get_by_label("Quốc tịch").select_option("VNM")
    check_page("declare-about")
    go_on(page)
    page.get_by_label("Xã, phường hoặc đặc khu").fill("Bến Nghé, Thành phố Hồ Chí Minh")
    page.get_by_label("Số nhà").fill("Tổ 5")
    go_on(page)
    page.get_by_label("Số điện thoại").fill("0944713700")
    go_on(page)
    choose(page, "Đã đến nơi khác", "Có")
    go_on(page)
    page.get_by_label("Xã, phường").fill("Tân An")
    page.get_by_label("Từ ngày").fill("2026-01-05")
    go_on(page)
    check_page("declare-which-commune")
    page.goto(f"{live_server.url}/declare/population/travel")
    choose(page, "Đã đến nơi khác", "Không")
    go_on(page)
    for sign in ("Sốt", "Khó thở", "Viêm phổi (bác sĩ đã nói)", "Đau họng", "Mệt mỏi"):
        choose(page, sign, "Không")
    choose(page, "Ho", "Có")
    go_on(page)
    check_page("declare-onset")
    page.get_by_label("Dấu hiệu đầu tiên").fill(_today(page))
    go_on(page)
    for who in page.get_by_role("group").all():
        who.get_by_text("Không", exact=True).click()
    go_on(page)
    page.get_by_label("Tôi đồng ý").check()
    check_page("declare-consent")
    go_on(page)
    check_page("declare-review")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trạm y tế sẽ gọi cho bạn")
    check_page("declare-result")
    page.goto(f"{live_server.url}/declare/mine")
    check_page("declare-mine")
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Mã của tôi")).to_be_visible()
    check_page("home-known")
    assert not broken


def _today(page: Page) -> str:
    return str(page.get_by_label("Dấu hiệu đầu tiên").get_attribute("max"))


@pytest.mark.usefixtures("faults")
def test_staff_pages(page: Page, live_server: LiveServer, check_page: Check, enter: Callable[[Any], None]) -> None:
    officer = Officer.objects.create_user("tram", password="x", name="Trạm")
    Assignment.objects.create(officer=officer, role="commune-health", scope_path="/19/05467/")
    enter(officer)
    page.goto(f"{live_server.url}/declare/desk/")
    check_page("declare-desk")
    page.get_by_role("link", name="Nhập: Khai báo y tế toàn dân").click()
    check_page("declare-key-in")


def test_question_pages_work_without_javascript(live_server: LiveServer, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{live_server.url}/declare/population/")
    page.get_by_text("Cho bản thân").click()
    go_on(page)
    page.get_by_label("Họ và tên").fill("Danh Út")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Số giấy tờ tuỳ thân")
    context.close()
