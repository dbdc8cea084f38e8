"""Without network from door to door: a citizen's telephone, and the crew of a bus for a whole trip."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_venues_gate import become_gate, card, scan, stored_offline, venue
from vungxanh.places.models import Trip
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, register_venue
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import ScanRecord, SeatRecord, Visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_citizen_goes_in_loses_the_network_and_goes_out(page: Page, live_server: LiveServer) -> None:
    address = f"{live_server.url}/v/{poster_code(venue('cafe').pk)}"
    page.goto(address)
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Bình")
    page.get_by_label("Năm sinh").fill("1980")
    page.get_by_role("button", name="Vào", exact=True).click()
    expect(page.get_by_text("Đã ghi: vào lúc")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.wait_for_function(
        "async (address) => Boolean(await caches.match(address, { ignoreVary: true }))", arg=address
    )
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Ra", exact=True).click()
    expect(page.get_by_text("Đã lưu trên điện thoại này: ra lúc")).to_be_visible()
    assert Visit.objects.get().end is None
    page.context.set_offline(False)
    expect(page.locator("html[data-visits='0']")).to_be_attached(timeout=15_000)
    stay = Visit.objects.get()
    assert stay.end
    assert not stay.end_assumed
    assert ScanRecord.objects.count() == 2


def test_a_whole_trip_without_network(
    page: Page, live_server: LiveServer, check_page: Callable[..., None]
) -> None:
    new = NewPlace(kind="vehicle", name="20B-012.34", commune_code="05443", commune_on=date(2026, 1, 1))
    bus = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    become_gate(page, live_server, bus)
    stored_offline(page)
    page.context.set_offline(True)
    page.wait_for_selector("body[data-online=false]", timeout=15_000)
    page.locator("#trip-open").click()
    page.locator("#trip-route").fill("Thái Nguyên – Phổ Yên – Hà Nội")
    page.locator("#trip-layout").fill("2+2*10,5")
    page.locator("#trip-form button").first.click()
    passengers: list[tuple[str, str, str]] = [("3B", "", "Phổ Yên"), ("", "7", "Phổ Yên"), ("11E", "", "Hà Nội")]
    for number, (seat, row, stop) in enumerate(passengers, 1):
        page.locator("#trip-to").select_option(stop)
        page.locator("#trip-seat").click()
        if number == 3:
            expect(page.locator("#seat-plan").get_by_text("3B", exact=True)).to_be_disabled()
            check_page("venues-trip-seats")
        if seat:
            page.locator("#seat-plan").get_by_text(seat, exact=True).click()
        else:
            page.locator("#seat-row").fill(row)
            page.locator("#seat-form").get_by_role("button").last.click()
        scan(page, card(number))
        expect(page.locator(f"#answer[data-shown='{number}']")).to_be_attached()
        expect(page.locator("#trip-seat")).to_have_text("Ghế hoặc hàng: –")
    page.get_by_role("button", name="Đã đến Phổ Yên").click()
    expect(page.get_by_role("button", name="Đã đến Hà Nội")).to_be_visible()
    check_page("venues-trip")
    page.get_by_role("button", name="Kết thúc chuyến").click()
    expect(page.locator("#trip-open")).to_be_visible()
    assert not Trip.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("body[data-queue='0'][data-online=true]")).to_be_attached(timeout=20_000)
    trip = Trip.objects.get()
    assert (trip.plate, trip.route) == ("20B-012.34", "Thái Nguyên – Phổ Yên – Hà Nội")
    assert trip.arrives
    seats: list[Any] = list(
        SeatRecord.objects.order_by("boarded").values_list("label", "row", "to_stop", "alight_assumed")
    )
    assert seats == [("3B", 3, "Phổ Yên", True), ("", 7, "Phổ Yên", True), ("11E", 11, "Hà Nội", False)]
    assert set(Visit.objects.values_list("place", flat=True)) == {trip.place_id}
    assert Visit.objects.count() == 3
