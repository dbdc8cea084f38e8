"""A traveller declares on a phone; the desk scans the code on the screen, holds, and the clocks run."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_border_flow import declare, officer


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Tiếp tục").click()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill_in(page: Page) -> None:
    """Every page of the form, as somebody in good health would."""
    today = timezone.localdate()
    page.get_by_label("Cửa khẩu").select_option("HAN")
    page.get_by_label("Ngày nhập cảnh").fill(today.strftime("%d/%m/%Y"))
    go_on(page)
    page.get_by_label("Họ và tên").fill("Nguyễn Văn An")
    go_on(page)
    page.get_by_label("Hộ chiếu").check()
    page.get_by_label("Quốc tịch").select_option("VNM")
    go_on(page)
    expect(page.get_by_text("Còn một câu cần trả lời")).to_be_visible()
    page.get_by_label("Số giấy tờ").fill("B1234567")
    go_on(page)
    page.get_by_label("Năm sinh").fill("1990")
    page.get_by_label("Nam", exact=True).check()
    go_on(page)
    page.get_by_label("Máy bay").check()
    choose(page, "lái xe hoặc phụ xe", "Không")
    go_on(page)
    page.get_by_label("Số hiệu chuyến bay").fill("HVN036")
    page.get_by_label("Số ghế").fill("12a")
    go_on(page)
    page.get_by_label("Nước khởi hành").select_option("DEU")
    page.get_by_label("Ngày khởi hành").fill((today - timedelta(days=1)).strftime("%d/%m/%Y"))
    go_on(page)
    choose(page, "chuyến nối nào không", "Không")
    go_on(page)
    page.get_by_label("Đi một mình").check()
    go_on(page)
    choose(page, "nước nào khác nữa", "Không")
    go_on(page)
    for group in page.get_by_role("group").all():
        group.get_by_label("Không", exact=True).check()
    go_on(page)
    for group in page.get_by_role("group").all():
        group.get_by_label("Không", exact=True).check()
    go_on(page)
    page.get_by_label("Chưa xét nghiệm").check()
    go_on(page)
    page.get_by_label("Xã, phường hoặc đặc khu").fill("Phan Đình Phùng, Thái Nguyên")
    page.get_by_label("Nhà riêng").check()
    page.get_by_label("Khách sạn hoặc số nhà").fill("Tổ 5")
    go_on(page)
    page.get_by_label("Số điện thoại").fill("0944 713 700")
    go_on(page)


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_desk(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    page.goto(f"{live_server.url}/entry/")
    check_page("border-start")
    page.get_by_role("button", name="Bắt đầu").click()
    check_page("border-ask")
    fill_in(page)
    check_page("border-check")
    page.get_by_role("button", name="Gửi tờ khai").click()
    expect(page.get_by_role("heading", name="Không có việc cần làm thêm")).to_be_visible()
    check_page("border-result")
    picture = Image.open(BytesIO(page.get_by_role("img", name="Mã QR").screenshot()))
    codes = zxingcpp.read_barcodes(picture)
    assert [code.text[:4] for code in codes] == ["VX1:"]

    enter(officer("Kiểm dịch"))
    page.goto(f"{live_server.url}/border/")
    check_page("border-desk")
    page.get_by_label("Quét mã QR").fill(codes[0].text)
    page.get_by_role("button", name="Mở").click()
    expect(page.get_by_role("heading", name="Nguyễn Văn An")).to_be_visible()
    check_page("border-entry")
    page.get_by_label("Nhiệt độ").fill("36.6")
    page.get_by_role("button", name="Cho đi tiếp").click()
    expect(page.get_by_text("được đi tiếp")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_a_hold_a_list_and_a_rule(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
) -> None:
    row = declare(near_ill=True)
    enter(officer("Kiểm dịch"))
    page.goto(f"{live_server.url}/border/entries/{row.pk}")
    page.get_by_role("button", name="Giữ lại để khám").click()
    expect(page.get_by_text("Lập danh sách").first).to_be_visible()
    check_page("border-hold")
    page.get_by_role("button", name="Đã lập danh sách").click()
    expect(page.get_by_text("đã làm đúng hạn")).to_be_visible()

    page.goto(f"{live_server.url}/border/lists")
    page.get_by_label("Số hiệu chuyến bay", exact=True).fill("VN036")
    page.get_by_label("Ngày nhập cảnh").fill(timezone.localdate().isoformat())
    page.get_by_label("Tệp").set_input_files(
        {"name": "vn36.csv", "mimeType": "text/csv", "buffer": b"Name,Passport,Seat\nLE VAN CUONG,P0000001,1A\n"}
    )
    page.get_by_role("button", name="Đọc và đối chiếu").click()
    expect(page.get_by_text("chưa khai").first).to_be_visible()
    check_page("border-list")

    enter(officer("Giám đốc", "cdc-director", "/"))
    page.goto(f"{live_server.url}/border/rules")
    check_page("border-rules")
    page.get_by_role("link", name="Rút lại vn.entry.covid19@1").click()
    check_page("border-withdraw")
    page.get_by_label("Sai ở đâu").fill("thử")
    page.get_by_label("Gõ lại mã quy tắc").fill("vn.entry.covid19@1")
    page.get_by_role("button", name="Rút lại và tính lại").click()
    expect(page.get_by_text("Đã rút lại. Tính lại 0 kết quả")).to_be_visible()
