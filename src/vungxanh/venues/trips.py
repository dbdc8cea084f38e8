"""Vehicles: the crew opens a trip, passengers scan the vehicle's one code and pick a seat, the crew ends the trip.

What is recorded at a vehicle while a trip runs belongs to the trip: people of the morning bus never met those of
the evening one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.append import Verdict
from vungxanh.core.errors import UserError
from vungxanh.places import actions as places
from vungxanh.places.models import Place, Trip
from vungxanh.places.seats import Seat, plan, row_of
from vungxanh.venues.folding import BOUNCE, Direction
from vungxanh.venues.models import SeatRecord, Venue

if TYPE_CHECKING:
    from vungxanh.venues.asking import Asked
    from vungxanh.venues.schemas import Recorded, ScanIn, TripIn

VEHICLES = {"vehicle", "goods-vehicle"}
#: a trip that its crew forgot to end is over by then
LONGEST = timedelta(hours=36)
#: an opening that is sent again comes with a clock corrected anew
SAME_TRIP = timedelta(minutes=2)


def running(vehicle: Place, at: datetime | None = None) -> Trip | None:
    """The trip of a vehicle at a moment: begun, not ended, not forgotten."""
    if vehicle.kind not in VEHICLES:
        return None
    moment = at or timezone.now()
    trips = vehicle.trips.select_related("place").filter(departs__lte=moment, departs__gt=moment - LONGEST)
    newest = trips.order_by("-departs").first()
    return newest if newest and (newest.arrives is None or newest.arrives > moment) else None


@transaction.atomic
def start(
    *, by: audit.By, venue: Venue, plate: str, route: str, seat_layout: str = "", at: datetime | None = None
) -> Trip:
    """A new trip; one that still runs ends now. `at`: it was opened then, without network.

    Raises `venues.not-a-vehicle`, `places.bad-seat-layout`.
    """
    if venue.place.kind not in VEHICLES:
        raise UserError("venues.not-a-vehicle")
    now = at or timezone.now()
    before = running(venue.place, now)
    if before:
        end(by=by, trip=before, at=now)
    return places.open_trip(
        by=by, vehicle=venue.place, plate=plate, route=route, departs=now, seat_layout=seat_layout
    )


@transaction.atomic
def end(*, by: audit.By, trip: Trip, at: datetime | None = None) -> None:
    """Everybody who is still aboard has arrived."""
    trip.arrives = at or timezone.now()
    trip.save(update_fields=["arrives"])
    places.close(by=by, place=trip.place)


def take_seat(*, trip: Trip, people: Sequence[int], label: str) -> None:
    """The first of `people` sits at `label`, the others somewhere: their rows stay unknown.

    Raises `venues.no-such-seat`, `venues.seat-taken`.
    """
    wanted = label.strip().upper()
    row = row_of(trip.seat_layout, wanted) if wanted and trip.seat_layout else None
    if wanted and trip.seat_layout and row is None:
        raise UserError("venues.no-such-seat", field="seat", value=wanted[:8])
    if wanted and trip.seats.filter(label=wanted, alighted=None).exclude(person__in=people).exists():
        raise UserError("venues.seat-taken", field="seat", value=wanted[:8])
    now = timezone.now()
    for place, person in enumerate(people):
        known = {"label": wanted, "row": row} if place == 0 and wanted else {}
        SeatRecord.objects.update_or_create(
            trip=trip,
            person=person,
            defaults={**known, "alighted": None},
            create_defaults={**known, "boarded": now},
        )


def leave(*, trip: Trip, people: Sequence[int]) -> None:
    trip.seats.filter(person__in=people, alighted=None).update(alighted=timezone.now())


def stops_of(route: str) -> list[str]:
    """The stops after the first, as the route names them: `Thái Nguyên – Phổ Yên – Hà Nội, 07:00`."""
    parts = [part.strip() for part in route.split(",")[0].replace(" - ", "–").split("–")]
    return [part[:60] for part in parts[1:] if part]


def reach(*, trip: Trip, stop: str, at: datetime) -> int:
    """The vehicle is at a stop: whoever was going there is assumed to leave, and marked so. -> how many."""
    going = trip.seats.filter(to_stop=stop, alighted=None, boarded__lte=at)
    return going.update(alighted=at, alight_assumed=True)


def seat_passengers(asked: "Sequence[Asked]", new: "Sequence[Recorded]") -> None:
    """Seats and stops that the crew's gate sent along, in the caller's transaction.

    A record is never refused for its seat: where that is taken or on no plan, what is known of the row stays.
    """
    said = {one.person: one.record for one in asked if one.record.seat or one.record.to}
    rows = [row for row in new if row.person in said and row.direction != Direction.OUT]
    # scope: the trips of the vehicle that sends
    trips = {trip.pk: trip for trip in Trip.objects.filter(pk__in={row.place_id for row in rows})} if rows else {}
    for row in rows:
        if row.place_id in trips:
            _seat(trips[row.place_id], row, said[row.person])


def _seat(trip: Trip, row: "Recorded", record: "ScanIn") -> None:
    wanted, known = record.seat.strip().upper(), dict[str, str | int]()
    if record.to:
        known["to_stop"] = record.to
    found = row_of(trip.seat_layout, wanted) if wanted and trip.seat_layout else None
    if wanted.isdecimal():
        known["row"] = int(wanted)
    elif found:
        known["row"] = found
        if not trip.seats.filter(label=wanted, alighted=None).exclude(person=row.person).exists():
            known["label"] = wanted
    aboard = trip.seats.filter(person=row.person, boarded__lte=row.at - BOUNCE, alighted=None)
    if not record.seat and aboard.update(alighted=row.at):  # scanned once more: they leave
        return
    SeatRecord.objects.update_or_create(
        trip=trip, person=row.person, defaults=known, create_defaults={**known, "boarded": row.at}
    )


@transaction.atomic
def take_event(given: "TripIn", *, venue: Venue, at: datetime) -> Verdict:
    """What the crew did without network, in the order of its times; sending it again is harmless."""
    trip = running(venue.place, at)
    if given.event == "open":
        near = (at - SAME_TRIP, at + SAME_TRIP)
        if venue.place.trips.filter(plate=given.plate, departs__range=near).exists():
            return Verdict(given.id, "duplicate")
        start(by=None, venue=venue, plate=given.plate, route=given.route, seat_layout=given.seat_layout, at=at)
        return Verdict(given.id, "accepted")
    if trip is None:
        return Verdict(given.id, "duplicate")
    if given.event == "stop":
        reach(trip=trip, stop=given.stop, at=at)
    else:
        end(by=None, trip=trip, at=at)
    return Verdict(given.id, "accepted")


@dataclass(frozen=True, slots=True)
class Choice:
    """A seat on the drawing."""

    seat: Seat
    taken: bool


def drawing(trip: Trip) -> list[list[list[Choice]]]:
    """Rows of groups of seats with those that are taken; empty where the vehicle has no plan."""
    if not trip.seat_layout:
        return []
    taken = set(trip.seats.filter(alighted=None).values_list("label", flat=True))
    return [[[Choice(s, s.label in taken) for s in group] for group in row] for row in plan(trip.seat_layout)]
