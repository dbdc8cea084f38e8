"""Documents before a lens: the lines of a passport in a photograph, a code before the desk's camera.

The photographs in `data` are specimens of nobody: drawn in OCR-B, tilted by two and three degrees, blurred, noisy,
unevenly lit. One has a wrong check digit.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.camera import seeing
from tests.browser.test_border_offline import code_of
from tests.functional.test_border_flow import declare, officer

pytestmark = pytest.mark.django_db(transaction=True)

DATA = Path(__file__).parent / "data"
SLOW = 20_000  # a second on a phone, more on a machine that others load


def test_a_photograph_fills_the_form_and_opens_the_entry(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(f"{live_server.url}/entry/")
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_label("Cửa khẩu").select_option("HAN")
    page.get_by_label("Ngày nhập cảnh").fill(timezone.localdate().strftime("%d/%m/%Y"))
    page.get_by_role("button", name="Tiếp tục").click()
    lens = page.get_by_label("Hoặc chụp các dòng")
    lens.set_input_files(DATA / "passport-wrong-digit.jpg")
    expect(page.get_by_text("Không đọc chắc chắn được")).to_be_visible(timeout=SLOW)
    expect(page.get_by_label("Họ và tên")).to_have_value("")
    lens.set_input_files(DATA / "passport.jpg")
    expect(page.get_by_text("mọi số kiểm tra đều đúng")).to_be_visible(timeout=SLOW)
    expect(page.get_by_label("Họ và tên")).to_have_value("Nguyen Van An")
    check_page("border-photograph")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Hộ chiếu")).to_be_checked()
    expect(page.get_by_label("Quốc tịch")).to_have_value("VNM")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Số giấy tờ")).to_have_value("B1234567")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Năm sinh")).to_have_value("1990")
    expect(page.get_by_label("Nam", exact=True)).to_be_checked()
    assert not [body for body in sent if "JFIF" in body or "filename" in body]  # no picture left the device

    declare()
    by_card = declare(document_kind="cccd", document="019190004321", full_name="Đặng Thị Hoa Mai", sex="2")
    enter(officer("Kiểm dịch"))
    for photograph, name in (("passport.jpg", "Nguyễn Văn An"), ("card.jpg", "Đặng Thị Hoa Mai")):
        page.goto(f"{live_server.url}/border/")
        page.get_by_label("Hoặc chụp các dòng").set_input_files(DATA / photograph)
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=SLOW)
    assert page.url.split("?")[0].endswith(f"/border/entries/{by_card.pk}")


def test_a_code_before_the_desk_s_camera_opens_the_entry_within_a_second(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> None:
    row = declare()
    enter(officer("Kiểm dịch"))
    with seeing([code_of(row)], browser_type, browser_type_launch_args, tmp_path) as lens:
        lens.context.add_cookies([one for one in page.context.cookies() if one["name"] == "sessionid"])  # type: ignore[arg-type]
        lens.goto(f"{live_server.url}/border/")
        lens.evaluate("addEventListener('submit', () => sessionStorage.setItem('scanned', Date.now()))")
        lens.get_by_role("button", name="Dùng camera").click()
        expect(lens.get_by_role("heading", name="Nguyễn Văn An")).to_be_visible(timeout=15_000)
        shown = lens.evaluate("performance.timeOrigin + performance.getEntriesByType('paint').at(-1).startTime")
        assert shown - int(lens.evaluate("sessionStorage.getItem('scanned')")) <= 1000  # scan to screen
