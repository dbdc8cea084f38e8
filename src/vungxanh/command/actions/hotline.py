"""Calls and rumours: written down, screened, verified or dismissed, called back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import NEXT, EventKind, EventState, HotlineEvent
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer


@transaction.atomic
def receive(
    *,
    kind: EventKind,
    text: str,
    caller: int | None,
    call_back_at: datetime | None,
    scope_path: str,
    scope_sector: str = "health",
    by: Officer,
) -> HotlineEvent:
    """Write down what was told. Raises UserError without words."""
    if not text.strip():
        raise UserError("command.event-without-words", field="text")
    made = HotlineEvent.objects.create(
        kind=kind,
        text=text.strip(),
        caller=caller,
        call_back_at=call_back_at,
        received_at=timezone.now(),
        received_by=by.pk,
        scope_path=scope_path,
        scope_sector=scope_sector,
    )
    audit.record(by=by, action="command:event:received", subject=f"event:{made.pk}", details={"kind": str(kind)})
    return made


@transaction.atomic
def move(*, event: HotlineEvent, state: EventState, outcome: str, by: Officer) -> None:
    """One step of screening. Raises UserError for a step that may not follow, or a decision without words."""
    if state not in NEXT[event.state]:
        raise UserError("command.event-step", state=event.get_state_display())
    decides = state in {EventState.VERIFIED, EventState.DISMISSED}
    if decides and not outcome.strip():
        raise UserError("command.event-without-outcome", field="outcome")
    event.state, event.outcome = state, outcome.strip() or event.outcome
    if decides:
        event.decided_at, event.decided_by = timezone.now(), by.pk
    event.save()
    audit.record(by=by, action="command:event:moved", subject=f"event:{event.pk}", details={"state": str(state)})


@transaction.atomic
def called_back(*, event: HotlineEvent, by: Officer) -> None:
    """The caller was reached."""
    event.called_back_at = timezone.now()
    event.save()
    audit.record(by=by, action="command:event:called-back", subject=f"event:{event.pk}")
