"""The list on a phone: read, taken along, answered without a network, sent when it is back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.core.scope import path_of
from vungxanh.people.actions import bulk_register, make_household
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.schemas import PersonIn
from vungxanh.work import actions
from vungxanh.work.models import WorkItem

HERE = path_of("19", "05710")


@pytest.fixture
def nurse(transactional_db: None) -> Officer:
    made = Officer.objects.create_user("tram", name="Trạm y tế Định Hoá")
    Assignment.objects.create(officer=made, role="commune-health", scope_path=HERE)
    names = ["Nguyễn Thị Lan", "Nguyễn Văn Minh", "Y Blô"]
    records = [PersonIn(name=name, birth_year=1990, phones=["0944713700"], scope_path=HERE) for name in names]
    lan, minh, blo = bulk_register(records, by=None, purpose="test")
    make_household(members=[lan, minh], by=None)
    facts: dict[str, Any] = {"scope_path": HERE, "by": None}
    now = timezone.now()
    actions.put(kind="contact.call", due=now - timedelta(hours=2), source="case:1", person=lan, **facts)
    actions.put(kind="isolation.check", due=now + timedelta(hours=3), source="case:1", person=minh, **facts)
    actions.put(kind="symptom.call", due=now + timedelta(hours=1), source="case:2", person=blo, **facts)
    return made


def test_a_day_on_the_phone(
    page: Page,
    live_server: LiveServer,
    nurse: Officer,
    enter: Callable[[Any], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    enter(nurse)
    page.goto(f"{live_server.url}/work/")
    expect(page.locator(".vx-work-card")).to_have_count(2)
    expect(page.locator(".vx-work-card").first).to_contain_text("N. V. Minh")
    check_page("work-list")
    page.get_by_role("button", name="Mang danh sách hôm nay theo").click()
    expect(page.get_by_role("heading", name="Nguyễn Thị Lan, 1990")).to_be_visible()
    check_page("work-list-taken")
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # now under the service worker, which keeps it
    page.context.set_offline(True)
    card = page.locator(".vx-work-card").first
    card.get_by_role("button", name=re.compile("Đã làm.*Gọi người tiếp xúc")).click()
    expect(card.get_by_text("Đã ghi.")).to_be_visible()
    expect(page.get_by_text("chờ gửi: 1")).to_be_visible()
    assert WorkItem.objects.filter(state="done").count() == 0
    page.reload()
    expect(page.get_by_role("heading", name="Nguyễn Thị Lan, 1990")).to_be_visible()
    expect(page.get_by_text("chờ gửi: 1")).to_be_visible()
    faults.clear()  # the browser notes each request that found no network
    page.context.set_offline(False)
    expect(page.get_by_text("chờ gửi: 1")).to_be_hidden()
    assert WorkItem.objects.filter(state="done").count() == 1
    page.get_by_role("button", name="Trả lại danh sách").click()
    expect(page.get_by_text("Nguyễn Thị Lan")).to_have_count(0)
