"""Voyages and who was aboard: from declarations, lists and scans, so that a seat list is ready when needed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zlib import crc32

from django.db import connection, transaction
from django.utils import timezone

from vungxanh.border import journeys
from vungxanh.border.entry_rules import LEGS
from vungxanh.border.models import Aboard, Declaration, Voyage
from vungxanh.border.periods import days
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.people.models import Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission
from vungxanh.places.actions import create_place
from vungxanh.places.schemas import NewPlace

_LOCK = 0x424F5244
Role = Aboard.Role


@dataclass(frozen=True, slots=True)
class Seated:
    """One person aboard. `row` counts from the front; None where the seat is not known."""

    person: int
    seat: str = ""
    row: int | None = None
    role: str = Role.PASSENGER


def voyage(*, key: str, mode: str, on: date, gate: journeys.Gate, by: By) -> Voyage:
    """The run of this vehicle on this day; made with its place on first use."""
    with connection.cursor() as cursor:  # two at once would each make the place
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, crc32(f"{key} {on}".encode()) % 2**31])
    found = Voyage.objects.filter(key=key, on=on).first()  # scope: of the vehicle in hand
    if found:
        return found
    new = NewPlace(kind="trip", name=f"{key} {on:%d/%m/%Y}", commune_code=gate.commune)
    place = create_place(by=by, new=new)
    path = {"scope_path": gate.scope_path, "scope_sector": Sector.BORDER}
    return Voyage.objects.create(key=key, mode=mode, on=on, place=place.pk, **path)  # scope: of its gate


def board(row: Voyage, people: Sequence[Seated], source: str) -> None:
    """Write down who was aboard. What a person declared is not overwritten by a list that knows less."""
    known = {one.person: one for one in row.aboard.filter(person__in=[one.person for one in people])}
    now = timezone.now()
    fresh = [
        Aboard(
            voyage=row,
            person=one.person,
            seat=one.seat,
            row=one.row,
            role=one.role,
            source=source,
            made_at=now,
        )
        for one in {seated.person: seated for seated in people if seated.person not in known}.values()
    ]
    Aboard.objects.bulk_create(fresh, batch_size=1000)
    changed = [one for one in people if one.person in known and _better(known[one.person], one, source)]
    for one in changed:
        old = known[one.person]
        old.seat, old.row, old.source = one.seat or old.seat, one.row or old.row, source
        old.role = old.role if one.role == Role.PASSENGER else one.role
    Aboard.objects.bulk_update([known[one.person] for one in changed], ["seat", "row", "role", "source"])


def _better(old: Aboard, new: Seated, source: str) -> bool:
    """May `new` be written over `old`? Not after it became evidence; a declaration is more than a list."""
    if old.export_no is not None:
        return False
    return source == "declared" or old.source == source or (not old.seat and bool(new.seat))


def declared(*, declaration: Declaration, answers: Mapping[str, Any], by: By) -> None:
    """The declared journey: the vehicle of entry and the flights before it."""
    gate = journeys.gate(declaration.gate)
    key = declaration.flight or journeys.vehicle(declaration.vehicle)
    if key:
        row = voyage(key=key, mode=declaration.mode, on=declaration.entry_on, gate=gate, by=by)
        board(row, [_seated(declaration, answers)], "declared")
    for leg in LEGS:
        flight, on = answers.get(f"leg{leg}_flight"), answers.get(f"leg{leg}_on")
        if flight and on:
            seat = str(answers.get(f"leg{leg}_seat") or "")
            row = voyage(key=str(flight), mode="air", on=date.fromisoformat(on), gate=gate, by=by)
            board(row, [Seated(declaration.person, seat, journeys.seat_row(seat))], "declared")


def _seated(declaration: Declaration, answers: Mapping[str, Any]) -> Seated:
    seat = declaration.seat or str(answers.get("berth") or "")
    role = _role(declaration)
    row = journeys.seat_row(seat) if declaration.mode == "air" else 1 if role == Role.DRIVER else None
    return Seated(declaration.person, seat[:20], row, role)


def _role(declaration: Declaration) -> str:
    if not declaration.crew:
        return Role.PASSENGER
    return Role.DRIVER if declaration.mode in ("land", "coach") else Role.CREW


def leave(*, declaration: Declaration) -> None:
    """A corrected declaration is on no voyage any more, except where it is evidence already."""
    keys = {declaration.flight, journeys.vehicle(declaration.vehicle)}
    keys |= {str(declaration.answers.get(f"leg{leg}_flight") or "") for leg in LEGS}
    rows = Aboard.objects.filter(  # scope: of the declaration in hand
        person=declaration.person, voyage__key__in=keys - {""}, source="declared", export_no=None
    )
    rows.delete()


@transaction.atomic
def timed(*, row: Voyage, departs: datetime | None, arrives: datetime | None, by: Officer) -> None:
    """Times that a carrier told, scheduled or true; with both, nothing is assumed. Empty: not known.

    Raises UserError `border.arrives-first`, `border.times-too-far`, `border.voyage-is-evidence`.
    """
    require(by, Permission.BORDER_REVIEW)
    if departs and arrives and arrives <= departs:
        raise UserError("border.arrives-first", field="arrives")
    for name, told in (("departs", departs), ("arrives", arrives)):
        if told and abs(timezone.localdate(told) - row.on) > days("spread"):
            raise UserError("border.times-too-far", field=name, day=f"{row.on:%d/%m/%Y}")
    if row.aboard.exclude(export_no=None).exists():
        raise UserError("border.voyage-is-evidence")
    row.departs, row.arrives = departs, arrives
    row.save(update_fields=["departs", "arrives"])
    audit.record(by=by, action="border:voyage:timed", subject=f"voyage:{row.pk}")


def cab(*, key: str, on: date, gate: journeys.Gate, driver: int, mates: Iterable[int], by: By) -> Voyage:
    """Driver and mates of a lorry sit in one row."""
    row = voyage(key=journeys.vehicle(key), mode="land", on=on, gate=gate, by=by)
    people = [Seated(driver, "", 1, Role.DRIVER), *(Seated(mate, "", 1, Role.MATE) for mate in mates)]
    board(row, people, "scanned")
    return row
