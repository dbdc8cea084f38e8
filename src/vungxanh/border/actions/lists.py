"""A carrier's passenger list: read as it comes, people registered, matched to declarations."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from vungxanh.border import imports, journeys, matching
from vungxanh.border.imports import Line
from vungxanh.border.keys import document_hash
from vungxanh.border.models import Declaration, PassengerLine, PassengerList
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.people.actions import bulk_register, extend_reach
from vungxanh.people.models import Officer
from vungxanh.people.queries import require, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.people.scope import SYSTEM

PURPOSE = "passenger list"


@transaction.atomic
def take(*, content: bytes, file_name: str, gate: str, flight: str, entry_on: date, by: Officer) -> PassengerList:
    """Keep a list and match it. Raises UserError of `exchange`, `border.bad-flight`, `border.no-passenger`."""
    require(by, Permission.BORDER_REVIEW)
    found, mapping = imports.passengers(content, timezone.localdate())
    if not found:
        raise UserError("border.no-passenger")
    where, key = journeys.gate(gate), journeys.flight(flight).key
    row = PassengerList.objects.create(  # scope: made for the gate named
        flight=key,
        entry_on=entry_on,
        gate=where.code,
        file_name=file_name[:200],
        sent_at=timezone.now(),
        sent_by=by.pk,
        mapping=mapping,
        scope_path=where.scope_path,
        scope_sector=Sector.BORDER,
    )
    good = [line for line in found if not line.fault]
    people = _registered(good, where.scope_path, by)
    states = _match(row, good)
    PassengerLine.objects.bulk_create(_line(row, line, people, states) for line in found)
    details = {"lines": len(found), "faults": len(found) - len(good)}
    audit.record(by=by, action="border:list:taken", subject=f"passenger-list:{row.pk}", details=details)
    return row


def _registered(lines: Sequence[Line], path: str, by: Officer) -> dict[int, int]:
    """Line -> person."""
    records = [
        PersonIn(
            name=line.name,
            sex=line.sex,
            birth_year=line.birth_year,
            documents=[DocumentIn("passport", line.document, line.nationality or "VNM")] if line.document else [],
            nationality=line.nationality or "VNM",
            scope_path=path,
            scope_sector=Sector.BORDER,
        )
        for line in lines
    ]
    ids = bulk_register(records, by=by, purpose=PURPOSE) if records else []
    if ids:
        extend_reach(persons=ids, scope_path=path, scope_sector=Sector.BORDER, reason="passenger list", by=by)
    return dict(zip((line.number for line in lines), ids, strict=True))


def _match(row: PassengerList, lines: Sequence[Line]) -> dict[int, matching.Pair]:
    declared = Declaration.objects.filter(  # scope: of the officer's own gate
        flight=row.flight, entry_on=row.entry_on, withdrawn_at=None
    ).order_by("declared_at")
    known = list(declared)
    people = reveal([one.person for one in known], by=SYSTEM, purpose=PURPOSE)
    travellers = [
        matching.Traveller(
            key=one.pk,
            name=people[one.person].name,
            document=bytes(one.document_hash).hex() if one.document_hash else "",
            birth_year=people[one.person].birth_year,
            flight=one.flight,
            seat=one.seat,
        )
        for one in known
        if one.person in people
    ]
    listed = [
        matching.Traveller(
            key=line.number,
            name=line.name,
            document=document_hash(line.document).hex() if line.document else "",
            birth_year=line.birth_year,
            flight=row.flight,
            seat=line.seat,
        )
        for line in lines
    ]
    return {pair.line: pair for pair in matching.match(listed, travellers).pairs}


def _line(
    row: PassengerList, line: Line, people: Mapping[int, int], states: Mapping[int, matching.Pair]
) -> PassengerLine:
    pair = states.get(line.number)
    return PassengerLine(
        of_list=row,
        line=line.number,
        person=people.get(line.number),
        seat=line.seat,
        state=pair.state if pair else "fault",
        declaration_id=pair.declaration if pair else None,
        differences=list(pair.differences) if pair else [],
        fault=line.fault,
    )
