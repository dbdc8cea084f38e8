"""The desk on a device: the network is cut, it goes on working, and everything arrives once."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_border_flow import MRZ, SIGNS, declare, officer
from vungxanh.border import results
from vungxanh.border.actions import entries
from vungxanh.border.models import Declaration, DeskRecord, Review
from vungxanh.people.queries import masked

pytestmark = pytest.mark.django_db(transaction=True)


def code_of(row: Declaration) -> str:
    result = entries.current(row)
    assert result is not None
    return results.code(result, masked([row.person], "vi")[row.person])


def scan(page: Page, text: str) -> None:
    page.get_by_label("Quét mã QR").fill(text)
    page.get_by_role("button", name="Mở", exact=True).click()


def fill_paper(page: Page) -> None:
    """The long form, as somebody in good health on a flight."""
    today = timezone.localdate().strftime("%d/%m/%Y")
    form = page.locator("#declaration")
    chosen = {"gate": "HAN", "nationality": "VNM", "from_country": "DEU"}
    typed = {"entry_on": today, "full_name": "Lê Thị Mất Mạng", "birth_year": "1988", "departed_on": today,
             "commune": "Phan Đình Phùng, Thái Nguyên", "address": "Tổ 5", "phone": "0944713700"}  # fmt: skip
    for name, value in chosen.items():
        form.locator(f"[name={name}]").select_option(value)
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    for name, value in (("document_kind", "passport"), ("sex", "2"), ("mode", "air"), ("party", "alone"),
                        ("tested", "none"), ("lodging", "home")):  # fmt: skip
        form.locator(f'[name={name}][value="{value}"]').check()
    for name, value in (("document", "P7654321"), ("flight", "VN36"), ("seat", "31C")):
        form.locator(f"[name={name}]").fill(value)
    for name in ("crew", "connecting", "elsewhere", "animals", "near_ill", *SIGNS):
        form.locator(f"[name={name}][value=no]").check()


def test_a_day_without_network(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
) -> None:
    row, by_zone = declare(document="C7654321", seat="12A"), declare(seat="14C")
    enter(officer("Kiểm dịch"))
    page.goto(f"{live_server.url}/border/offline/")
    expect(page.locator("#desk[data-ready=true]")).to_be_attached()
    page.get_by_role("button", name="Tải danh sách hôm nay").click()
    expect(page.locator("#taken")).to_contain_text("Lượt nhập cảnh trên máy này: 2")
    check_page("border-offline")

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#desk[data-ready=true]")).to_be_attached()
    expect(page.get_by_text("Không có mạng. Mọi thứ được giữ trên máy")).to_be_visible()

    scan(page, code_of(row))
    expect(page.locator("#who")).to_have_text("N. V. An, nam, 1990")
    expect(page.locator("#class")).to_have_text("Không có việc cần làm thêm")
    expect(page.locator("#desk[data-look]")).to_be_attached()
    assert int(page.locator("#desk").get_attribute("data-look") or 9999) < 1000  # scan to screen, ms
    page.get_by_label("Nhiệt độ").fill("36.7")
    check_page("border-offline-entry")
    page.get_by_role("button", name="Cho đi tiếp").click()
    expect(page.locator("#desk[data-queue='1']")).to_be_attached()

    scan(page, MRZ.replace("B1234567<8", "B1234567<3"))  # the check digit by hand: 77+3+2+21+12+5+42+21 = 183
    expect(page.locator("#where")).to_have_text("VN36 · 14C")
    page.get_by_role("button", name="Giữ lại để khám").click()
    expect(page.locator("#desk[data-queue='2']")).to_be_attached()

    scan(page, "Z0000000")
    page.locator("#unknown").get_by_role("button", name="Khai cùng người tại bàn").click()
    check_page("border-offline-form")
    fill_paper(page)
    page.get_by_role("button", name="Giữ tờ khai này").click()
    expect(page.locator("#who")).to_have_text("Vừa khai tại đây")
    page.get_by_role("button", name="Cho đi tiếp").click()
    expect(page.locator("#desk[data-queue='4']")).to_be_attached()
    page.reload()  # what was kept survives the page
    expect(page.locator("#desk[data-queue='4']")).to_be_attached()
    assert Review.objects.count() == 0

    page.context.set_offline(False)
    expect(page.locator("#desk[data-queue='0']")).to_be_attached(timeout=15_000)
    outcomes = dict(Review.objects.values_list("declaration__seat", "outcome"))
    assert outcomes == {"12A": "release", "14C": "hold", "31C": "release"}
    assert set(DeskRecord.objects.values_list("state", flat=True)) == {"taken"}
    assert Declaration.objects.count() == 3
    assert by_zone.pk in set(Review.objects.values_list("declaration", flat=True))
