"""Orders on the screen: all ticked at once, signed by a named official, printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.outbreak_world import COMMUNE, PROVINCE, World, make_officer, make_world
from vungxanh.outbreak import exposed
from vungxanh.outbreak.models import Order


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    made, now, today = make_world(tmp_path / "lake"), timezone.now(), timezone.localdate()
    for person in (made.mai, made.nam):
        Order.objects.create(
            person=person,
            disease="covid19",
            form="home",
            since=today,
            until=today,
            detected_at=now,
            listed_at=now,
            scope_path=f"{PROVINCE}{COMMUNE}/",
            scope_sector="health",
        )
    return made


def test_signing_all_and_printing(
    page: Page,
    live_server: LiveServer,
    world: World,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(make_officer("director", role="cdc-director"))
    page.goto(f"{live_server.url}/cases/orders")
    page.wait_for_load_state("networkidle")
    check_page("orders")
    page.get_by_label("Chọn", exact=True).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Văn bản PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_label("Họ tên người ký").fill("Trần Thử")
    page.get_by_label("Chức vụ").fill("Chủ tịch UBND phường")
    page.get_by_role("button", name="Đã ký").click()
    expect(page.get_by_text("2 quyết định: đã xong.")).to_be_visible()
    expect(page.get_by_text("Trần Thử, Chủ tịch UBND phường")).to_have_count(2)
