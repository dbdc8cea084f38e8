"""Messages, hotline and reserves: every page accessible, nothing scrolls sideways, photographed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import officer
from tests.functional.test_command_inspection import market
from vungxanh.command.models import Inspection
from vungxanh.people.models import Organisation


@pytest.mark.django_db(transaction=True)
def test_a_message_from_draft_to_withdrawal(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    author, director = officer("Người Soạn", "cdc-officer", "/19/"), officer("Giám Đốc", "cdc-director", "/19/")
    enter(author)
    page.goto(f"{live_server.url}/command/messages/new")
    page.get_by_label("Tiêu đề", exact=True).fill("Khai báo khi đến Chợ Mẫu")
    page.get_by_label("Sự việc, mỗi câu một dòng").fill("Ngày 3/5 có ca bệnh tại chợ")
    page.get_by_label("Việc cần làm, mỗi việc một dòng").fill("Ai đến chợ từ 7h đến 9h xin khai báo")
    page.get_by_label("Có hiệu lực từ").fill("2026-08-01")
    check_page("command-message-edit")
    page.get_by_role("button", name="Lưu và xem ở mọi hình thức").click()
    expect(page.get_by_text("Cần người khác duyệt trước khi sử dụng.")).to_be_visible()
    address = page.url

    enter(director)
    page.goto(address)
    page.get_by_role("button", name="Duyệt").click()
    page.get_by_label("Ở đâu").fill("Loa xã An Minh")
    page.get_by_role("button", name="Ghi nhận").click()
    check_page("command-message")
    wait = "film.ontimeupdate = () => film.currentTime > 1 && done(true)"
    played = f"film => new Promise(done => {{ {wait}; film.play() }})"
    assert page.locator("video").evaluate(played)
    shown = page.locator("video").evaluate("film => [film.videoWidth, film.videoHeight, film.duration]")
    assert shown[:2] == [720, 720]
    assert shown[2] == pytest.approx(
        3.8 + 4.2 + 5.6 + 5.0, abs=0.2
    )  # 6, 7 and 10 words at 2.2 a second, and the end
    page.locator("video").evaluate("film => film.pause()")
    page.get_by_text("Thu hồi thông điệp này").click()
    page.get_by_label("Lý do").fill("Sai ngày")
    page.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_role("heading", name="Cần đính chính")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_hotline_and_reserves(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(officer("Trực Máy", "hotline", "/19/"))
    page.goto(f"{live_server.url}/command/hotline")
    page.get_by_label("Nội dung người gọi kể").fill("Ba người cùng nhà trọ sốt từ hôm qua")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_text("Sự kiện không phải ca bệnh")).to_be_visible()
    check_page("command-event")
    page.goto(f"{live_server.url}/command/hotline")
    check_page("command-hotline")

    enter(officer("Công Thương", "industry-trade-officer", "/19/"))
    page.goto(f"{live_server.url}/command/reserves")
    page.get_by_label("Mặt hàng").select_option("rice")
    page.get_by_label("Ở đâu").fill("Kho huyện")
    page.get_by_label("Số lượng").fill("1300")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_role("row", name="Gạo")).to_contain_text("1.300")
    check_page("command-reserves")


@pytest.mark.django_db(transaction=True)
def test_a_visit_by_the_days_checklist_a_referral_and_its_answer(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    place = market("Chợ Mẫu")
    Organisation.objects.create(
        code="d", name="Sở Công Thương", kind="department", sector="industry-trade", scope_path="/19/"
    )
    enter(officer("Thanh Tra", "industry-trade-officer", "/19/"))
    page.goto(f"{live_server.url}/command/inspections")
    check_page("command-inspections")
    page.get_by_role("link", name="Chợ Mẫu").click()
    for group in page.locator("fieldset .nhsuk-radios--inline").all():
        group.get_by_label("đạt", exact=True).check()
    page.locator("#qr-absent").check()
    page.get_by_text("Chuyển cơ quan khác").click()
    page.locator("#refer_to").select_option(label="Sở Công Thương")
    page.locator("#why").fill("Đã nhắc ba lần")
    check_page("command-inspect")
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.get_by_text("Mã QR điểm kiểm dịch, quét vào và ra: chưa có")).to_be_visible()
    page.locator("input[name=text]").fill("Đã làm việc với ban quản lý chợ")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã làm việc với ban quản lý chợ")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Checkpoint QR, scanned in and out: not there")).to_be_visible()
    check_page("command-inspect-en")
    assert Inspection.objects.get(place=place).answered_at is not None
