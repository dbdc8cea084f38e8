"""The browser: a real Chromium against a live server, accessibility checked and a photograph kept of each page."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from vungxanh.web import assets

# Playwright's sync API runs an event loop in this thread; Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
PHONE, DESK = (360, 740), (1280, 800)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Log = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def built_assets() -> None:
    """A page without its style proves nothing."""
    assert assets.entry("desk"), "the assets are not built: python tools/frontend.py"


@pytest.fixture(scope="session")
def base_url() -> str:
    """Every test names its live server; there is no other."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    given = os.environ.get("VUNGXANH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    where = {"executable_path": given} if given else {}
    return {**browser_type_launch_args, **where, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    width, height = DESK
    return {**browser_context_args, "locale": "vi-VN", "viewport": {"width": width, "height": height}}


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the browser complained of (script errors, broken policy, missing files); the test fails on any."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert not found


@pytest.fixture
def check_page(page: Page) -> Callable[..., None]:
    """`check_page("name")`: no accessibility violation at either width, no sideways scrolling, two photographs."""

    def check(name: str, *, both: bool = True) -> None:
        for width, height in (DESK, PHONE) if both else (DESK,):
            page.set_viewport_size({"width": width, "height": height})
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
            results = Axe().run(page, options=RULES)
            assert results.violations_count == 0, f"{name} at {width} px: {results.generate_report()}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{name} scrolls sideways by {overflow} px at {width} px"
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})

    return check


@pytest.fixture
def enter(page: Page, live_server: LiveServer) -> Callable[[Any], None]:
    """`enter(user)`: the browser is logged in as `user`, without walking the log-in pages."""

    def log_in(user: Any) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])

    return log_in
