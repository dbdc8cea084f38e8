"""Every part of the design system, in both themes and languages: accessible, and photographed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from vungxanh.web import assets


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pattern_page(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    check_page: Callable[..., None],
    faults: list[str],
    theme: str,
) -> None:
    settings.DEMO = True
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(f"{live_server.url}/patterns")
    expect(page.get_by_role("heading", name="Mẫu giao diện", level=1)).to_be_visible()
    expect(page.get_by_role("note")).to_have_text("DIỄN TẬP – KHÔNG CÓ THẬT")
    check_page(f"patterns-{theme}")


def test_first_page_and_language_switch(
    page: Page, live_server: LiveServer, check_page: Callable[..., None], faults: list[str]
) -> None:
    page.goto(live_server.url)
    check_page("home")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="For officers")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_columns_can_be_put_away_and_stay_away(
    page: Page, live_server: LiveServer, settings: Settings, faults: list[str]
) -> None:
    settings.DEMO = True
    page.goto(f"{live_server.url}/patterns")
    page.get_by_text("Cột", exact=True).click()
    page.get_by_label("Số phút").uncheck()
    expect(page.get_by_role("columnheader", name="Số phút")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("columnheader", name="Số phút")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Họ tên")).to_be_visible()


def test_keyboard_walks_the_rows(
    page: Page, live_server: LiveServer, settings: Settings, faults: list[str]
) -> None:
    settings.DEMO = True
    page.goto(f"{live_server.url}/patterns")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.vx-current")).to_contain_text("N. T. Mẫu 1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_first_page_weighs_little(page: Page, live_server: LiveServer) -> None:
    """What must arrive before a citizen can read: page, style, script, compressed as the server sends them.

    The fonts come after (`swap`): the text stands in the system's font until they do.
    """
    fetched: list[str] = []
    page.on("requestfinished", lambda request: fetched.append(request.url))
    page.goto(live_server.url)
    page.wait_for_load_state("networkidle")
    built = [assets.DIST / url.split("/dist/")[1] for url in fetched if "/dist/" in url]
    twins = [file.with_name(file.name + ".br") for file in built if file.suffix != ".woff2"]
    assert len(twins) >= 2
    whole = len(page.content().encode()) + sum(twin.stat().st_size for twin in twins)
    assert whole <= 60_000, (whole, fetched)
