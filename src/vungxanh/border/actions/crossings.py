"""Frequent crossers: one declaration a period, then a scan at each crossing, with co-driver and hand-over yard."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from vungxanh.border import journeys, keys, results
from vungxanh.border.actions import voyages
from vungxanh.border.models import Crossing, Period
from vungxanh.border.numbers import document_numbers
from vungxanh.border.periods import hours, periods
from vungxanh.border.schemas import CrossingIn
from vungxanh.codes import signed
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector, scoped
from vungxanh.people.models import Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission
from vungxanh.work import actions as work


@transaction.atomic
def record(*, given: CrossingIn, by: Officer) -> Crossing:
    """Write one crossing down; the same `sender` again is the same crossing.

    Whoever is unwell ends their period: they declare anew and go the way of everybody with signs.
    Raises UserError `border.no-period`, `border.mate-unknown`, `border.unknown-gate`, `people.not-allowed`.
    """
    require(by, Permission.BORDER_CROSS)
    known = Crossing.objects.filter(sender=given.sender).first()  # scope: the device's own
    if known:
        return known
    gate, at = journeys.gate(given.gate), given.at or timezone.now()
    period = period_of(given.code, at, by)
    if period is None:
        raise UserError("border.no-period", field="code")
    mate = _mate(given.mate, at, by)
    row = Crossing.objects.create(  # scope: of the gate named
        sender=given.sender,
        period=period,
        person=period.declaration.person,
        mate=mate,
        gate=gate.code,
        way=given.way,
        at=at,
        vehicle=journeys.vehicle(given.vehicle)[:20],
        yard=given.yard.strip()[:60],
        temperature=given.temperature,
        unwell=given.unwell or _feverish(given.temperature),
        by=by.pk,
        scope_path=gate.scope_path,
        scope_sector=Sector.BORDER,
    )
    if row.vehicle:
        mates = [mate] if mate else []
        day = timezone.localdate(at)
        voyages.cab(key=row.vehicle, on=day, gate=gate, driver=row.person, mates=mates, by=by)
    if row.unwell:
        _unwell(row, by)
    audit.record(by=by, action="border:crossing:recorded", subject=f"crossing:{row.pk}", details={"way": row.way})
    return row


def _feverish(temperature: Decimal | None) -> bool:
    return temperature is not None and temperature >= Decimal(str(periods().fever_from))


def _unwell(row: Crossing, by: Officer) -> None:
    Period.objects.filter(pk=row.period_id, ended_at=None).update(ended_at=row.at)  # scope: of the row in hand
    work.put(
        kind="border-unwell",
        due=row.at + hours("unwell"),
        source=f"border-crossing:{row.pk}",
        person=row.person,
        reason=f"{row.gate} {row.vehicle}".strip(),
        scope_path=row.scope_path,
        scope_sector=Sector.BORDER,
        by=by,
    )


def period_of(text: str, at: datetime, by: Officer) -> Period | None:
    """The running period that a code, a zone or a document number leads to, within the officer's gates."""
    day: date = timezone.localdate(at)
    running = Period.objects.filter(since__lte=day, until__gte=day, ended_at=None, declaration__withdrawn_at=None)
    rows = scoped(running, by, Permission.BORDER_CROSS).select_related("declaration").order_by("-until")
    own = results.read_code(text, at)
    if own is not None:
        return rows.filter(declaration=own[0]).first() if own[1] == signed.Verdict.VALID else None
    hashes = [keys.document_hash(number) for number in document_numbers(text)]
    return rows.filter(declaration__document_hash__in=hashes).first()


def _mate(text: str, at: datetime, by: Officer) -> int | None:
    """The co-driver has a period too: who they are must be known before they go on."""
    if not text.strip():
        return None
    found = period_of(text, at, by)
    if found is None:
        raise UserError("border.mate-unknown", field="mate")
    return found.declaration.person
