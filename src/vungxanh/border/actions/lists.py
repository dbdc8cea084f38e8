"""Lists of carriers and hotels: asked for, read as they come, matched, compared with the list before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.border import imports, journeys, matching
from vungxanh.border.actions import voyages
from vungxanh.border.imports import Line
from vungxanh.border.keys import document_hash
from vungxanh.border.models import Aboard, Declaration, ListRequest, PassengerLine, PassengerList
from vungxanh.border.periods import days, hours
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.notify import actions as notify
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.actions import bulk_register, extend_reach
from vungxanh.people.models import Officer
from vungxanh.people.queries import require, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.people.scope import SYSTEM
from vungxanh.work import actions as work

PURPOSE = "passenger list"
HOTEL, CARRIER = PassengerList.Kind.HOTEL, PassengerList.Kind.CARRIER
REQUEST = """Kính gửi {who},
Đề nghị gửi danh sách {what} ngày {day:%d/%m/%Y} trước {due:%H:%M %d/%m/%Y}:
họ tên, số giấy tờ, ngày sinh, quốc tịch{seat}.
Tệp CSV hoặc Excel, theo mẫu có sẵn của đơn vị.

Please send the list of {what_en} of {day:%d/%m/%Y} by {due:%H:%M %d/%m/%Y}:
name, document, birth date, nationality{seat_en}.
CSV or Excel, in your own layout."""


@dataclass(frozen=True, slots=True)
class Of:
    """Whose list it is: a carrier's of a flight, or a hotel's by its name."""

    gate: str
    entry_on: date
    flight: str = ""
    kind: str = CARRIER
    sender_name: str = ""


@dataclass(slots=True)
class _Reading:
    """Line number -> hash of the document, person, pair of the matching, line of the list before."""

    hashes: dict[int, bytes] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    pairs: dict[int, matching.Pair] = field(default_factory=dict)
    before: dict[int, PassengerLine] = field(default_factory=dict)


@transaction.atomic
def take(
    *,
    content: bytes,
    file_name: str,
    gate: str,
    flight: str,
    entry_on: date,
    kind: str = CARRIER,
    sender_name: str = "",
    by: Officer,
) -> PassengerList:
    """Keep a list and match it; a newer list of the same flight is compared with the one before.

    Raises UserError of `exchange`, `border.bad-flight`, `border.no-passenger`.
    """
    require(by, Permission.BORDER_REVIEW)
    found, mapping = imports.passengers(content, timezone.localdate())
    if not found:
        raise UserError("border.no-passenger")
    where, key = journeys.gate(gate), journeys.flight(flight).key if kind == CARRIER else ""
    of = Of(where.code, entry_on, key, kind, sender_name.strip()[:120])
    before = _before(of)
    row = PassengerList.objects.create(  # scope: made for the gate named
        kind=kind,
        sender_name=of.sender_name,
        flight=key,
        entry_on=entry_on,
        gate=where.code,
        file_name=file_name[:200],
        sent_at=timezone.now(),
        sent_by=by.pk,
        mapping=mapping,
        replaces=before,
        scope_path=where.scope_path,
        scope_sector=Sector.BORDER,
    )
    good = [line for line in found if not line.fault]
    reading = _read(row, good, where.scope_path, by)
    lines = PassengerLine.objects.bulk_create(_line(row, line, reading) for line in found)
    _compare(row, lines)
    _board(row, lines, where, by)
    _answered(row, by)
    details = {"lines": len(found), "faults": len(found) - len(good), "replaces": before.pk if before else None}
    audit.record(by=by, action="border:list:taken", subject=f"passenger-list:{row.pk}", details=details)
    return row


def _before(of: Of) -> PassengerList | None:
    """The newest list of the same flight or hotel and day."""
    same = PassengerList.objects.filter(  # scope: of the gate in hand
        kind=of.kind, flight=of.flight, sender_name=of.sender_name, entry_on=of.entry_on, gate=of.gate
    )
    return same.order_by("-sent_at", "-pk").first()


def _read(row: PassengerList, good: Sequence[Line], path: str, by: Officer) -> _Reading:
    """Whoever declared, or stood on the list before, is that person; only the others are registered."""
    reading = _Reading({line.number: document_hash(line.document) for line in good if line.document})
    declared = {one.pk: one for one in _declared(row, reading.hashes)}
    reading.pairs = _match(row, good, list(declared.values()))
    known = {bytes(one.document_hash): one for one in _lines_of(row.replaces) if one.document_hash}
    reading.before = {n: known[digest] for n, digest in reading.hashes.items() if digest in known}
    for line in good:
        pair, old = reading.pairs[line.number], reading.before.get(line.number)
        if pair.declaration:
            reading.people[line.number] = declared[pair.declaration].person
        elif old is not None and old.person:
            reading.people[line.number] = old.person
    reading.people |= _registered([line for line in good if line.number not in reading.people], path, by)
    return reading


def _lines_of(row: PassengerList | None) -> "QuerySet[PassengerLine]":
    return (
        PassengerLine.objects.filter(of_list=row) if row else PassengerLine.objects.none()
    )  # scope: list in hand


def _declared(row: PassengerList, hashes: Mapping[int, bytes]) -> "QuerySet[Declaration]":
    """Of a flight: everybody who declared it. Of a hotel: who entered lately with one of these documents."""
    rows = Declaration.objects.filter(withdrawn_at=None).order_by("declared_at")  # scope: of the officer's gate
    if row.kind == CARRIER:
        around = (row.entry_on - days("spread"), row.entry_on + days("spread"))
        return rows.filter(flight=row.flight, entry_on__range=around)
    since = row.entry_on - days("reach")
    return rows.filter(document_hash__in=list(hashes.values()), entry_on__range=(since, row.entry_on))


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


def _match(row: PassengerList, lines: Sequence[Line], known: Sequence[Declaration]) -> dict[int, matching.Pair]:
    people = reveal([one.person for one in known], by=SYSTEM, purpose=PURPOSE)
    travellers = [
        matching.Traveller(
            key=one.pk,
            name=people[one.person].name,
            document=bytes(one.document_hash).hex() if one.document_hash else "",
            birth_year=people[one.person].birth_year,
            flight=row.flight,
            seat=one.seat,
            day=one.entry_on.isoformat(),
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
            seat=line.seat if row.kind == CARRIER else "",
            day=row.entry_on.isoformat() if row.kind == CARRIER else "",
        )
        for line in lines
    ]
    return {pair.line: pair for pair in matching.match(listed, travellers).pairs}


def _line(row: PassengerList, line: Line, reading: _Reading) -> PassengerLine:
    pair = reading.pairs.get(line.number)
    return PassengerLine(
        of_list=row,
        line=line.number,
        person=reading.people.get(line.number),
        document_hash=reading.hashes.get(line.number),
        seat=line.seat,
        state=pair.state if pair else "fault",
        declaration_id=pair.declaration if pair else None,
        differences=list(pair.differences) if pair else [],
        fault=line.fault,
    )


def _compare(row: PassengerList, lines: Sequence[PassengerLine]) -> None:
    """Against the list before: who is new, who sits elsewhere, who is gone."""
    if row.replaces is None:
        return
    old = {one.person: one for one in _lines_of(row.replaces) if one.person}
    for line in lines:
        before = old.get(line.person or 0)
        line.change = "new" if before is None else "moved" if before.seat != line.seat else ""
    PassengerLine.objects.bulk_update(lines, ["change"], batch_size=1000)
    row.gone = sorted(set(old) - {line.person for line in lines if line.person})
    row.save(update_fields=["gone"])


def _board(row: PassengerList, lines: Sequence[PassengerLine], gate: journeys.Gate, by: Officer) -> None:
    """Seats for the seat list; whoever is gone from the newer list was not aboard, unless they declared so."""
    if row.kind != CARRIER:
        return
    run = voyages.voyage(key=row.flight, mode="air", on=row.entry_on, gate=gate, by=by)
    seated = [voyages.Seated(one.person, one.seat, journeys.seat_row(one.seat)) for one in lines if one.person]
    voyages.board(run, seated, "listed")
    gone = Aboard.objects.filter(voyage=run, person__in=row.gone, source="listed")  # scope: of the voyage in hand
    gone.filter(export_no=None).delete()


def came(*, declaration: Declaration) -> None:
    """Somebody declares who stood on a list as not declared: the line is theirs now, and so is the seat."""
    if not declaration.document_hash or not declaration.flight:
        return
    lines = PassengerLine.objects.filter(  # scope: of the declaration in hand
        of_list__flight=declaration.flight,
        of_list__entry_on=declaration.entry_on,
        document_hash=declaration.document_hash,
    )
    for line in lines.exclude(person=None):
        differs = ["seat"] if line.seat and declaration.seat and line.seat != declaration.seat else []
        others = Aboard.objects.filter(  # scope: of the line in hand
            voyage__key=declaration.flight,
            voyage__on=declaration.entry_on,
            person=line.person or 0,
            source="listed",
        )
        others.exclude(person=declaration.person).filter(export_no=None).delete()
        line.person, line.declaration, line.differences = declaration.person, declaration, differs
        line.state = "differs" if differs else "declared"
        line.save()


# ------------------------------------------------------------------ asking for lists


@transaction.atomic
def ask(*, of: Of, asked_of: str, email: str = "", by: Officer) -> ListRequest:
    """Ask a carrier or a hotel for its list; due in some hours, on the gate's work list until it comes.

    Raises UserError `border.bad-flight`, `people.not-allowed`.
    """
    require(by, Permission.BORDER_REVIEW)
    where, now = journeys.gate(of.gate), timezone.now()
    row = ListRequest.objects.create(  # scope: of the gate named
        kind=of.kind,
        asked_of=asked_of.strip()[:120],
        gate=where.code,
        flight=journeys.flight(of.flight).key if of.kind == CARRIER else "",
        entry_on=of.entry_on,
        asked_at=now,
        asked_by=by.pk,
        due=now + hours("request"),
        scope_path=where.scope_path,
        scope_sector=Sector.BORDER,
    )
    work.put(
        kind="border-request",
        due=row.due,
        source=f"border-request:{row.pk}",
        reason=f"{row.asked_of} {row.flight} {row.entry_on:%d/%m/%Y}",
        scope_path=where.scope_path,
        scope_sector=Sector.BORDER,
        by=by,
    )
    if email:
        _write(row, email, by)
    audit.record(by=by, action="border:list:asked", subject=f"list-request:{row.pk}", details={"kind": row.kind})
    return row


def letter(row: ListRequest) -> str:
    """The request in both languages."""
    hotel = row.kind == HOTEL
    due = timezone.localtime(row.due)
    return REQUEST.format(
        who=row.asked_of,
        what="khách lưu trú" if hotel else f"hành khách và tổ bay chuyến {row.flight}",
        what_en="guests" if hotel else f"passengers and crew of {row.flight}",
        day=row.entry_on,
        due=due,
        seat="" if hotel else ", số ghế",
        seat_en="" if hotel else ", seat",
    )


def _write(row: ListRequest, email: str, by: Officer) -> None:
    asked = BatchIn(
        channel=Channel.EMAIL,
        text=letter(row),
        subject=f"Danh sách / list {row.flight or row.asked_of} {row.entry_on:%d/%m/%Y}",
        source=f"border-request:{row.pk}",
        addresses=(email,),
        citizen=False,
        scope_path=row.scope_path,
        scope_sector=row.scope_sector,
    )
    notify.queue(asked, by=by)


def _answered(row: PassengerList, by: Officer) -> None:
    """The list that came answers the request for it."""
    waiting = ListRequest.objects.filter(  # scope: of the gate in hand
        kind=row.kind, gate=row.gate, entry_on=row.entry_on, answer=None
    )
    mine = waiting.filter(flight=row.flight) if row.kind == CARRIER else waiting.filter(asked_of=row.sender_name)
    for one in mine:
        one.answer = row
        one.save(update_fields=["answer"])
        work.cancel(source=f"border-request:{one.pk}", by=by)
