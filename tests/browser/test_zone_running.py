"""A zone proposed, chosen by hand, decided and run; the week of levels, the measures: photographed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import level_of
from tests.functional.test_zones import saved
from vungxanh.zoning import actions, zone_actions

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_from_the_proposal_to_the_running_zone(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    chairman = officer("Lê Chủ Tịch", "chairman", "/19/")
    zone = saved(chairman)
    enter(chairman)
    page.goto(f"{live_server.url}/zones/{zone.pk}")
    check_page("zone-proposal")
    page.get_by_role("link", name="Tự chọn vùng").click()
    check_page("zone-edit")
    page.get_by_label("Tầng 20, tòa nhà Mẫu").check()
    page.get_by_role("button", name="Lưu vùng này").click()
    expect(page.get_by_role("rowheader", name="chọn bằng tay")).to_be_visible()
    zone.refresh_from_db()
    zone_actions.decide_zone(
        by=chairman, proposal=zone, option=1, review_on=zone.made_at.date(), signer="Lê Văn Mẫu"
    )
    zone_actions.add_gate(
        by=chairman, zone=zone, name="Cổng Bắc", staff="Tổ COVID cộng đồng số 3", phone="0912345678"
    )
    zone_actions.add_need(
        by=chairman,
        zone=zone,
        kind="dialysis",
        what="Chạy thận thứ Tư",
        owner="Trạm y tế",
        door="Tầng 20, tòa nhà Mẫu",
    )
    page.goto(f"{live_server.url}/zones/{zone.pk}/run")
    expect(page.get_by_text("Chạy thận thứ Tư").first).to_be_visible()
    check_page("zone-run")


def test_the_week_and_the_measures(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    chairman = officer("Lê Chủ Tịch", "chairman", "/19/")
    actions.decide_level(
        by=chairman,
        draft=level_of({"group": "B", "endemic": False, "linked_cases_month": 9, "linked_cases_week": 3}),
    )
    enter(chairman)
    page.goto(f"{live_server.url}/zones/levels/week")
    check_page("levels-week")
    page.goto(f"{live_server.url}/zones/levels/measures?rule=vn.covid19.level.4800&on=2021-11-01&province=86")
    check_page("levels-measures")
    page.goto(f"{live_server.url}/zones/levels/warnings")
    check_page("levels-warnings")
