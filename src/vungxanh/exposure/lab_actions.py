"""A laboratory's list: a code for each positive result, with an answer for each record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.exposure import actions, alarms
from vungxanh.exposure.models import Code, Feed
from vungxanh.exposure.schemas import LabRecord, LabVerdict
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn

NAMESPACE = UUID("5f2d2f0e-7b0c-5b43-9c8e-6c1f2a4f4520")
#: no link, no diagnosis: a message on a table says nothing to whoever reads it
TEXT = "Ma cua ban: {code}. Nhap ma vao thiet bi trong 24 gio. Khong dua ma nay cho ai."


def codes_for(*, feed: Feed, records: Sequence[LabRecord], now: datetime) -> list[LabVerdict]:
    """One verdict a record: issued, duplicate (a code was given under this id before) or refused with the reason.

    The code goes by message where a number was sent, else it is in the answer. Each record stands alone: a wrong
    one refuses itself, and what was issued stays issued.
    """
    return [_one(feed, record, now) for record in records]


def _one(feed: Feed, record: LabRecord, now: datetime) -> LabVerdict:
    request = uuid5(NAMESPACE, f"{feed.pk}:{record.id}")
    if Code.objects.filter(request=request).exists():  # scope: the feed's own records
        return LabVerdict(record.id, "duplicate")
    try:
        with transaction.atomic():
            issued = actions.issue_code(
                case_id=record.case_id,
                onset=record.onset,
                by=None,
                report_type=record.report_type,
                request=request,
                scope_path=feed.scope_path,
                now=now,
            )
            if record.phone:
                send_code(code=issued.long, source=f"exposure-lab:{request}", address=record.phone, by=None)
    except UserError as exc:
        _ring(feed, exc, now)
        return LabVerdict(record.id, "refused", exc.code)
    if record.phone:
        return LabVerdict(record.id, "sent")
    return LabVerdict(record.id, "issued", short=issued.short, long=issued.long)


def _ring(feed: Feed, error: UserError, now: datetime) -> None:
    """A feed that has used up its quota is either a large outbreak or a leaked token: somebody should look."""
    if error.code != "exposure.code-quota":
        return
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if not alarms.rang_today("feed-quota", feed.scope_path, day):
        alarms.ring(kind="feed-quota", at=now, path=feed.scope_path, count=1)


def send_code(
    *, code: str, source: str, by: By, address: str = "", person: int | None = None, scope_path: str = "/"
) -> int:
    """The long code by SMS: the code alone, without a link. -> id of the batch."""
    persons = [] if person is None else [person]
    target: int | str = address if person is None else person
    asked = BatchIn(
        Channel.SMS,
        TEXT,
        source,
        persons=persons,
        addresses=[address] if person is None else [],
        values={target: {"code": code}},
        scope_path=scope_path,
    )
    return queue(asked, by=by)
