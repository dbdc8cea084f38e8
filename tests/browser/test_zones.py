"""A zone proposal on the desk: the curve, three areas, a decision; and levels waiting for their official."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import level_of
from tests.functional.test_zones import saved


@pytest.mark.django_db(transaction=True)
def test_an_official_decides_on_a_zone_and_a_level(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    chairman = officer("Lê Chủ Tịch", "chairman", "/19/")
    enter(chairman)
    page.goto(f"{live_server.url}/zones/")
    check_page("zones-empty")
    zone = saved(officer("Cán Bộ", "cdc-officer", "/19/"))
    level_of({"group": "B", "endemic": False, "linked_cases_month": 9})
    page.goto(f"{live_server.url}/zones/")
    check_page("zones")
    page.goto(f"{live_server.url}/zones/{zone.pk}")
    expect(page.get_by_text("Tầng 20").filter(visible=True).first).to_be_visible()
    check_page("zone")
    page.get_by_role("button", name="Quyết định phương án đề xuất").click()
    expect(page.get_by_text("có hiệu lực từ")).to_be_visible()
    page.goto(f"{live_server.url}/zones/")
    page.get_by_role("button", name="Quyết định").click()
    expect(page.get_by_text("đã quyết định").last).to_be_visible()
    check_page("zones-decided")
