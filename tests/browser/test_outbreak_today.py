"""Today's list: read, entered for many at once, printed; on a phone as on a desk."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.outbreak_world import COMMUNE, PROVINCE, World, make_world
from vungxanh.outbreak import exposed
from vungxanh.outbreak.models import Check, FollowUp


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    made = make_world(tmp_path / "lake")
    today = timezone.localdate()
    for person, late in ((made.mai, 1), (made.nam, 0)):
        followup = FollowUp.objects.create(
            person=person,
            disease="covid19",
            origin=today - timedelta(days=7),
            since=today,
            until=today + timedelta(days=3),
            rule="vn.2026.followup.covid19",
            scope_path=f"{PROVINCE}{COMMUNE}/",
            scope_sector="health",
        )
        Check.objects.create(followup=followup, day=today - timedelta(days=late), test=late == 0)
    return made


def test_entering_outcomes(
    page: Page,
    live_server: LiveServer,
    world: World,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(world.officer)
    page.goto(f"{live_server.url}/cases/today")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("trễ 1 ngày")
    check_page("today")
    page.get_by_label("Kết quả: L. T. Mai, nữ, 1979").select_option("well")
    page.get_by_label("Kết quả: N. H. Nam, nam, 2012").select_option("symptoms")
    page.get_by_label("Xét nghiệm: N. H. Nam, nam, 2012").select_option("negative")
    page.get_by_role("button", name="Lưu những gì đã nhập").click()
    expect(page.get_by_text("Đã nhập 2 dòng.")).to_be_visible()
    expect(page.get_by_text("Hôm nay không có việc đến hạn")).to_be_visible()
    check_page("today-done")
