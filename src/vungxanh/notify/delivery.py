"""Delivering: claimed and written down before the provider is asked, so that a kill -9 doubles nothing.

A message whose lease ran out was being sent when its process died. Where the provider refuses doubles by key, it
is asked again with the same key; where it does not, the message is `uncertain` and a person decides.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from vungxanh.notify.actions import filled
from vungxanh.notify.adapters.null import NullAdapter
from vungxanh.notify.interface import Adapter, Channel, Message, PermanentFailure, TemporaryFailure, UnknownOutcome
from vungxanh.notify.limits import limit, retry
from vungxanh.notify.models import Delivery, PushSubscription
from vungxanh.notify.registry import adapter as adapter_of
from vungxanh.notify.schemas import Sent
from vungxanh.people.queries import contact_numbers

log = structlog.get_logger("notify")
State = Delivery.State
DRILL = "DIỄN TẬP – KHÔNG CÓ THẬT. "
#: messages claimed at once: few enough that a dead process holds few
CLAIM = 100


def deliver(channel: Channel, *, most: int = 1000, sleep: Callable[[float], None] = time.sleep) -> Sent:
    """Send what is due on a channel, at its rate and within today's quota. -> what was done."""
    provider, done = adapter_of(channel), Sent()
    if isinstance(provider, NullAdapter) and not settings.DEMO:
        return _wait(channel, done)
    _recover(channel, provider, done)
    left = min(most, left_today(channel))
    while left > 0:
        rows = _claim(channel, min(CLAIM, left))
        if not rows:
            break
        left -= len(rows)
        _send_all(rows, provider, done, 1 / limit(channel).per_second, sleep)
    if done != Sent():
        log.info("delivered", channel=str(channel), count=done.sent, refused=done.failed, provider=provider.name)
    return done


def _wait(channel: Channel, done: Sent) -> Sent:
    """Without a provider nothing may be called sent: it waits, and the log says so."""
    done.later = Delivery.objects.filter(batch__channel=channel, state=State.QUEUED).count()
    if done.later:
        log.warning("no-provider", channel=str(channel), count=done.later)
    return done


def left_today(channel: Channel) -> int:
    """How many may still leave today (a day of the installation's time zone)."""
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    gone = Delivery.objects.filter(batch__channel=channel, sent_at__gte=begin).count()
    return max(0, limit(channel).per_day - gone)


def _recover(channel: Channel, provider: Adapter, done: Sent) -> None:
    """What a dead process left behind."""
    lost = Delivery.objects.filter(batch__channel=channel, state=State.SENDING, lease_until__lt=timezone.now())
    if provider.deduplicates:
        lost.update(state=State.QUEUED)  # at its old time: not behind everybody who has waited less
    else:
        done.uncertain += lost.update(state=State.UNCERTAIN, failure="process-died")


def _claim(channel: Channel, count: int) -> list[Delivery]:
    """Mark the next messages as being sent, for this process alone."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_delivery SET state = 'sending', attempts = attempts + 1, lease_until = %s"
            " WHERE id IN (SELECT d.id FROM notify_delivery d JOIN notify_batch b ON b.id = d.batch_id"
            "  WHERE d.state = 'queued' AND d.next_at <= %s AND b.channel = %s"
            "  ORDER BY d.next_at, d.id LIMIT %s FOR UPDATE OF d SKIP LOCKED) RETURNING id",
            [now + timedelta(seconds=retry().lease_seconds), now, str(channel), count],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=ids).select_related("batch").order_by("pk"))


def _send_all(
    rows: list[Delivery], provider: Adapter, done: Sent, gap: float, sleep: Callable[[float], None]
) -> None:
    addresses = _addresses(rows)
    for row in rows:
        began = time.monotonic()
        _send_one(row, addresses.get(row.pk, ""), provider, done)
        sleep(max(0.0, gap - (time.monotonic() - began)))


def _addresses(rows: list[Delivery]) -> dict[int, str]:
    """Delivery -> address; people are asked for their number now, so a corrected one counts."""
    found = {row.pk: row.address.open() for row in rows if row.address is not None}
    persons = {row.pk: row.person for row in rows if row.person is not None}
    if rows[0].batch.channel == Channel.PUSH:
        known = _subscriptions(set(persons.values()))
    else:
        known = contact_numbers(set(persons.values()))
    return found | {pk: known[person] for pk, person in persons.items() if person in known}


def _subscriptions(persons: set[int]) -> dict[int, str]:
    rows = PushSubscription.objects.filter(person__in=persons, gone_at=None).order_by("pk")
    return {row.person: row.secrets.open() for row in rows if row.person is not None}


def _send_one(row: Delivery, address: str, provider: Adapter, done: Sent) -> None:
    if not address:
        return _fail(row, "no-address", done)
    try:
        receipt = provider.send(message_of(row, address))
    except PermanentFailure as exc:
        return _fail(row, exc.code, done)
    except UnknownOutcome as exc:
        return _later(row, exc.code, done) if provider.deduplicates else _uncertain(row, exc.code, done)
    except TemporaryFailure as exc:
        return _later(row, exc.code, done)
    row.state, row.sent_at, row.provider_id = State.SENT, timezone.now(), receipt.provider_id[:120]
    row.cost, row.failure = receipt.cost, ""
    row.save(update_fields=["state", "sent_at", "provider_id", "cost", "failure"])
    done.sent += 1
    done.cost += receipt.cost
    return None


def message_of(row: Delivery, address: str) -> Message:
    """The message as it leaves; in demonstration mode it says so first."""
    values = json.loads(row.values.open()) if row.values is not None else {}
    text = filled(row.batch.text.open(), values)
    return Message(row.key, address, (DRILL if settings.DEMO else "") + text, row.batch.subject)


def _fail(row: Delivery, code: str, done: Sent) -> None:
    row.state, row.failure = State.FAILED, code[:60]
    row.save(update_fields=["state", "failure"])
    done.failed += 1


def _uncertain(row: Delivery, code: str, done: Sent) -> None:
    row.state, row.failure = State.UNCERTAIN, code[:60]
    row.save(update_fields=["state", "failure"])
    done.uncertain += 1


def _later(row: Delivery, code: str, done: Sent) -> None:
    """Once more after a pause; after the last pause it has failed."""
    pauses = retry().seconds
    if row.attempts > len(pauses):
        return _fail(row, code, done)
    row.state, row.failure, row.next_at = State.QUEUED, code[:60], _after(pauses[row.attempts - 1])
    row.save(update_fields=["state", "failure", "next_at"])
    done.later += 1
    return None


def _after(seconds: int) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
