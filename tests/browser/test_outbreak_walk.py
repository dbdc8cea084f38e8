"""An outbreak from its first list to its report: imported, traced, called, ordered, signed, followed, certified.

Each page is looked at. Once the list is in, today stands still on 8 May 2022, then on the last day to follow up.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_outbreak_import import ROWS, workbook
from tests.outbreak_world import World, make_officer, make_world
from vungxanh.core.minutes import VIETNAM
from vungxanh.outbreak import exposed
from vungxanh.outbreak.intake import run
from vungxanh.outbreak.models import Case, Check, FollowUp, Order
from vungxanh.outbreak.out import report_actions


class Calendar:
    """A day that stands still once it is set; a moment keeps its own."""

    def __init__(self) -> None:
        self.today: date | None = None

    def localdate(self, value: datetime | None = None, timezone: object = None) -> date:
        now = value or datetime.now(ZoneInfo(VIETNAM))
        return self.today if self.today and value is None else now.astimezone(ZoneInfo(VIETNAM)).date()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    made = Calendar()
    monkeypatch.setattr("django.utils.timezone.localdate", made.localdate)
    return made


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


def test_from_a_list_to_a_report(
    page: Page,
    live_server: LiveServer,
    world: World,
    calendar: Calendar,
    tmp_path: Path,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(world.officer)
    rows = [list(row) for row in ROWS]
    rows[1][9] = "31/02/2022"
    file = tmp_path / "ds.xlsx"
    file.write_bytes(workbook(rows))
    page.goto(f"{live_server.url}/cases/import")
    page.get_by_label("Tệp (XLSX, XLS, ODS, CSV)").set_input_files(file)
    page.get_by_label("Nơi gửi").fill("TYT Phan Đình Phùng")
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_label("Nghĩa là: Ngày khởi phát")).to_have_value("onset")
    page.get_by_role("button", name="Cột đã đúng").click()
    expect(page.get_by_text("Không phải ngày.")).to_be_visible()
    check_page("import-preview")
    page.get_by_role("button", name="Nhập 2 dòng").click()
    run.run_waiting()
    expect(page.get_by_text("Đã đọc xong 2 dòng.")).to_be_visible(timeout=10_000)
    check_page("import-done")
    page.get_by_role("link", name="Quyết định 1 dòng").click()
    check_page("import-held")
    page.get_by_text("Cùng một người:").first.click()
    page.get_by_role("button", name="Lưu quyết định").click()
    expect(page.get_by_text("Đã quyết định 1 dòng.")).to_be_visible()
    case = Case.objects.get(person=world.lan)
    calendar.today = date(2022, 5, 8)
    page.goto(f"{live_server.url}/cases/{case.pk}")
    expect(page.get_by_role("heading", name="Người tiếp xúc")).to_be_visible()
    page.get_by_role("button", name="Lưu danh sách").click()
    expect(page.get_by_text("đã lưu")).to_be_visible()
    check_page("case-kept")
    page.goto(f"{live_server.url}/cases/{case.pk}/interview?place_q=phong")
    check_page("interview")
    page.goto(f"{live_server.url}/cases/{case.pk}/tests")
    check_page("tests")
    page.goto(f"{live_server.url}/cases/call/{world.mai}")
    check_page("call", both=False)
    ordered(page, live_server, case, enter, check_page)
    followed(page, live_server, world, calendar, enter, check_page)
    report_actions.prepare()
    for name in ("reports", "export", "overview", "brief", "misses", "capacity", "duplicates", "contacts"):
        page.goto(f"{live_server.url}/cases/{name}")
        check_page(f"workbench-{name}")
    page.goto(f"{live_server.url}/sk")
    check_page("self-report")


def ordered(
    page: Page, live_server: LiveServer, case: Case, enter: Callable[[Any], None], check_page: Callable[..., None]
) -> None:
    """Drafted for the contacts, signed by the director's word, told; the letter read back from its PDF."""
    page.goto(f"{live_server.url}/cases/{case.pk}")
    page.get_by_role("button", name="Lập dự thảo quyết định").click()
    page.wait_for_url(lambda url: url.endswith("/cases/orders"))
    enter(make_officer("director", role="cdc-director"))
    page.goto(f"{live_server.url}/cases/orders")
    page.get_by_label("Chọn", exact=True).check()
    page.get_by_label("Họ tên người ký").fill("Trần Thử")
    page.get_by_label("Chức vụ").fill("Chủ tịch UBND phường")
    page.get_by_role("button", name="Đã ký").click()
    expect(page.get_by_text("Trần Thử, Chủ tịch UBND phường").first).to_be_visible()
    check_page("orders-signed")
    assert "TRẦN THỬ" in letters(page).upper()
    page.get_by_label("Chọn", exact=True).check()
    page.get_by_role("button", name="Đã thông báo").click()
    expect(page.get_by_text("đã xong.")).to_be_visible()


def letters(page: Page) -> str:
    page.get_by_label("Chọn", exact=True).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Văn bản PDF").click()
    return " ".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)


def followed(
    page: Page,
    live_server: LiveServer,
    world: World,
    calendar: Calendar,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
) -> None:
    """Well on every day to the last; the certificate of the follow-up and of the isolation."""
    enter(world.officer)
    calendar.today = max(FollowUp.objects.values_list("until", flat=True))
    page.goto(f"{live_server.url}/cases/today")
    check_page("today-last-day")
    for box in page.locator("select[name^=outcome-]").all():
        box.select_option("well")
    page.get_by_role("button", name="Lưu những gì đã nhập").click()
    expect(page.get_by_text("Hôm nay không có việc đến hạn")).to_be_visible()
    assert not Check.objects.filter(outcome="").exists()
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"completed"}
    with page.expect_download() as download:
        page.get_by_role("link", name="giấy xác nhận").click()
    assert len(PdfReader(download.value.path()).pages) == FollowUp.objects.count()
    enter(make_officer("chair", role="cdc-director"))
    page.goto(f"{live_server.url}/cases/orders")
    page.get_by_label("Chọn", exact=True).check()
    page.get_by_role("button", name="Đã kết thúc").click()
    expect(page.get_by_text("đã xong.")).to_be_visible()
    assert set(Order.objects.values_list("status", flat=True)) == {"ended"}
    page.goto(f"{live_server.url}/cases/orders?status=ended")
    check_page("orders-ended", both=False)
    assert "XÁC NHẬN" in letters(page).upper()
    enter(world.officer)
