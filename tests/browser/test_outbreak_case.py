"""An officer's walk: log in, open a case, see who was exposed and why, ask otherwise, correct, export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.outbreak_world import World, make_world
from vungxanh.outbreak import exposed
from vungxanh.outbreak.models import Case

PASSWORD = "drill only, nobody's"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


def test_from_log_in_to_the_list_of_the_exposed(
    page: Page,
    live_server: LiveServer,
    world: World,
    settings: Settings,
    check_page: Callable[..., None],
    enter: Callable[[Any], None],
    faults: list[str],
    tmp_path: Path,
) -> None:
    settings.DEMO = True
    enter(world.officer)
    page.goto(f"{live_server.url}/cases/")
    expect(page.get_by_text("Chưa có ca bệnh nào")).to_be_visible()
    check_page("cases-empty")
    page.get_by_role("link", name="Ca mới").click()
    page.get_by_label("Họ tên, số điện thoại hoặc số giấy tờ").fill("nguyen thi lan")
    page.get_by_role("button", name="Tìm").click()
    check_page("case-find")
    page.get_by_role("link", name="N. T. Lan, nữ, 1990").click()
    page.get_by_label("Ngày khởi phát").fill("2022-05-03")
    page.get_by_role("button", name="Mở ca và truy vết").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy cho biết ai nói ngày khởi phát")
    check_page("case-open-error")
    page.get_by_label("Nguồn của ngày này").select_option("patient")
    page.get_by_label("sốt", exact=True).check()
    page.get_by_role("button", name="Mở ca và truy vết").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("N. T. Lan, nữ, 1990")
    expect(page.get_by_role("link", name="Rút ca bệnh")).to_be_visible()
    expect(page.get_by_text("36 phút tại Sạp 12, Chợ Thái, Thứ Ba 3/5, 09:10–09:46")).to_be_visible()
    check_page("case")

    rows = page.locator("#exposed tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_label("Số phút ở cùng ít nhất").fill("25")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 người bớt")).to_be_visible()
    page.get_by_label("Quy tắc").select_option("vn.covid19.f1.11042")
    expect(page.locator("#exposed")).to_contain_text("CV 11042/BYT-DP")
    check_page("case-asked-otherwise")

    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất XLSX").click()
    file = tmp_path / "contacts.xlsx"
    download.value.save_as(file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert str(sheet["A1"].value).startswith("DIỄN TẬP")

    page.get_by_role("link", name="Sửa các ngày").click()
    page.get_by_label("Ngày khởi phát").fill("2022-05-05")
    page.get_by_label("Lý do thay đổi").fill("phỏng vấn lại")
    check_page("case-correct")
    page.get_by_role("button", name="Sửa các ngày").click()
    expect(page.get_by_text("Danh sách người tiếp xúc đã được tính lại")).to_be_visible()
    expect(page.locator("#exposed tbody tr")).to_have_count(2)


def test_log_in_page_leads_to_the_cases(
    page: Page, live_server: LiveServer, world: World, check_page: Callable[..., None], faults: list[str]
) -> None:
    world.officer.set_password(PASSWORD)
    world.officer.save()
    page.goto(f"{live_server.url}/cases/")
    check_page("login")
    page.locator("input[name=login]").fill("cdc")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("heading", name="Ca bệnh", level=1)).to_be_visible()


def test_keyboard_opens_a_case(
    page: Page, live_server: LiveServer, world: World, enter: Callable[[Any], None], faults: list[str]
) -> None:
    case: Case = world.open_case()
    enter(world.officer)
    page.goto(f"{live_server.url}/cases/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/cases/{case.pk}")
