"""Chains and overview in the browser: drawn from the server's places, opened by a click, quick at 500 cases."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.outbreak_world import World, make_world
from vungxanh.outbreak import chain, exposed, number_pages
from vungxanh.outbreak.chain import Link
from vungxanh.outbreak.models import Case


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    made = make_world(tmp_path / "lake")
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            person=10_000 + number,
            onset=date(2022, 5, 1) + timedelta(days=number // 25),
            onset_provenance="patient",
            reported_at=now,
            scope_path="/19/",
            scope_sector="health",
        )
        for number in range(500)
    )
    tree = [Link(10_000 + number // 3, 10_000 + number, 60, 0, 0) for number in range(1, 500)]
    monkeypatch.setattr(chain, "links", lambda cases, rule, lake: tree)
    return made


def seconds_of_work(page: Page, address: str) -> float:
    """Processor time that the page's main thread takes until the drawing is finished; waiting does not count."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    expect(page.locator("#chain")).to_have_attribute("data-drawn", "500", timeout=30_000)
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def test_five_hundred_cases_are_drawn_within_a_second(
    page: Page,
    live_server: LiveServer,
    world: World,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(world.officer)
    work = seconds_of_work(page, f"{live_server.url}/cases/chains")
    assert 0 < work <= 1.0
    check_page("chains")


def test_overview(
    page: Page,
    live_server: LiveServer,
    world: World,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    assert number_pages.MOST_CASES > 500
    enter(world.officer)
    page.goto(f"{live_server.url}/cases/overview")
    expect(page.get_by_role("heading", name="Tổng quan", level=1)).to_be_visible()
    check_page("overview")
    page.get_by_label("Tính theo").select_option("reported")
    expect(page.get_by_text("Số ca theo ngày báo cáo").first).to_be_visible()
