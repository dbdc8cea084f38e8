"""Reads of the border room; an officer's are scoped to their gates."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from vungxanh.border import clocks, entry_rules, journeys, keys, results
from vungxanh.border.models import (
    Aboard,
    Crossing,
    Declaration,
    DeskRecord,
    Hold,
    ListRequest,
    PassengerLine,
    PassengerList,
    Picture,
    Recall,
    Result,
    Voyage,
)
from vungxanh.border.numbers import document_numbers
from vungxanh.border.periods import days
from vungxanh.core.errors import UserError
from vungxanh.core.scope import HasGrants, Sector, may, scoped
from vungxanh.people.roles import Permission
from vungxanh.places.units import find
from vungxanh.work.models import WorkItem


def by_token(token: str) -> Declaration | None:
    """The traveller's own, by the unguessable name in their address."""
    rows = Declaration.objects.filter(token=token)  # scope: whoever holds the token is the traveller
    return rows.first()


def seen(officer: HasGrants) -> "QuerySet[Declaration]":
    """Declarations for the officer's gates."""
    return scoped(Declaration.objects.all(), officer, Permission.BORDER_READ)


def looked(officer: HasGrants) -> "QuerySet[Declaration]":
    """The same for those who see only their own part: immigration and border guard."""
    return scoped(Declaration.objects.all(), officer, Permission.BORDER_LOOK)


def ahead(persons: Sequence[int], now: datetime) -> Declaration | None:
    """The traveller's own declaration whose result still holds, the newest."""
    rows = Declaration.objects.filter(person__in=persons, withdrawn_at=None)  # scope: the device's own people
    return rows.filter(results__replaced_at=None, results__expires_at__gt=now).order_by("-declared_at").first()


def gates_of(officer: HasGrants, permission: Permission) -> list[journeys.Gate]:
    """Gates at which the officer may do this."""
    sector = str(Sector.BORDER)
    return [
        gate
        for gate in journeys.gates().values()
        if may(officer, permission, path=gate.scope_path, org=None, sector=sector)
    ]


def expected(officer: HasGrants, day: date) -> "QuerySet[Declaration]":
    """Who is to come or came on `day`, those not yet dealt with first."""
    rows = looked(officer).filter(entry_on=day, withdrawn_at=None).select_related("review", "hold")
    return rows.order_by("review__at", "flight", "seat")


def held(officer: HasGrants) -> "QuerySet[Hold]":
    """Holds whose clocks still run, the oldest first."""
    going = Q(release_at=None) & (Q(transfer_at=None) | Q(decision_at=None))
    rows = scoped(Hold.objects.filter(going), officer, Permission.BORDER_READ)
    return rows.select_related("declaration").order_by("started_at")


def scanned(text: str, officer: HasGrants, now: datetime) -> Declaration | None:
    """The declaration that a text leads to: our QR, a zone, a document number, or flight and seat."""
    own = results.read_code(text, now)
    if own is not None:
        return looked(officer).filter(pk=own[0]).first() if own[1] != "wrong-signature" else None
    numbers = document_numbers(text)
    hashes = [keys.document_hash(number) for number in numbers]
    rows = looked(officer).filter(document_hash__in=hashes, withdrawn_at=None)
    return rows.order_by("-declared_at").first() or _by_seat(text, officer, now)


def _by_seat(text: str, officer: HasGrants, now: datetime) -> Declaration | None:
    """`VN36 12A` of today."""
    flight, _, seat = text.strip().rpartition(" ")
    try:
        key, place = journeys.flight(flight).key, journeys.seat(seat)
    except UserError:
        return None
    today = timezone.localdate(now)
    rows = looked(officer).filter(flight=key, seat=place, withdrawn_at=None)
    return (
        rows.filter(entry_on__range=(today - days("spread"), today + days("spread")))
        .order_by("-declared_at")
        .first()
    )


def earlier(declaration: Declaration, officer: HasGrants) -> "QuerySet[Declaration]":
    """Other entries of the same document or person, newest first."""
    same = Q(person=declaration.person)
    if declaration.document_hash:
        same |= Q(document_hash=declaration.document_hash)
    return looked(officer).filter(same).exclude(pk=declaration.pk).order_by("-declared_at")[:10]


def risk_areas(declaration: Declaration, result: Result) -> list[dict[str, Any]]:
    """Stays that touch a risk area of the rule that judged."""
    rule = results.rule(result.rule_key)
    pairs = entry_rules.matched_areas(rule, results.facts_of(declaration))
    return [{"country": stay.country, "since": stay.since, "until": stay.until} for stay, _ in pairs]


def readings(hold: Hold, now: datetime) -> list[clocks.Reading]:
    return clocks.read(hold.started_at, hold.steps, now)  # type: ignore[arg-type]


