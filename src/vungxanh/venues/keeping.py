"""What a keeper changes of a place: its facts, who keeps it, that two are one, that it is over."""

from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.places import actions as places
from vungxanh.places.schemas import today
from vungxanh.places.seats import plan
from vungxanh.venues.actions import add_keeper, end_keeper
from vungxanh.venues.gate_rules import Asks, Mode, pack
from vungxanh.venues.models import Keeper, Venue
from vungxanh.venues.phones import hash_of


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a keeper may say of a place after it is registered."""

    name: str
    address: str = ""
    capacity: int | None = None
    usual_minutes: int | None = None
    closes_at: time | None = None
    help: str = ""
    asks: Asks = "visit"
    mode: Mode = "named"
    occupancy_public: bool = False
    visitor_register: bool = False
    ends_on: date | None = None
    seat_layout: str = ""


@transaction.atomic
def edit(*, by: audit.By, venue: Venue, facts: Facts) -> Venue:
    """Codes on paper keep working. Raises `venues.mode-ordered`, `venues.ends-before`, `places.bad-seat-…`."""
    ordered = pack().ordered_mode(venue.place.kind)
    if ordered and facts.mode != ordered:
        raise UserError("venues.mode-ordered", field="mode")
    if facts.ends_on and facts.ends_on < today():
        raise UserError("venues.ends-before", field="ends_on")
    if facts.seat_layout:
        plan(facts.seat_layout)
    place = venue.place
    if facts.name != place.name:
        places.rename(by=by, place=place, name=facts.name)
    place.address, place.capacity = facts.address[:300], facts.capacity
    place.usual_minutes, place.closes_at = facts.usual_minutes, facts.closes_at
    place.save(update_fields=["address", "capacity", "usual_minutes", "closes_at"])
    venue.help, venue.asks, venue.mode = facts.help[:40], facts.asks, facts.mode
    venue.occupancy_public, venue.visitor_register = facts.occupancy_public, facts.visitor_register
    venue.ends_on, venue.seat_layout = facts.ends_on, facts.seat_layout[:200]
    venue.save()
    audit.record(by=by, action="venues:venue:edit", subject=f"place:{venue.pk}")
    return venue


@transaction.atomic
def hand_over(*, by: audit.By, venue: Venue, from_phone: str, to_phone: str) -> Keeper:
    """Another number keeps the place from now on, and this one no more; its gates go on."""
    kept = add_keeper(by=by, venue=venue, phone=to_phone)
    # scope: the keeper's own row
    mine = Keeper.objects.filter(venue=venue, phone_hash=hash_of(from_phone), until=None).exclude(pk=kept.pk)
    for keeper in mine:
        end_keeper(by=by, keeper=keeper)
    return kept


@transaction.atomic
def numbers_of(place: int) -> list[str]:
    """Telephone numbers of whoever keeps the place now; for telling them, never for showing."""
    kept = Keeper.objects.filter(venue=place, until=None)  # scope: one place, for whoever tells its keepers
    return [str(keeper.phone.open()) for keeper in kept]


def end_number(*, by: audit.By, venue: Venue, keeper: Keeper) -> None:
    """Raises `venues.last-keeper`: somebody has to keep the place."""
    if venue.keepers.filter(until=None).count() < 2:
        raise UserError("venues.last-keeper", field="keeper")
    end_keeper(by=by, keeper=keeper)


@transaction.atomic
def merge(*, by: audit.By, venue: Venue, into: Venue) -> Venue:
    """`venue` was registered twice: its codes, gates and keepers are those of `into` from now on.

    Raises `places.merge-into-itself`.
    """
    places.merge(by=by, place=venue.place, into=into.place)
    venue.gates.update(venue=into, place=into.place)
    known = {bytes(one.phone_hash) for one in into.keepers.filter(until=None)}
    for keeper in venue.keepers.filter(until=None):
        if bytes(keeper.phone_hash) in known:
            end_keeper(by=by, keeper=keeper)
        else:
            keeper.venue = into
            keeper.save(update_fields=["venue"])
    audit.record(by=by, action="venues:venue:merge", subject=f"place:{venue.pk}", details={"into": into.pk})
    return into


def close_over(day: date | None = None) -> int:
    """The job that closes fairs and meetings after their last day. -> how many."""
    when = day or timezone.localdate()
    # scope: the system closes what is over
    over = list(Venue.objects.filter(ends_on__lt=when, place__closed=None).select_related("place"))
    for venue in over:
        places.close(by=None, place=venue.place, on=venue.ends_on)
    return len(over)
