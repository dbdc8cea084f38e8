"""Vehicles: the crew opens a trip, passengers scan the vehicle's one code and pick a seat, the crew ends the trip.

What is recorded at a vehicle while a trip runs belongs to the trip: people of the morning bus never met those of
the evening one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.places import actions as places
from vungxanh.places.models import Place, Trip
from vungxanh.places.seats import Seat, plan, row_of
from vungxanh.venues.models import SeatRecord, Venue

VEHICLES = {"vehicle", "goods-vehicle"}
#: a trip that its crew forgot to end is over by then
LONGEST = timedelta(hours=36)


def running(vehicle: Place, at: datetime | None = None) -> Trip | None:
    """The trip of a vehicle at a moment: begun, not ended, not forgotten."""
    if vehicle.kind not in VEHICLES:
        return None
    moment = at or timezone.now()
    trips = vehicle.trips.select_related("place").filter(departs__lte=moment, departs__gt=moment - LONGEST)
    newest = trips.order_by("-departs").first()
    return newest if newest and (newest.arrives is None or newest.arrives > moment) else None


@transaction.atomic
def start(*, by: audit.By, venue: Venue, plate: str, route: str, seat_layout: str = "") -> Trip:
    """A new trip; one that still runs ends now. Raises `venues.not-a-vehicle`, `places.bad-seat-layout`."""
    if venue.place.kind not in VEHICLES:
        raise UserError("venues.not-a-vehicle")
    now = timezone.now()
    before = running(venue.place, now)
    if before:
        end(by=by, trip=before)
    return places.open_trip(
        by=by, vehicle=venue.place, plate=plate, route=route, departs=now, seat_layout=seat_layout
    )


@transaction.atomic
def end(*, by: audit.By, trip: Trip) -> None:
    """Everybody who is still aboard has arrived."""
    trip.arrives = timezone.now()
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
