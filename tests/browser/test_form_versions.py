"""A new version of a form, made and put in force in the browser, is what the next citizen is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_declarations import choose, go_on
from vungxanh.people.models import Assignment, Officer

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[..., None]


def test_a_question_is_added_tried_and_asked(
    page: Page, live_server: LiveServer, check_page: Check, enter: Callable[[Any], None], browser: Any
) -> None:
    director = Officer.objects.create_user("lanhdao", password="x", name="Lãnh đạo CDC")
    Assignment.objects.create(officer=director, role="cdc-director", scope_path="/19/")
    enter(director)
    page.goto(f"{live_server.url}/declare/desk/forms")
    check_page("forms-versions")
    page.get_by_role("button", name="Lập phiên bản mới Khai báo y tế toàn dân").click()
    check_page("forms-version")
    page.get_by_role("link", name="Thêm câu hỏi").click()
    page.get_by_label("Câu hỏi, tiếng Việt").fill("Mất vị giác")
    page.get_by_label("Câu hỏi, tiếng Anh").fill("Loss of taste")
    page.get_by_label("Loại câu trả lời").select_option("yesno")
    page.get_by_label("Bắt buộc trả lời").check()
    page.get_by_label("Nhóm", exact=True).fill("sign")
    page.get_by_label("Ở trang").select_option("signs")
    check_page("forms-question")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Xem như người dân sẽ thấy").click()
    expect(page.get_by_role("group", name="Mất vị giác")).to_be_visible()
    check_page("forms-preview")
    page.get_by_role("link", name="Quay lại").click()
    page.get_by_role("link", name="Thử với câu trả lời mẫu").click()
    page.get_by_role("button", name="Thử", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("không được nhận")
    check_page("forms-try")
    page.get_by_role("link", name="Quay lại").click()
    page.get_by_role("button", name="Ban hành").click()
    expect(page.get_by_role("status").first).to_contain_text("có hiệu lực từ")
    citizen = browser.new_context(locale="vi-VN", viewport={"width": 360, "height": 740}).new_page()
    citizen.goto(f"{live_server.url}/declare/population/")
    citizen.get_by_text("Cho bản thân").click()
    go_on(citizen)
    citizen.goto(f"{live_server.url}/declare/population/signs")
    choose(citizen, "Mất vị giác", "Có")
    citizen.context.close()
