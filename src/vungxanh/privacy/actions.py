"""What changes breaches, holds and reviews; each change is one transaction with one audit event."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit, retention
from vungxanh.core.errors import UserError
from vungxanh.core.models import LegalHold
from vungxanh.core.scope import Sector
from vungxanh.people.models import Officer
from vungxanh.privacy.law import breach_rule
from vungxanh.privacy.looks import flags
from vungxanh.privacy.models import Breach, LookReview
from vungxanh.privacy.register import records
from vungxanh.work.actions import cancel, put


class BreachIn(TypedDict):
    """What is known of a breach; all of it may be corrected until it is closed."""

    found_at: datetime
    began_at: datetime | None
    what: str
    where: str
    kinds: list[str]
    people: int | None
    consequences: str
    measures: str
    contact: str


@transaction.atomic
def write_breach(*, given: BreachIn, by: Officer, path: str) -> Breach:
    """Open the clock. Raises UserError `privacy.kinds-unknown`, `privacy.found-in-future`."""
    _check(given)
    due = given["found_at"] + timedelta(hours=breach_rule().hours)
    row = Breach.objects.create(
        **given, due=due, written_by=by.pk, scope_path=path, scope_sector=Sector.GOVERNMENT
    )
    _ask(row, by)
    audit.record(by=by, action="privacy:breach:written", subject=f"breach:{row.pk}", details={"kinds": row.kinds})
    return row


@transaction.atomic
def correct_breach(*, breach: Breach, given: BreachIn, by: Officer) -> None:
    """More is known. The clock runs from the moment it was found, corrected or not."""
    _must(breach, Breach.State.OPEN, Breach.State.TOLD)
    _check(given)
    for name, value in given.items():
        setattr(breach, name, value)
    breach.due = given["found_at"] + timedelta(hours=breach_rule().hours)
    breach.save()
    if breach.state == Breach.State.OPEN:
        _ask(breach, by)
    audit.record(by=by, action="privacy:breach:corrected", subject=f"breach:{breach.pk}")


@transaction.atomic
def tell_breach(*, breach: Breach, reference: str, late_because: str, by: Officer) -> None:
    """The authority has the notice. After the clock ran out a reason is owed (`privacy.late-reason`)."""
    _must(breach, Breach.State.OPEN)
    now = timezone.now()
    if not reference.strip():
        raise UserError("privacy.reference-needed", field="reference")
    if now > breach.due and not late_because.strip():
        raise UserError("privacy.late-reason", field="late_because")
    breach.state, breach.told_at = Breach.State.TOLD, now
    breach.reference, breach.late_because = reference.strip(), late_because.strip()
    breach.save()
    cancel(source=_source(breach), by=by)
    audit.record(by=by, action="privacy:breach:told", subject=f"breach:{breach.pk}")


@transaction.atomic
def close_breach(*, breach: Breach, by: Officer) -> None:
    """Everything was done. Raises UserError `privacy.measures-needed`."""
    _must(breach, Breach.State.TOLD)
    if not breach.measures.strip():
        raise UserError("privacy.measures-needed", field="measures")
    breach.state, breach.closed_at = Breach.State.CLOSED, timezone.now()
    breach.save()
    audit.record(by=by, action="privacy:breach:closed", subject=f"breach:{breach.pk}")


def _ask(breach: Breach, by: Officer) -> None:
    put(
        kind="privacy.breach",
        due=breach.due,
        source=_source(breach),
        scope_path=breach.scope_path,
        scope_sector=breach.scope_sector,
        by=by,
    )


def _source(breach: Breach) -> str:
    return f"privacy:breach:{breach.pk}"


def _check(given: BreachIn) -> None:
    if not given["kinds"] or not {record.key for record in records()}.issuperset(given["kinds"]):
        raise UserError("privacy.kinds-unknown", field="kinds")
    if given["found_at"] > timezone.now():
        raise UserError("privacy.found-in-future", field="found_at")


def _must(breach: Breach, *states: Breach.State) -> None:
    if breach.state not in states:
        raise UserError("privacy.not-now", state=breach.get_state_display())


@transaction.atomic
def hold(*, room: str, kind: str, reason: str, basis: str, by: Officer) -> LegalHold:
    """Nothing of this kind goes until it is lifted. Raises UserError `privacy.kind-unknown`, `privacy.held`."""
    known = {(one, entry.name) for one, entry in retention.kinds()}
    if (room, kind) not in known:
        raise UserError("privacy.kind-unknown", field="kind")
    if not reason.strip() or not basis.strip():
        raise UserError("privacy.hold-reason", field="reason" if not reason.strip() else "basis")
    try:
        with transaction.atomic():
            row = LegalHold.objects.create(room=room, kind=kind, reason=reason, basis=basis, by=by.pk)
    except IntegrityError:
        raise UserError("privacy.held", field="kind") from None
    audit.record(by=by, action="privacy:hold:set", subject=f"hold:{row.pk}", details={"kind": f"{room}.{kind}"})
    return row


@transaction.atomic
def lift(*, number: int, by: Officer) -> None:
    """What is over goes at the next run."""
    row = LegalHold.objects.select_for_update().filter(pk=number, lifted_at=None).first()
    if row is None:
        raise UserError("privacy.no-hold")
    row.lifted_at, row.lifted_by = timezone.now(), by.pk
    row.save()
    audit.record(by=by, action="privacy:hold:lifted", subject=f"hold:{row.pk}")


@transaction.atomic
def review(*, officer: int, day: str, rule: str, outcome: str, note: str, by: Officer) -> LookReview:
    """Decide of an unusual day; one's own day is for somebody else (`privacy.own-day`)."""
    if officer == by.pk:
        raise UserError("privacy.own-day")
    found = next((f for f in flags(400) if (f.officer, str(f.day), f.rule) == (officer, day, rule)), None)
    if found is None or found.reviewed or outcome not in LookReview.Outcome.values:
        raise UserError("privacy.no-such-day")
    if not note.strip():
        raise UserError("privacy.note-needed", field="note")
    made = LookReview.objects.create(
        officer=officer, day=found.day, rule=rule, outcome=outcome, note=note.strip()[:500], by=by.pk
    )
    audit.record(by=by, action="privacy:look:reviewed", subject=f"review:{made.pk}", details={"outcome": outcome})
    return made
