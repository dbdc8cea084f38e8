"""Queue messages. Each recipient of a batch gets one, however often the batch is asked for."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import encrypt, keyed_hash
from vungxanh.notify import rules
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Batch, Delivery, PushSubscription
from vungxanh.notify.schemas import BatchIn, Values

_VALUE = re.compile(r"[\w \-.:/]{1,40}")
#: channels whose text stands on a screen that others see
ON_SCREEN = {Channel.SMS, Channel.ZALO, Channel.VOICE, Channel.PUSH}


def official_address() -> str:
    """The address that people type: the one domain that a message to them may name."""
    return os.environ.get("VUNGXANH_OFFICIAL_ADDRESS", "")


_numbers_elsewhere: list[Callable[[str], Sequence[str]]] = []


def register_numbers(elsewhere: Callable[[str], Sequence[str]]) -> None:
    """Who keeps the directory says which numbers of a text are not in it; a text to citizens may name no other."""
    _numbers_elsewhere[:] = [elsewhere]


def _only_known_numbers(text: str) -> None:
    found = [number for judge in _numbers_elsewhere for number in judge(text)]
    if found:
        raise UserError("notify.number-elsewhere", field="text", found=", ".join(found))


def check(asked: BatchIn) -> None:
    """Raises UserError `notify.link`, `.diagnosis`, `.class`, `.too-long`, `.number-elsewhere`, `.value-odd`,
    `.channel-unknown`."""
    if asked.channel not in {str(channel) for channel in Channel}:
        raise UserError("notify.channel-unknown", field="channel", channel=asked.channel)
    for values in asked.values.values():
        for name, value in values.items():
            if not _VALUE.fullmatch(value):
                raise UserError("notify.value-odd", field="values", name=name)
    if asked.citizen:
        _only_known_numbers(asked.text)
    if asked.citizen and asked.channel in ON_SCREEN:
        for text in _samples(asked):
            rules.check(text, official_address())


def _samples(asked: BatchIn) -> set[str]:
    """The bare text, and every text that the values make of it."""
    return {asked.text} | {filled(asked.text, values) for values in asked.values.values()}


def filled(text: str, values: Values) -> str:
    """`{code}` replaced; what has no value stays as it stands."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match.group(1), match.group()), text)


@transaction.atomic
def queue(asked: BatchIn, *, by: By) -> int:
    """Put a batch on its way. -> batch id; the same source and channel again add only new recipients."""
    check(asked)
    batch, made = Batch.objects.get_or_create(
        source=asked.source,
        channel=asked.channel,
        defaults={
            "text": asked.text,
            "subject": asked.subject,
            "scope_path": asked.scope_path,
            "scope_sector": asked.scope_sector,
            "made_by": by if by is None or isinstance(by, int) else by.pk,
        },
    )
    added = _queue_plain(batch, [p for p in asked.persons if p not in asked.values])
    added += _queue_valued(batch, {p: asked.values[p] for p in asked.persons if p in asked.values}, {})
    added += _queue_valued(batch, {}, {a: asked.values.get(a, {}) for a in asked.addresses})
    audit.record(
        by=by,
        action="notify:batch:queued",
        subject=f"batch:{batch.pk}",
        details={"channel": asked.channel, "source": asked.source, "added": added, "new": made},
    )
    return batch.pk


def _queue_plain(batch: Batch, persons: list[int]) -> int:
    """A million people in one statement; nothing of theirs is copied, the address is asked for when it leaves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_delivery"
            " (batch_id, person, recipient, state, attempts, next_at, provider_id, cost, failure)"
            " SELECT %s, p, 'p' || p, 'queued', 0, now(), '', 0, '' FROM unnest(%s::bigint[]) p"
            " ON CONFLICT (batch_id, recipient) DO NOTHING",
            [batch.pk, persons],
        )
        return int(cursor.rowcount)


def _queue_valued(batch: Batch, persons: Mapping[int, Values], addresses: Mapping[str, Values]) -> int:
    now = timezone.now()
    rows = [
        Delivery(batch=batch, person=person, recipient=f"p{person}", values=json.dumps(dict(values)), next_at=now)
        for person, values in persons.items()
    ]
    rows += [
        Delivery(
            batch=batch,
            address=address,
            recipient=f"a{keyed_hash('address', address).hex()}",
            values=json.dumps(dict(values)) if values else None,
            next_at=now,
        )
        for address, values in addresses.items()
    ]
    before = batch.deliveries.count() if rows else 0
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    return batch.deliveries.count() - before if rows else 0


@transaction.atomic
def subscribe(*, subscription: str, device: str, person: int | None = None) -> int:
    """Remember that a browser wants to be told. -> subscription id; the same browser again replaces its keys."""
    endpoint = str(json.loads(subscription)["endpoint"])
    row, _ = PushSubscription.objects.update_or_create(
        endpoint_hash=keyed_hash("push", endpoint),
        defaults={"secrets": encrypt("push", subscription), "device": device, "person": person, "gone_at": None},
    )
    return row.pk


@transaction.atomic
def unsubscribe(*, endpoint: str = "", device: str = "") -> int:
    """A browser wants to hear no more, or a device was wiped. -> how many."""
    rows = PushSubscription.objects.filter(gone_at=None)
    rows = rows.filter(endpoint_hash=keyed_hash("push", endpoint)) if endpoint else rows.filter(device=device)
    return rows.update(gone_at=timezone.now(), secrets=encrypt("push", "{}"))


@transaction.atomic
def queue_citizens(
    *,
    persons: Sequence[int] = (),
    devices: Sequence[str] = (),
    text: str,
    source: str,
    subject: str = "",
    sms: bool = True,
    by: By,
) -> dict[str, int]:
    """Tell people by web push where they subscribed a browser, by SMS where not. -> channel -> how many.

    `devices`: browsers of these devices are told too, whoever uses them. `sms` False: what is not worth a message
    is said to browsers only.
    """
    wanted = Q(person__in=set(persons)) | Q(device__in=set(devices))
    found = [(row.person, row.secrets.open()) for row in PushSubscription.objects.filter(wanted, gone_at=None)]
    pushed = {person for person, _address in found}
    rest = [person for person in dict.fromkeys(persons) if person not in pushed] if sms else []
    if found:
        addresses = [address for _person, address in found]
        queue(BatchIn(Channel.PUSH, text, source, subject=subject, addresses=addresses), by=by)
    if rest:
        queue(BatchIn(Channel.SMS, text, source, persons=rest), by=by)
    told = pushed & set(persons) if persons else {address for _person, address in found}
    return {"push": len(told), "sms": len(rest)}


@transaction.atomic
def settle(*, delivery: int, sent: bool, by: By) -> None:
    """A person looked an uncertain message up at the provider and says whether it went."""
    state = Delivery.State.SENT if sent else Delivery.State.QUEUED
    now = timezone.now()
    rows = Delivery.objects.filter(pk=delivery, state=Delivery.State.UNCERTAIN)
    done = rows.update(state=state, sent_at=now if sent else None, next_at=now)
    audit.record(
        by=by,
        action="notify:delivery:settled",
        subject=f"delivery:{delivery}",
        details={"sent": sent, "done": done},
    )