def touched(recall: Recall, officer: HasGrants) -> list[Result]:
    """Results that a recall made, each with the class and rule it replaced, those that changed first."""
    rows = scoped(recall.results.all(), officer, Permission.BORDER_READ).select_related("declaration")
    before = Result.objects.filter(  # scope: of rows that are
        declaration=OuterRef("declaration"), replaced_at=recall.at, rule_key=recall.rule_key
    )
    told = rows.annotate(
        class_before=Coalesce(Subquery(before.values("class_id")[:1]), Value("")),
        rule_before=Coalesce(Subquery(before.values("rule_key")[:1]), Value("")),
    )
    same = ExpressionWrapper(Q(class_id=F("class_before")), output_field=BooleanField())
    return list(told.order_by(same, "pk"))


def lists(officer: HasGrants) -> "QuerySet[PassengerList]":
    """Passenger lists with their counts."""
    rows = scoped(PassengerList.objects.all(), officer, Permission.BORDER_READ)
    count = {
        name: Count("lines", filter=Q(lines__state=name)) for name in ("declared", "differs", "likely", "missing")
    }
    return rows.annotate(total=Count("lines"), **count).order_by("-sent_at")


def requests(officer: HasGrants) -> "QuerySet[ListRequest]":
    """Lists asked for, those still waited for first."""
    rows = scoped(ListRequest.objects.all(), officer, Permission.BORDER_READ)
    return rows.order_by(F("answer").asc(nulls_first=True), "-asked_at")


def lines(row: PassengerList, officer: HasGrants) -> list[PassengerLine]:
    """Its lines, those that need somebody first."""
    order = ("missing", "differs", "likely", "fault", "declared")
    found = scoped(row.lines.all(), officer, Permission.BORDER_READ)
    ranks = {state: rank for rank, state in enumerate(order)}
    return sorted(found, key=lambda line: (ranks.get(line.state, 9), line.line))


def party(declaration: Declaration, officer: HasGrants) -> "QuerySet[Declaration]":
    """Who travels with them, as declared."""
    if not declaration.party:
        return Declaration.objects.none()  # scope: nobody
    rows = looked(officer).filter(party=declaration.party, withdrawn_at=None)
    return rows.exclude(pk=declaration.pk).order_by("seat", "pk")


def kept_records(officer: HasGrants) -> "QuerySet[DeskRecord]":
    """What an offline desk sent and nobody has settled yet, the oldest first."""
    rows = scoped(DeskRecord.objects.all(), officer, Permission.BORDER_REVIEW)
    waiting = rows.filter(state=DeskRecord.State.KEPT, settled_at=None)
    return waiting.select_related("declaration").order_by("at")


def crossings(officer: HasGrants, day: date) -> "QuerySet[Crossing]":
    """Scans of frequent crossers of a day, the latest first."""
    rows = scoped(Crossing.objects.filter(at__date=day), officer, Permission.BORDER_CROSS)
    return rows.select_related("period").order_by("-at")


def voyages(officer: HasGrants, day: date) -> "QuerySet[Voyage]":
    """Vehicles of a day that people entered with at the officer's gates, with how many are known aboard."""
    rows = scoped(Voyage.objects.filter(on=day), officer, Permission.BORDER_READ)
    return rows.annotate(people=Count("aboard")).order_by("key")


def pictures(officer: HasGrants) -> "QuerySet[Picture]":
    """Photographs that health officers of the gate may open; immigration and border guard may not."""
    return scoped(Picture.objects.all(), officer, Permission.BORDER_READ)


def timeable(officer: HasGrants) -> "QuerySet[Voyage]":
    """Vehicles whose times the officer may write down."""
    return scoped(Voyage.objects.all(), officer, Permission.BORDER_REVIEW)


def aboard(officer: HasGrants, person: int) -> "QuerySet[Aboard]":
    """Voyages on which somebody was, newest first."""
    rows = scoped(Aboard.objects.filter(person=person), officer, Permission.BORDER_LOOK)
    return rows.select_related("voyage").order_by("-voyage__on")


def commune_state(declaration: Declaration) -> dict[str, Any] | None:
    """Whether the arrival commune has taken the person over: state and day, nothing of what they wrote."""
    item = (
        WorkItem.objects.filter(kind="border-follow", source=f"border:{declaration.pk}")  # scope: state alone
        .order_by("-made_at")
        .first()
    )
    if item is None:
        return None
    unit = item.scope_path.rstrip("/").rpartition("/")[2]
    name = find(unit, timezone.localdate())
    return {"state": item.state, "commune": name.full_name if name else unit, "late": item.escalation > 0}
