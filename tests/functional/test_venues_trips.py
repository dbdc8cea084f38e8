"""A bus: the crew opens a trip, passengers pick seats, those of the next trip are not among them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.lake.rows import Flag
from vungxanh.places.models import Trip
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import trips
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue
from vungxanh.venues.evidence import TripSeats
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import SeatRecord, Venue, Visit
from vungxanh.venues.schemas import Guest, ScanIn
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def bus() -> Venue:
    new = NewPlace(kind="vehicle", name="Xe 20B-012.34", commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")


@pytest.fixture
def trip(bus: Venue) -> Trip:
    return trips.start(by=None, venue=bus, plate="20B-012.34", route="Thái Nguyên – Hà Nội", seat_layout="2+2*3,5")


def board(bus: Venue, name: str, seat: str) -> Client:
    phone = Client()
    entry = {"new": "1", "name": name, "birth_year": "1980", "key": name, "seat": seat}
    phone.post(f"/v/{poster_code(bus.pk)}/in", entry)
    return phone


def test_a_passenger_scans_once_and_picks_a_seat(bus: Venue, trip: Trip) -> None:
    page = Client().get(f"/v/{poster_code(bus.pk)}").content.decode()
    assert page.count('name="seat"') == 17  # three rows of four and five at the back
    board(bus, "Nguyễn Văn Bình", "2c")
    taken = SeatRecord.objects.get()
    assert (taken.label, taken.row, taken.trip) == ("2C", 2, trip)
    assert Visit.objects.get().place == trip.place


def test_a_taken_seat_stays_with_whoever_took_it(bus: Venue, trip: Trip) -> None:
    board(bus, "Nguyễn Văn Bình", "2C")
    second = board(bus, "Trần Thị Na", "2C")
    assert SeatRecord.objects.filter(label="2C").count() == 1
    page = second.get(f"/v/{poster_code(bus.pk)}").content.decode()
    assert "2C" in page
    with pytest.raises(UserError):
        trips.take_seat(trip=trip, people=[1], label="9Z")


def test_people_of_two_trips_never_met(bus: Venue, trip: Trip) -> None:
    board(bus, "Nguyễn Văn Bình", "1A")
    later = trips.start(by=None, venue=bus, plate="20B-012.34", route="Hà Nội – Thái Nguyên")
    board(bus, "Trần Thị Na", "")
    trip.refresh_from_db()
    assert trip.arrives
    assert {(v.place_id) for v in Visit.objects.all()} == {trip.place_id, later.place_id}


def test_the_crews_gate_records_for_the_trip_that_ran(bus: Venue, trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(departs=timezone.now() - timedelta(hours=3))
    record = ScanIn(id="1", at=timezone.now() - timedelta(hours=2), guest=Guest(name="Lò Thị Mai", tail="1234"))
    take([record], sender=Sender("gate:1", bus.place, 1, vehicle=True))
    assert Visit.objects.get().place == trip.place


def test_seats_go_to_the_lake_with_rows_and_assumed_ends(bus: Venue, trip: Trip) -> None:
    board(bus, "Nguyễn Văn Bình", "3D")
    phone = board(bus, "Trần Thị Na", "1A")
    phone.post(f"/v/{poster_code(bus.pk)}/out", {"key": "out"})
    now = int(timezone.now().timestamp() // 60)
    rows = sorted(TripSeats().tail(now).rows("seats"), key=lambda row: row.seat_row)
    assert [(row.trip, row.seat_row, row.flags) for row in rows] == [
        (trip.place_id, 1, 0),
        (trip.place_id, 3, int(Flag.ASSUMED_END)),
    ]
    assert rows[1].end - rows[1].start in (120, 121)
    assert list(TripSeats().closed_since(0)) == []


def test_only_vehicles_open_trips() -> None:
    new = NewPlace(kind="market", name="Chợ Thái", commune_code="05443", commune_on=date(2026, 1, 1))
    market = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    with pytest.raises(UserError):
        trips.start(by=None, venue=market, plate="x", route="y")


def test_a_trip_that_was_run_without_network_is_told_afterwards_and_once(bus: Venue) -> None:
    _gate, token = open_gate(by=None, venue=bus, place=bus.place, name="Phụ xe")
    began, client = timezone.now() - timedelta(hours=3), Client()

    def tell(minutes: int, event: str, **more: str) -> str:
        at = (began + timedelta(minutes=minutes)).isoformat()
        body = {"id": f"{event}{minutes}", "at": at, "event": event, **more}
        headers = {"authorization": f"Bearer {token}"}
        return str(client.post("/api/venues/trip", body, "application/json", headers=headers).json()["status"])

    opened = {"plate": "20B-012.34", "route": "Thái Nguyên – Phổ Yên – Hà Nội, 07:00", "seat_layout": "2+2*3,5"}
    assert tell(0, "open", **opened) == "accepted"
    assert tell(0, "open", **opened) == "duplicate"
    said = [("a", "2C", "Phổ Yên"), ("b", "2c", "Phổ Yên"), ("c", "9", ""), ("d", "", "Hà Nội")]
    records = [
        ScanIn(
            id=own,
            at=began + timedelta(minutes=n),
            guest=Guest(name=f"Lò Mai {own}", tail=f"000{n}"),
            seat=seat,
            to=to,
        )
        for n, (own, seat, to) in enumerate(said, 1)
    ]
    verdicts = take(records, sender=Sender("gate:1", bus.place, 1, vehicle=True, late=True)).verdicts
    assert [one.status for one in verdicts] == ["accepted"] * 4
    assert tell(50, "stop", stop="Phổ Yên") == "accepted"
    assert tell(90, "close") == "accepted"
    assert tell(90, "close") == "duplicate"
    trip = Trip.objects.get()
    assert (trip.departs, trip.arrives) == (began, began + timedelta(minutes=90))
    found = list(SeatRecord.objects.order_by("boarded").values_list("label", "row", "alight_assumed"))
    # who sat on 2C first keeps it; of the other only the row is known
    assert found == [("2C", 2, True), ("", 2, True), ("", 9, False), ("", None, False)]
    left = SeatRecord.objects.filter(alight_assumed=True).values_list("alighted", flat=True)
    assert set(left) == {began + timedelta(minutes=50)}
    rows = TripSeats().tail(int(timezone.now().timestamp() // 60)).rows("seats")
    assert {row.flags for row in rows} == {int(Flag.ASSUMED_END)}
    assert not WorkItem.objects.exists()  # no list goes to anybody by itself


def test_whoever_is_scanned_again_has_left_and_nothing_is_assumed(bus: Venue, trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(departs=timezone.now() - timedelta(hours=2))
    for minutes, seat in ((60, "1A"), (20, "")):
        at = timezone.now() - timedelta(minutes=minutes)
        record = ScanIn(
            id=str(minutes), at=at, guest=Guest(name="Lò Thị Mai", tail="1234"), seat=seat, to="Hà Nội"
        )
        take([record], sender=Sender("gate:1", bus.place, 1, vehicle=True))
    found = SeatRecord.objects.get()
    assert (found.label, found.alight_assumed) == ("1A", False)
    assert found.alighted == Visit.objects.get().end


def test_the_stops_of_a_route() -> None:
    assert trips.stops_of("Thái Nguyên – Phổ Yên - Hà Nội, 07:00") == ["Phổ Yên", "Hà Nội"]
    assert trips.stops_of("Hà Nội") == []
