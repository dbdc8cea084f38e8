"""Everything that changes places. Each action is one transaction with one audit event."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import h3
from django.db import connection, transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import path_of
from vungxanh.core.vietnamese import fold, sort_key
from vungxanh.places.boundaries import Boundary
from vungxanh.places.kinds import kind as known_kind
from vungxanh.places.models import CommuneBoundary, Place, PlaceFact, Trip
from vungxanh.places.schemas import NewPlace, commune, name_of_place, point, today
from vungxanh.places.seats import plan
from vungxanh.places.units import ancestors

#: edge of a cell of this resolution is about 200 m
H3_RESOLUTION = 9
FORMER_NAME = "places.former-name"


def create_place(*, by: audit.By, new: NewPlace, parent: Place | None = None) -> Place:
    """One place. Raises the UserErrors of `places.schemas` and `places.unknown-kind`."""
    return create_places(by=by, new=[new], parent=parent)[0]


@transaction.atomic
def create_places(*, by: audit.By, new: Sequence[NewPlace], parent: Place | None = None) -> list[Place]:
    """Many at once, all or none: the stalls of a market. One audit event, on the parent where there is one."""
    if not new:
        return []
    if parent is not None and parent.closed:
        raise UserError("places.place-closed", name=parent.name, day=parent.closed)
    places = [_place(number, one, parent) for number, one in zip(_numbers(len(new)), new, strict=True)]
    Place.objects.bulk_create(places)
    subject = parent or places[0]
    details = {"first": places[0].pk, "count": len(places)}
    audit.record(by=by, action="places:place:create", subject=f"place:{subject.pk}", details=details)
    return places


def _numbers(count: int) -> list[int]:
    """Ids before the rows: the path of a place ends with its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('places_place', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _place(number: int, new: NewPlace, parent: Place | None) -> Place:
    chosen, where = known_kind(new.kind), point(new.lat, new.lon)
    place = Place(
        id=number,
        kind=chosen.code,
        parent=parent,
        address=new.address[:300],
        lat=where[0] if where else None,
        lon=where[1] if where else None,
        h3=h3.latlng_to_cell(*where, H3_RESOLUTION) if where else "",
        opened=new.opened or today(),
        closed=new.closed,
        capacity=new.capacity,
        usual_minutes=new.usual_minutes,
    )
    _name(place, new.name)
    _locate(place, new, parent)
    place.scope_sector = parent.scope_sector if parent else chosen.sector
    place.scope_org = new.org if new.org is not None else parent.scope_org if parent else None
    return place


def _name(place: Place, name: str) -> None:
    place.name = name_of_place(name)
    place.name_folded, place.name_sort = fold(place.name), sort_key(place.name)


def _locate(place: Place, new: NewPlace, parent: Place | None) -> None:
    """A part lies where its whole lies."""
    if parent is not None:
        place.commune_code, place.commune_scheme = parent.commune_code, parent.commune_scheme
        place.scope_path = f"{parent.scope_path}p{place.pk}/"
        return
    found = commune(new.commune_code, new.commune_on)
    place.commune_code, place.commune_scheme = found.declared.code, found.declared.scheme
    place.scope_path = f"{found.path}p{place.pk}/"


@transaction.atomic
def rename(*, by: audit.By, place: Place, name: str) -> Place:
    """Another name; the former one stays as a fact. Codes on paper hold the number and keep working."""
    former = place.name
    _name(place, name)
    place.save(update_fields=["name", "name_folded", "name_sort"])
    put_fact(place=place, kind=FORMER_NAME, value={"name": former}, source="places")
    audit.record(by=by, action="places:place:rename", subject=f"place:{place.pk}")
    return place


@transaction.atomic
def close(*, by: audit.By, place: Place, on: date | None = None) -> Place:
    """Closed from that day, with all its parts; nothing is removed."""
    day = on or today()
    Place.objects.filter(scope_path__startswith=place.scope_path, closed=None).update(closed=day)
    place.closed = day
    audit.record(by=by, action="places:place:close", subject=f"place:{place.pk}", details={"day": day})
    return place


@transaction.atomic
def merge(*, by: audit.By, place: Place, into: Place) -> Place:
    """`place` was registered twice: its parts move to `into`, it closes, and its codes lead to `into`.

    Raises UserError `places.merge-into-itself`.
    """
    if into.scope_path.startswith(place.scope_path):
        raise UserError("places.merge-into-itself")
    _move_parts(place, into)
    place.merged_into, place.closed = into, today()
    place.save(update_fields=["merged_into", "closed"])
    audit.record(by=by, action="places:place:merge", subject=f"place:{place.pk}", details={"into": into.pk})
    return into


def _move_parts(place: Place, into: Place) -> None:
    """Everything below gets the path of its new whole."""
    place.parts.update(parent=into)
    below = Place.objects.filter(scope_path__startswith=place.scope_path).exclude(pk=place.pk)
    tail = Func(F("scope_path"), Value(len(place.scope_path) + 1), function="substr")
    below.update(
        scope_path=Func(Value(into.scope_path), tail, function="concat"),
        commune_code=into.commune_code,
        commune_scheme=into.commune_scheme,
        scope_sector=into.scope_sector,
    )


def put_fact(
    *,
    place: Place,
    kind: str,
    value: Any,
    source: str,
    at: datetime | None = None,
    valid_until: datetime | None = None,
) -> PlaceFact:
    """Publish something about a place for other rooms; the newest of a kind counts. Its room audits the deed."""
    now = at or timezone.now()
    return PlaceFact.objects.create(
        place=place, kind=kind, value=value, at=now, valid_until=valid_until, source=source
    )


@transaction.atomic
def open_trip(
    *,
    by: audit.By,
    vehicle: Place,
    plate: str,
    route: str,
    departs: datetime,
    arrives: datetime | None = None,
    seat_layout: str = "",
) -> Trip:
    """One run of a vehicle, as a place inside it. Raises UserError `places.bad-seat-layout`."""
    if seat_layout:
        plan(seat_layout)
    new = NewPlace(kind="trip", name=f"{plate} {route}"[:200], commune_code=vehicle.commune_code)
    place = create_place(by=by, new=new, parent=vehicle)
    return Trip.objects.create(
        place=place,
        vehicle=vehicle,
        plate=plate[:20],
        route=route[:200],
        departs=departs,
        arrives=arrives,
        seat_layout=seat_layout,
    )


@transaction.atomic
def put_boundaries(*, by: audit.By, boundaries: Iterable[Boundary], on: date, source: str) -> int:
    """Keep outlines of communes, a newer one in place of the older. All or nothing. -> how many."""
    done = 0
    for one in boundaries:
        path = path_of(*(unit.code for unit in reversed(ancestors(one.unit, on))), one.unit.code)
        CommuneBoundary.objects.update_or_create(
            commune_code=one.unit.code,
            commune_scheme=one.unit.scheme,
            defaults={
                "scope_path": path,
                "geometry": one.geometry,
                "islands": one.islands,
                "notes": list(one.notes),
                "source": source,
                "imported_at": timezone.now(),
            },
        )
        done += 1
    audit.record(
        by=by, action="places:boundaries:put", subject=f"boundaries:{source}"[:100], details={"kept": done}
    )
    return done
