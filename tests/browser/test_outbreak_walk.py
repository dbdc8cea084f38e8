"""A day of an officer: a list comes in, is imported, traced, followed, ordered, reported; each page looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_outbreak_import import ROWS, workbook
from tests.outbreak_world import World, make_world
from vungxanh.outbreak import exposed
from vungxanh.outbreak.intake import run
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.out import report_actions


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


def test_from_a_list_to_a_report(
    page: Page,
    live_server: LiveServer,
    world: World,
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
    page.goto(f"{live_server.url}/cases/{case.pk}")
    page.get_by_role("button", name="Lưu danh sách").click()
    page.goto(f"{live_server.url}/cases/{case.pk}/interview?place_q=phong")
    check_page("interview")
    page.goto(f"{live_server.url}/cases/{case.pk}/tests")
    check_page("tests")
    page.goto(f"{live_server.url}/cases/call/{world.mai}")
    check_page("call", both=False)
    report_actions.prepare()
    for name in ("reports", "export", "overview", "brief", "misses", "capacity", "duplicates", "today"):
        page.goto(f"{live_server.url}/cases/{name}")
        check_page(f"workbench-{name}")
    page.goto(f"{live_server.url}/sk")
    check_page("self-report")
