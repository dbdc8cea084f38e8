"""Times of a flight, as a carrier tells them: written on a page, used by the evidence, never after it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import declare, officer

from vungxanh.border.evidence import VoyageSeats
from vungxanh.border.models import Aboard, Voyage
from vungxanh.core.minutes import floor_minute
from vungxanh.core.models import AuditEvent

pytestmark = pytest.mark.django_db

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def flight(client: Client) -> Voyage:
    declare()
    client.force_login(officer("Kiểm dịch"))
    return Voyage.objects.get()


def times(row: Voyage) -> tuple[str, str]:
    """Left the evening before at 23:10, came at 05:40, as somebody types it."""
    return f"{row.on - timedelta(days=1)}T23:10", f"{row.on}T05:40"


def test_the_page_of_the_day_leads_to_the_times_and_the_evidence_uses_them(client: Client, flight: Voyage) -> None:
    listed = client.get(reverse("border:voyages")).content.decode()
    assert ("VN36" in listed, listed.count("chưa có giờ")) == (True, 2)
    page = reverse("border:voyage", args=[flight.pk])
    departs, arrives = times(flight)
    assert client.post(page, {"departs": departs, "arrives": arrives}).status_code == 302
    flight.refresh_from_db()
    came = datetime(flight.on.year, flight.on.month, flight.on.day, 5, 40, tzinfo=VIETNAM)
    assert flight.arrives == came
    (seat,) = VoyageSeats().tail(floor_minute(timezone.now() + timedelta(days=1))).seats.to_pylist()
    assert (seat["end"] - seat["start"], seat["end"], seat["flags"]) == (
        390,
        floor_minute(came.astimezone(UTC)),
        0,
    )
    shown = client.get(reverse("border:voyages")).content.decode()
    assert ("chưa có giờ" in shown, f"05:40 {flight.on:%d/%m}" in shown) == (False, True)
    assert f'value="{arrives}"' in client.get(page).content.decode()
    assert AuditEvent.objects.filter(action="border:voyage:timed", subject=f"voyage:{flight.pk}").count() == 1


def test_times_that_cannot_be_are_refused_with_the_field(client: Client, flight: Voyage) -> None:
    page, (departs, arrives) = reverse("border:voyage", args=[flight.pk]), times(flight)
    for told, sentence in (
        ({"departs": arrives, "arrives": departs}, "Giờ đến phải sau giờ khởi hành"),
        ({"arrives": f"{flight.on + timedelta(days=40)}T05:40"}, "cách ngày nhập cảnh"),
    ):
        answer = client.post(page, told)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    Aboard.objects.update(export_no=1)
    refused = client.post(page, {"departs": departs, "arrives": arrives})
    assert "đã chuyển vào dữ liệu truy vết" in refused.content.decode()
    flight.refresh_from_db()
    assert (flight.departs, flight.arrives) == (None, None)


def test_another_gate_s_flight_is_not_there(client: Client, flight: Voyage) -> None:
    client.force_login(officer("Nơi khác", path="/79/"))
    assert client.get(reverse("border:voyage", args=[flight.pk])).status_code == 404
