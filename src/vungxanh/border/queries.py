"""Reads of the border room; an officer's are scoped to their gates."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from vungxanh.border import clocks, entry_rules, journeys, keys, results
from vungxanh.border.models import Declaration, Hold, PassengerLine, PassengerList, Result
from vungxanh.codes import mrz
from vungxanh.codes.decode import decode
from vungxanh.core.errors import UserError
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.people.roles import Permission

#: a traveller may come days before or after the day they wrote
SPREAD = timedelta(days=3)


def by_token(token: str) -> Declaration | None:
    """The traveller's own, by the unguessable name in their address."""
    rows = Declaration.objects.filter(token=token)  # scope: whoever holds the token is the traveller
    return rows.first()


def seen(officer: HasGrants) -> "QuerySet[Declaration]":
    """Declarations for the officer's gates."""
    return scoped(Declaration.objects.all(), officer, Permission.BORDER_READ)


def expected(officer: HasGrants, day: date) -> "QuerySet[Declaration]":
    """Who is to come or came on `day`, those not yet dealt with first."""
    rows = seen(officer).filter(entry_on=day, withdrawn_at=None).select_related("review", "hold")
    return rows.order_by("review__at", "flight", "seat")


def held(officer: HasGrants) -> "QuerySet[Hold]":
    """Holds whose clocks still run, the oldest first."""
    rows = scoped(Hold.objects.filter(release_at=None, transfer_at=None), officer, Permission.BORDER_READ)
    return rows.select_related("declaration").order_by("started_at")


def scanned(text: str, officer: HasGrants, now: datetime) -> Declaration | None:
    """The declaration that a text leads to: our QR, a zone, a document number, or flight and seat."""
    own = results.read_code(text, now)
    if own is not None:
        return seen(officer).filter(pk=own[0]).first() if own[1] != "wrong-signature" else None
    numbers = document_numbers(text)
    hashes = [keys.document_hash(number) for number in numbers]
    rows = seen(officer).filter(document_hash__in=hashes, withdrawn_at=None)
    return rows.order_by("-declared_at").first() or _by_seat(text, officer, now)


def document_numbers(text: str) -> list[str]:
    """Numbers that the text may mean: of a zone, of a card, or as typed."""
    found = decode(text)
    if isinstance(found.value, mrz.Mrz):
        return [number for number in (found.value.number, found.value.personal_number) if number]
    fields = {name: found.fields[name] for name in ("number", "document") if name in found.fields}
    typed = re.sub(r"[\s.\-]", "", text).upper()
    return [*fields.values(), *([typed] if re.fullmatch(r"[A-Z0-9]{5,20}", typed) else [])]


def _by_seat(text: str, officer: HasGrants, now: datetime) -> Declaration | None:
    """`VN36 12A` of today."""
    flight, _, seat = text.strip().rpartition(" ")
    try:
        key, place = journeys.flight(flight).key, journeys.seat(seat)
    except UserError:
        return None
    today = timezone.localdate(now)
    rows = seen(officer).filter(flight=key, seat=place, withdrawn_at=None)
    return rows.filter(entry_on__range=(today - SPREAD, today + SPREAD)).order_by("-declared_at").first()


def earlier(declaration: Declaration, officer: HasGrants) -> "QuerySet[Declaration]":
    """Other entries of the same document or person, newest first."""
    same = Q(person=declaration.person)
    if declaration.document_hash:
        same |= Q(document_hash=declaration.document_hash)
    return seen(officer).filter(same).exclude(pk=declaration.pk).order_by("-declared_at")[:10]


def risk_areas(declaration: Declaration, result: Result) -> list[dict[str, Any]]:
    """Stays that touch a risk area of the rule that judged."""
    rule = results.rule(result.rule_key)
    pairs = entry_rules.matched_areas(rule, results.facts_of(declaration))
    return [{"country": stay.country, "since": stay.since, "until": stay.until} for stay, _ in pairs]


def readings(hold: Hold, now: datetime) -> list[clocks.Reading]:
    return clocks.read(hold.started_at, hold.steps, now)  # type: ignore[arg-type]


def lists(officer: HasGrants) -> "QuerySet[PassengerList]":
    """Passenger lists with their counts."""
    rows = scoped(PassengerList.objects.all(), officer, Permission.BORDER_READ)
    count = {
        name: Count("lines", filter=Q(lines__state=name)) for name in ("declared", "differs", "likely", "missing")
    }
    return rows.annotate(total=Count("lines"), **count).order_by("-sent_at")


def lines(row: PassengerList, officer: HasGrants) -> list[PassengerLine]:
    """Its lines, those that need somebody first."""
    order = ("missing", "differs", "likely", "fault", "declared")
    found = scoped(row.lines.all(), officer, Permission.BORDER_READ)
    ranks = {state: rank for rank, state in enumerate(order)}
    return sorted(found, key=lambda line: (ranks.get(line.state, 9), line.line))
