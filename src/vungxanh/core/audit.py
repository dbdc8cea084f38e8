"""The audit trail: who did or looked at what, when and why. Append-only and hash-chained.

An event is written in the transaction of the change that it tells of, so that neither stands without the
other. Each row holds the hash of the row before it: a changed or removed row breaks the chain there. What the
chain cannot show, a cut tail or a chain rewritten from some row on, the seals show (`core.audit_seal`).

The lock that orders the chain is held to the end of the transaction: write the event last.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from vungxanh.core.errors import UserError

if TYPE_CHECKING:
    from vungxanh.core.models import AuditEvent

GENESIS = bytes(32)
#: any number that nothing else locks; the chain's lock and no other
_LOCK = 0x56585F4155444954


class Actor(Protocol):
    """An officer, as far as this module knows one."""

    @property
    def pk(self) -> Any: ...


By = Actor | int | None


@dataclass(frozen=True)
class Entry:
    """One event before it is written. `action` is `room:subject:verb`, `subject` `kind:id`."""

    action: str
    subject: str
    purpose: str = ""
    details: Mapping[str, object] | None = None


def record(
    *,
    by: By,
    action: str,
    subject: str,
    purpose: str = "",
    details: Mapping[str, object] | None = None,
) -> "AuditEvent":
    """Append one event in the caller's transaction (or one of its own) and return it.

    `by=None` is the system itself. `details` is JSON without names, numbers or addresses of people.
    """
    return record_many(by=by, entries=[Entry(action, subject, purpose, details)])[0]


def read(
    *, by: By, action: str, subjects: Iterable[str], purpose: str, details: Mapping[str, object] | None = None
) -> list["AuditEvent"]:
    """Record that identifiable people were looked at: one event a person.

    Raises UserError `core.purpose-needed` when no purpose is given: no purpose, no look.
    """
    if not purpose.strip():
        raise UserError("core.purpose-needed", field="purpose")
    return record_many(by=by, entries=[Entry(action, subject, purpose, details) for subject in subjects])


def record_many(*, by: By, entries: Sequence[Entry]) -> list["AuditEvent"]:
    """Append several events in one go; all or none."""
    from vungxanh.core.models import AuditEvent

    officer: int | None = by if by is None or isinstance(by, int) else by.pk
    with transaction.atomic():
        if not entries:
            return []
        seq, previous = _locked_head()
        now = timezone.now()
        events = []
        for number, entry in enumerate(entries, seq + 1):
            event = _event(number, now, officer, entry, previous)
            previous = bytes(event.hash)
            events.append(event)
        AuditEvent.objects.bulk_create(events)
    return events


def _locked_head() -> tuple[int, bytes]:
    """Number and hash of the last event, held still until the transaction ends."""
    with connection.cursor() as cursor:
        # two statements: a statement's snapshot is older than the lock that it waits for
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT seq, hash FROM core_auditevent ORDER BY seq DESC LIMIT 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, GENESIS)


def _event(seq: int, at: datetime, by: int | None, entry: Entry, previous: bytes) -> "AuditEvent":
    from vungxanh.core.models import AuditEvent

    if entry.action.count(":") != 2:
        raise ValueError(f"an action is room:subject:verb, not {entry.action!r}")
    event = AuditEvent(
        seq=seq,
        at=at,
        by=by,
        action=entry.action,
        subject=entry.subject,
        purpose=entry.purpose,
        details=canonical(entry.details or {}),
        previous=previous,
    )
    event.hash = digest(event)
    return event


def canonical(details: Mapping[str, object]) -> str:
    """One spelling of a JSON object, so that equal details hash equally."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(event: "AuditEvent") -> bytes:
    """SHA-256 over the hash before and every column, each preceded by its length."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    by = "" if event.by is None else str(event.by)
    columns = (str(event.seq), at, by, event.action, event.subject, event.purpose, event.details)
    hasher = hashlib.sha256(bytes(event.previous))
    for column in columns:
        raw = column.encode()
        hasher.update(len(raw).to_bytes(8, "big") + raw)
    return hasher.digest()


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the chain: `kind` removed | changed | broken | cut | rewritten | seal-forged."""

    seq: int
    kind: str
    text: str


def chain_faults(events: Iterable["AuditEvent"]) -> Iterator[Fault]:
    """Removed and changed rows of a chain given in order from its first row."""
    expected, previous = 1, GENESIS
    for event in events:
        if event.seq != expected:
            yield Fault(expected, "removed", f"rows {expected} to {event.seq - 1} are missing")
        elif bytes(event.previous) != previous:
            yield Fault(event.seq, "broken", f"row {event.seq} does not follow row {event.seq - 1}")
        if digest(event) != bytes(event.hash):
            yield Fault(event.seq, "changed", f"row {event.seq} is not what was written")
        expected, previous = event.seq + 1, bytes(event.hash)
