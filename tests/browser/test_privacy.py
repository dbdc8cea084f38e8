"""The data-protection officer's day: a breach written down and told, what is kept, the file; public counts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Assignment, Officer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_breach_is_written_down_told_and_closed(
    page: Page, live_server: LiveServer, enter: Callable[..., None], check_page: Callable[..., None]
) -> None:
    officer = Officer.objects.create_user("dpo", name="Đỗ Thu Hà")
    Assignment.objects.create(officer=officer, role="data-protection", scope_path="/")
    enter(officer)
    page.goto(f"{live_server.url}/desk")
    page.get_by_role("link", name="Bảo vệ dữ liệu").first.click()
    check_page("privacy-home")
    page.get_by_role("link", name="Ghi một vi phạm").click()
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("Ở đâu")
    page.get_by_label("Ở đâu").fill("Trạm y tế phường")
    page.get_by_label("Việc đã xảy ra").fill("Danh sách gửi nhầm nơi nhận")
    page.get_by_label("Tờ khai y tế và các quyền").check()
    page.get_by_label("Hậu quả").fill("Lộ kết quả khai báo")
    page.get_by_label("Đầu mối").fill("Cán bộ bảo vệ dữ liệu")
    check_page("privacy-breaches")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_text("phải thông báo trước")).to_be_visible()
    check_page("privacy-breach")
    page.get_by_label("Số, ngày của văn bản thông báo").fill("12/CV ngày 3/3")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_text("đã thông báo lúc")).to_be_visible()
    for address, name in (("looks", "Tra cứu"), ("kept", "Những gì được lưu"), ("file", "Hồ sơ xử lý dữ liệu")):
        page.goto(f"{live_server.url}/privacy/{address}")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        check_page(f"privacy-{address}")
    page.goto(f"{live_server.url}/privacy/numbers")
    check_page("privacy-numbers")
