"""A dispatch is pasted, corrected, put in force; a commune reads it, reports a difficulty, gets an answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import TEXT, officer
from vungxanh.people.models import Organisation


@pytest.mark.django_db(transaction=True)
def test_from_dispatch_to_answer(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    unit = Organisation.objects.create(
        code="c0", name="UBND xã An Minh", kind="commune-committee", sector="government", scope_path="/19/00/"
    )
    chairman, local = (
        officer("Lê Chủ Tịch", "chairman", "/19/"),
        officer("Xã An Minh", "chairman", "/19/00/", unit),
    )

    enter(chairman)
    page.goto(f"{live_server.url}/command/")
    check_page("command-empty")
    page.get_by_role("link", name="Nhập văn bản").click()
    page.get_by_label("Nội dung văn bản").fill(TEXT)
    check_page("command-paste")
    page.get_by_role("button", name="Đọc văn bản").click()
    expect(page.get_by_label("Số", exact=True)).to_have_value("412")
    expect(page.get_by_text("chưa có trong sổ văn bản").first).to_be_visible()
    check_page("command-review")
    page.get_by_role("button", name="Ban hành và gửi").click()
    expect(page.get_by_text("gửi tới 1 đơn vị")).to_be_visible()

    enter(local)
    page.goto(f"{live_server.url}/command/")
    page.get_by_role("link", name="412/UBND-VX").click()
    page.get_by_role("button", name="Chúng tôi đã đọc").click()
    page.get_by_label("Nội dung").fill("Chợ có 5 cổng nhưng chỉ 1 máy quét")
    page.get_by_role("button", name="Báo khó khăn").click()
    check_page("command-receipt")

    enter(chairman)
    page.goto(f"{live_server.url}/command/")
    issued = page.get_by_role("region", name="Văn bản chúng tôi ban hành")
    issued.get_by_role("link", name="412/UBND-VX").click()
    check_page("command-directive")
    page.get_by_label("Trả lời của bạn").fill("Tỉnh cấp thêm hai máy quét trong tuần")
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_text("Tỉnh cấp thêm hai máy quét trong tuần")).to_be_visible()
