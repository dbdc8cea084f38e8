"""What changes venues, keepers, gates and the telephones that remember people."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import clean
from vungxanh.people import device as identity
from vungxanh.places import actions as places
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.badges import Where, persons
from vungxanh.venues.identify import of_guest
from vungxanh.venues.models import CitizenDevice, DeviceMember, Gate, Keeper, Venue
from vungxanh.venues.phones import hash_of
from vungxanh.venues.schemas import Guest

MOST_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What a keeper says of a venue besides the place itself."""

    help: str = ""
    asks: str = Venue.Asks.VISIT
    mode: str = Venue.Mode.NAMED
    occupancy_public: bool = False
    visitor_register: bool = False


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()[:16]


@transaction.atomic
def register_venue(*, by: audit.By, new: NewPlace, facts: VenueFacts, phone: str = "") -> Venue:
    """A place that records arrivals, kept by whoever proved `phone`, or confirmed by an officer without one."""
    place = places.create_place(by=by, new=new)
    officer = by if by is None or isinstance(by, int) else by.pk
    venue = Venue.objects.create(
        place=place,
        help=facts.help[:40],
        asks=facts.asks,
        mode=facts.mode,
        occupancy_public=facts.occupancy_public,
        visitor_register=facts.visitor_register,
        confirmed_by=None if phone else officer,
    )
    if phone:
        _keeper(venue, phone)
    audit.record(by=by, action="venues:venue:register", subject=f"place:{place.pk}")
    return venue


def _keeper(venue: Venue, phone: str) -> Keeper:
    known = Keeper.objects.filter(venue=venue, phone_hash=hash_of(phone), until=None).first()
    return known or Keeper.objects.create(venue=venue, phone=phone, phone_hash=hash_of(phone))


@transaction.atomic
def add_keeper(*, by: audit.By, venue: Venue, phone: str) -> Keeper:
    """One more number that may act for the venue; it proves itself when it first opens the page."""
    keeper = _keeper(venue, phone)
    audit.record(by=by, action="venues:keeper:add", subject=f"place:{venue.pk}", details={"keeper": keeper.pk})
    return keeper


@transaction.atomic
def set_rotating(*, by: audit.By, venue: Venue, on: bool) -> None:
    """With a changing code on a screen, the printed code only informs."""
    venue.rotating = on
    venue.save(update_fields=["rotating"])
    audit.record(by=by, action="venues:venue:rotating", subject=f"place:{venue.pk}", details={"on": on})


@transaction.atomic
def end_keeper(*, by: audit.By, keeper: Keeper) -> None:
    """A number that may not act any more. Handing a venue over is adding one and ending another."""
    keeper.until = timezone.now()
    keeper.save(update_fields=["until"])
    audit.record(
        by=by, action="venues:keeper:end", subject=f"place:{keeper.venue_id}", details={"keeper": keeper.pk}
    )


@transaction.atomic
def add_parts(*, by: audit.By, venue: Venue, kind: str, names: Sequence[str]) -> list[Place]:
    """Stalls, floors or rooms, one name each. Raises `venues.parts-needed`, `venues.too-many-parts`."""
    wanted = [name for name in map(clean, names) if name]
    if not wanted:
        raise UserError("venues.parts-needed", field="names")
    if len(wanted) > MOST_PARTS:
        raise UserError("venues.too-many-parts", field="names", most=MOST_PARTS, count=len(wanted))
    new = [NewPlace(kind=kind, name=name, commune_code="") for name in wanted]
    return places.create_places(by=by, new=new, parent=venue.place)


@transaction.atomic
def open_gate(*, by: audit.By, venue: Venue, place: Place, name: str) -> tuple[Gate, str]:
    """A device that may record for a venue, and the token that it keeps; we keep the token's hash."""
    token = secrets.token_urlsafe(24)
    gate = Gate.objects.create(venue=venue, place=place, name=clean(name)[:80], token_hash=token_hash(token))
    audit.record(by=by, action="venues:gate:open", subject=f"place:{place.pk}", details={"gate": gate.pk})
    return gate, token


@transaction.atomic
def revoke_gate(*, by: audit.By, gate: Gate) -> None:
    gate.revoked_at = timezone.now()
    gate.save(update_fields=["revoked_at"])
    audit.record(by=by, action="venues:gate:revoke", subject=f"place:{gate.place_id}", details={"gate": gate.pk})


@transaction.atomic
def new_device(token: str) -> CitizenDevice:
    """A telephone that will remember whom it stands for, under the token that it has in every room."""
    return CitizenDevice.objects.get_or_create(
        token_hash=token_hash(token), defaults={"known_as": _known_as(token)}
    )[0]


def _known_as(token: str) -> str:
    return (identity.hash_of(token) or b"").hex()


@transaction.atomic
def device_with(token: str) -> CitizenDevice | None:
    """The telephone with whoever was declared for on it: they need not say again who they are."""
    found = CitizenDevice.objects.filter(token_hash=token_hash(token)).first()
    holders = identity.people(token)
    if found is None and not holders:
        return None
    found = found or new_device(token)
    if not found.known_as:
        found.known_as = _known_as(token)
        found.save(update_fields=["known_as"])
    known = set(found.members.values_list("person", flat=True))
    for order, person in enumerate(holders):
        if person not in known:
            found.members.create(person_id=person, order=order)
    return found


@transaction.atomic
def remember_on_device(*, device: CitizenDevice, guest: Guest, place: Place, key: str) -> DeviceMember:
    """One more person that this telephone stands for. `key` is the form's own: pressed twice, it is one person."""
    where = Where(place.scope_path, place.pk, timezone.now())
    person = persons([of_guest(guest, where, f"phone:{key}")])[0]
    assert person  # a guest brings a name, so somebody is always found or made
    order = device.members.count()
    return DeviceMember.objects.get_or_create(device=device, person_id=person, defaults={"order": order})[0]


@transaction.atomic
def forget_device(*, device: CitizenDevice) -> None:
    """The telephone stands for nobody any more. What was recorded stays recorded."""
    device.delete()
