"""A dispatch of two pages, read, corrected and sent to every commune of the country by one person."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import officer
from vungxanh.command.models import Charge, Directive, Receipt
from vungxanh.people.models import Organisation

COMMUNES = 3321
#: a person reads each duty against the paper: half a minute each is generous
READING = 30.0

HEAD = """BAN CHỈ ĐẠO QUỐC GIA MINH HỌA
Số: 77/CV-BCĐ
Hà Nội, ngày 06 tháng 8 năm 2026
V/v tăng cường ghi nhận người đến và đi tại nơi công cộng
Kính gửi: UBND các xã, phường, đặc khu
Thực hiện Nghị quyết số 21/NQ-CP ngày 01/8/2026 của Chính phủ và Công văn số 12/BYT-PB ngày 03/8/2026 của Bộ Y tế,
Ban Chỉ đạo đề nghị:
"""
ITEMS = [
    ("kiểm tra mã QR tại từng cổng chợ, bến xe trên địa bàn, thay mã hỏng", "trước ngày 10/8/2026"),
    ("đăng ký địa điểm cho toàn bộ trường học, cơ sở khám bệnh, cơ sở lưu trú", "trước ngày 15/8/2026"),
    ("tổ chức phát loa truyền thanh nội dung hướng dẫn quét mã hai lần mỗi ngày", "hằng ngày"),
    ("rà soát người về từ vùng dịch, lập danh sách và theo dõi sức khỏe tại nơi cư trú", "hằng ngày"),
    ("bố trí người trực tại bộ phận một cửa để hướng dẫn người không có điện thoại", "trước ngày 12/8/2026"),
    ("kiểm kê khẩu trang, nước sát khuẩn, lương thực dự trữ và nguồn cung", "trước ngày 20/8/2026"),
    ("tập huấn người phụ trách cổng chợ, siêu thị, nhà máy về vận hành điểm quét", "trước ngày 18/8/2026"),
    ("báo cáo kết quả thực hiện, khó khăn, vướng mắc về Ban Chỉ đạo", "hằng tuần"),
]
REASON = (
    "; việc này cần làm đồng bộ với các biện pháp đã triển khai, phân công người chịu trách nhiệm từng địa điểm, "
    "ghi rõ thời gian hoàn thành, không gây ùn tắc và không thu thêm giấy tờ của người dân"
)
TEXT = HEAD + "\n".join(
    f"{number}. UBND các xã, phường, đặc khu {what}{REASON}, {when}."
    for number, (what, when) in enumerate(ITEMS, start=1)
)


@pytest.mark.django_db(transaction=True)
def test_a_dispatch_reaches_every_commune_well_within_ten_minutes(
    page: Page, live_server: LiveServer, enter: Callable[[object], None], faults: list[str]
) -> None:
    assert len(TEXT.split()) > 500  # two pages
    paths = [f"/{number % 34}/{number}/" for number in range(COMMUNES)]
    Organisation.objects.bulk_create(
        Organisation(
            code=f"c{number}",
            name=f"UBND xã {number}",
            kind="commune-committee",
            sector="government",
            scope_path=path,
        )
        for number, path in enumerate(paths)
    )
    enter(officer("Trưởng ban", "chairman", "/"))
    begun = time.monotonic()
    page.goto(f"{live_server.url}/command/new")
    page.get_by_label("Nội dung văn bản").fill(TEXT)
    page.get_by_role("button", name="Đọc văn bản").click()
    expect(page.get_by_label("Số", exact=True)).to_have_value("77")
    duties = page.get_by_label("Nhiệm vụ")
    expect(duties).to_have_count(len(ITEMS) + 1)  # and one more, empty
    expect(page.locator("#id_duty-0-to")).to_have_values(["kind:commune-committee"])
    page.get_by_label("Hạn").nth(1).fill("2026-08-16T17:00")  # the official corrects a day
    page.get_by_role("button", name="Ban hành và gửi").click()
    expect(page.get_by_text(f"gửi tới {COMMUNES} đơn vị")).to_be_visible(timeout=60_000)
    machine = time.monotonic() - begun
    person = machine + len(ITEMS) * READING
    assert person < 600, f"{machine:.0f} s of waiting and {len(ITEMS)} duties read"
    assert Receipt.objects.count() == COMMUNES
    assert Charge.objects.count() == COMMUNES * len(ITEMS)
    assert Directive.objects.get().duties.get(position=1).due.day == 16  # type: ignore[union-attr]
