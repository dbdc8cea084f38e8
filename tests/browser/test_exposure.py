"""An officer gives a code; a second officer agrees to a recall; anybody looks for the keys of a receipt."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.exposure import signing
from vungxanh.exposure.export_job import folder
from vungxanh.people.models import Assignment, Officer


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    yield
    signing.forget()


def officer(name: str) -> Officer:
    made = Officer.objects.create_user(name, name=name)
    Assignment.objects.create(officer=made, role="cdc-officer", scope_path="/19/")
    return made


def test_an_officer_gives_a_code_and_another_agrees_to_a_recall(
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    check_page: Callable[..., None],
    enter: Callable[[Any], None],
    faults: list[str],
) -> None:
    from django.utils import timezone

    from vungxanh.exposure import verification
    from vungxanh.exposure.limits import limits

    lan, minh = officer("lan"), officer("minh")
    enter(lan)
    page.goto(f"{live_server.url}/exposure/codes")
    expect(page.get_by_text("Chưa cấp mã nào")).to_be_visible()
    page.get_by_role("button", name="Cấp mã").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page("exposure-codes-error")
    page.locator("#id_case_id").fill("41")
    page.get_by_role("button", name="Cấp mã").click()
    expect(page.get_by_role("heading", name="Mã cho ca 41")).to_be_visible()
    check_page("exposure-issued")
    code = page.locator("#short-code").inner_text()
    assert len(code.replace(" ", "")) == 8
    assert verification.verify(code, now=timezone.now(), limits=limits().code).token
    page.get_by_role("link", name="Xong").click()
    expect(page.get_by_role("cell", name="đã dùng")).to_be_visible()
    page.locator("#id_recall-case_id").fill("41")
    page.locator("#id_recall-reason").fill("nhầm mẫu")
    page.get_by_role("button", name="Đề nghị thu hồi").click()
    expect(page.get_by_text("bạn là người đề nghị")).to_be_visible()
    check_page("exposure-codes")
    enter(minh)
    page.goto(f"{live_server.url}/exposure/codes")
    page.get_by_role("button", name="Duyệt thu hồi").click()
    expect(page.get_by_text("Đã thu hồi 0 khóa")).to_be_visible()


def test_the_public_page_promises_nothing_and_finds_a_receipt(
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    from tests.unit.exposure.phone import NOW, Phone

    receipt = Phone().publish(NOW)["receipt"]
    page.goto(f"{live_server.url}/exposure/")
    expect(page.get_by_text("Trình duyệt web không nghe được Bluetooth")).to_be_visible()
    check_page("exposure-home")
    page.get_by_label("Biên nhận").fill("khong-co")
    page.get_by_role("button", name="Khóa của tôi ở đâu?").click()
    expect(page.get_by_role("alert")).to_contain_text("Không tìm thấy biên nhận này")
    page.get_by_label("Biên nhận").fill(receipt)
    page.get_by_role("button", name="Khóa của tôi ở đâu?").click()
    expect(page.get_by_role("listitem")).to_have_count(4)
    check_page("exposure-receipt")
    page.get_by_role("button", name="Rút lại khóa của tôi").click()
    expect(page.get_by_text("Đã thu hồi 4 khóa")).to_be_visible()


def test_who_may_not_give_codes_sees_none(live_server: LiveServer, transactional_db: None) -> None:
    from django.test import Client

    keeper = Officer.objects.create_user("keeper", name="keeper")
    Assignment.objects.create(officer=keeper, role="venue-keeper", scope_path="/19/")
    client = Client()
    assert client.get("/exposure/codes").status_code in {302, 403}
    client.force_login(keeper)
    assert client.get("/exposure/codes").status_code == 403


def test_lists_machines_beacons_and_where_a_key_is(
    page: Page,
    live_server: LiveServer,
    transactional_db: None,
    check_page: Callable[..., None],
    enter: Callable[[Any], None],
    faults: list[str],
) -> None:
    """The desk pages beside the codes, as two officers use them."""
    from vungxanh.exposure.wearables import card_of
    from vungxanh.people.actions import register_person

    lan, minh = officer("lan"), officer("minh")
    register_person(
        name="Nguyễn Thị Bà", birth_year=1948, phones=["0912345678"], scope_path="/19/", by=lan, purpose="test"
    )
    enter(lan)
    page.goto(f"{live_server.url}/exposure/lists")
    page.locator("#id_cases").fill("41, 1/1/2020\n42")
    page.get_by_role("button", name="Đề nghị cấp mã").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#id_cases").fill("41\n42")
    page.get_by_role("button", name="Đề nghị cấp mã").click()
    expect(page.get_by_text("bạn là người đề nghị")).to_be_visible()
    check_page("exposure-lists")
    enter(minh)
    page.goto(f"{live_server.url}/exposure/lists")
    page.get_by_role("button", name="Duyệt danh sách").click()
    expect(page.get_by_role("row")).to_have_count(3)
    check_page("exposure-list-codes")

    page.goto(f"{live_server.url}/exposure/key")
    page.get_by_label("Khóa, viết ở hệ mười sáu hoặc base64").fill("00" * 16)
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("#story")).to_contain_text("không có trong máy chủ")
    check_page("exposure-key")

    page.goto(f"{live_server.url}/exposure/machines")
    page.get_by_label("Loại máy").select_option("lab")
    page.get_by_label("Tên máy").fill("Labo CDC")
    page.get_by_role("button", name="Cho phép gửi").click()
    expect(page.locator("#token")).to_be_visible()
    check_page("exposure-machines")

    page.goto(f"{live_server.url}/exposure/wearables")
    page.get_by_label("Thẻ của thiết bị đeo").fill(card_of(bytes(range(16))))
    page.get_by_label("Giấy tờ hoặc số điện thoại của người đeo").fill("0912345678")
    page.get_by_label("Người đeo đồng ý").check()
    page.get_by_role("button", name="Giao thiết bị").click()
    expect(page.get_by_text("Đã giao thiết bị đeo")).to_be_visible()
    check_page("exposure-wearables")
    page.get_by_role("link", name="Người đeo bị bệnh").click()
    page.get_by_label("Số ca bệnh").fill("41")
    page.get_by_role("button", name="Công bố các ngày đã chọn").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page("exposure-publish-wearable")
    page.get_by_label("Người đeo đồng ý công bố").check()
    page.get_by_role("button", name="Công bố các ngày đã chọn").click()
    expect(page.get_by_role("heading", name="Sẽ công bố 1 khóa")).to_be_visible()
    check_page("exposure-published-wearable")

    page.goto(f"{live_server.url}/exposure/invite")
    page.get_by_label("Tên, số điện thoại hoặc giấy tờ của người gọi").fill("0912345678")
    page.get_by_role("button", name="Tìm", exact=True).click()
    check_page("exposure-invite")
    page.get_by_role("button", name="Cấp mã").click()
    expect(page.locator("#share-code")).to_be_visible()
    check_page("exposure-invited")
