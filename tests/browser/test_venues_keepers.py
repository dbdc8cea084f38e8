"""Keepers' and citizens' further pages in a real browser; a private place that only a telephone remembers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.people.models import Assignment, Officer
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import markets
from vungxanh.venues.actions import VenueFacts, add_parts, register_venue
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import ScanRecord, SellingDay, Venue, Visit
from vungxanh.venues.presence import mark_exposed
from vungxanh.venues.schemas import Guest
from vungxanh.venues.tickets import Dealing, deal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


def venue(kind: str = "market", name: str = "Chợ Thái", **facts: Any) -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(**facts), phone="+84912345678")


@pytest.fixture
def keeper(page: Page, live_server: LiveServer) -> Page:
    page.goto(f"{live_server.url}/venues/phone")
    page.get_by_label("Số điện thoại di động của bạn").fill("0912345678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.get_by_label("Mã trong tin nhắn").fill(page.locator("[data-shown-code]").inner_text())
    page.get_by_role("button", name="Tiếp tục").click()
    return page


@pytest.mark.usefixtures("faults")
def test_a_market_at_two_in_the_morning(
    keeper: Page, live_server: LiveServer, check_page: Callable[..., None]
) -> None:
    market = venue("wholesale-market")
    add_parts(by=None, venue=market, kind="stall", names=[f"Dãy {r} – {n}" for r in "AB" for n in range(1, 9)])
    mai = markets.Worker("Dãy A – 1", Guest(name="Lò Thị Mai", birth_year=1975, phone="0911111111"))
    markets.enrol(by=None, venue=market, workers=[mai])
    markets.lorry_arrives(by=None, venue=market, plate="20C-123.45", origin="Bắc Giang", goods="rau", driver=None)
    keeper.goto(f"{live_server.url}/venues/{market.pk}/market")
    keeper.get_by_role("button", name="Cả dãy bán Dãy A").click()
    expect(keeper.get_by_text("Thêm 8 quầy bán hôm nay.")).to_be_visible()
    assert SellingDay.objects.count() == 8
    check_page("venues-market")
    today = timezone.localdate()
    deal(
        by=None,
        venue=market,
        dealing=Dealing("CV 2601/UBND", today, today + timedelta(days=6), (0, 2, 4), 2, 6, 12, 2),
        households=["Hộ 1", "Hộ 2"],
    )
    keeper.goto(f"{live_server.url}/venues/{market.pk}/tickets")
    check_page("venues-tickets")


@pytest.mark.usefixtures("faults")
def test_facts_numbers_register_lists_meeting(
    keeper: Page, live_server: LiveServer, check_page: Callable[..., None]
) -> None:
    office = venue("office", "UBND phường", visitor_register=True)
    venue("event", "Họp tổ dân phố")
    for path in ("edit", "numbers", "inside", "lists", "meeting"):
        keeper.goto(f"{live_server.url}/venues/{office.pk}/{path}")
        check_page(f"venues-{path}")


@pytest.mark.usefixtures("faults")
def test_my_code_for_gates(page: Page, live_server: LiveServer, check_page: Callable[..., None]) -> None:
    page.goto(f"{live_server.url}/v/{poster_code(venue().pk)}")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_role("button", name="Vào", exact=True).click()
    page.goto(f"{live_server.url}/venues/my-code")
    expect(page.locator(".vx-own-code svg")).to_be_visible()
    check_page("venues-my-code")


def test_in_and_out_without_network(page: Page, live_server: LiveServer) -> None:
    first, other = venue(), venue("cafe", "Quán Xa")
    page.goto(f"{live_server.url}/v/{poster_code(first.pk)}")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_role("button", name="Vào", exact=True).click()
    page.goto(f"{live_server.url}/v/{poster_code(other.pk)}")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/v/{poster_code(other.pk)}")  # the place is opened again without network
    page.get_by_role("button", name="Vào", exact=True).click()
    expect(page.get_by_text("Đã lưu trên điện thoại này: vào lúc")).to_be_visible()
    assert not Visit.objects.filter(place=other.place).exists()
    page.context.set_offline(False)
    page.goto(f"{live_server.url}/v/{poster_code(other.pk)}")
    expect(page.locator("html[data-visits='0']")).to_be_attached(timeout=10_000)
    assert Visit.objects.filter(place=other.place).count() == 1


@pytest.mark.usefixtures("faults")
def test_a_private_place_is_remembered_by_the_telephone_alone(
    page: Page, live_server: LiveServer, check_page: Callable[..., None]
) -> None:
    kept = venue("cafe", "Quán kín", mode="private")
    asked: list[str] = []
    page.goto(f"{live_server.url}/v/{poster_code(kept.pk)}")
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.get_by_role("button", name="Vào").click()
    expect(page.get_by_text("Đã lưu trên điện thoại này: vào lúc")).to_be_visible()
    check_page("venues-private")
    page.get_by_role("button", name="Ra").click()
    page.wait_for_function("JSON.parse(localStorage.getItem('vx-stays'))[0].ids")
    assert not [one for one in asked if one.startswith("POST")]
    stored = page.evaluate("localStorage.getItem('vx-stays')")
    assert "Quán" not in stored  # after leaving only hours are kept
    assert "seed" not in stored
    officer = Officer.objects.create_user("cdc", name="Trần Thị Mai")
    Assignment.objects.create(officer=officer, role="cdc-director", scope_path="/19/")
    now = timezone.now()
    hour = timedelta(hours=1)
    mark_exposed(by=officer, place=kept.place, start=now - hour, end=now + hour, case="BN-1", advice="Gọi 0900")
    page.goto(f"{live_server.url}/venues/now")
    expect(page.locator("[data-private-warning]")).to_contain_text("Gọi 0900")
    check_page("venues-private-warning")
    assert not ScanRecord.objects.exists()
