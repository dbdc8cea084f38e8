"""An officer of many rooms sees them all at a desk, and on a telephone the one that is open."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Assignment, Officer

MANY = ("cdc-director", "chairman", "communicator", "border-officer")


@pytest.fixture
def busy(transactional_db: None) -> Officer:
    officer = Officer.objects.create_user("busy", name="Nhiều việc")
    for role in MANY:
        Assignment.objects.create(officer=officer, role=role, scope_path="/19/")
    return officer


def test_every_room_is_in_sight(
    page: Page,
    live_server: LiveServer,
    busy: Officer,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(busy)
    page.goto(f"{live_server.url}/zones/")
    line = page.locator(".vx-nav__list")
    assert page.locator(".vx-nav__link").count() >= 10
    assert line.evaluate("e => e.scrollWidth <= e.clientWidth")
    check_page("navigation")
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.locator(".vx-nav [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_logging_in_leads_to_the_officers_first_room(
    page: Page, live_server: LiveServer, busy: Officer, faults: list[str]
) -> None:
    busy.set_password("một câu dài để thử")
    busy.save()
    page.goto(f"{live_server.url}/login")
    page.get_by_label("Tên đăng nhập").fill("busy")
    page.get_by_label("Mật khẩu").fill("một câu dài để thử")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/cases/overview")
    expect(page.get_by_text("Successfully")).to_have_count(0)
