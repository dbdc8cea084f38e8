"""What people send to us: kept once, then given to the room that asked; what no room knows waits for somebody.

A room says in its AppConfig which first word is its own, and what follows the word is the room's business:

    from vungxanh.notify.inbound import register
    register("SK", handler, about=_("Daily health, answered by SMS"))

`SK 4821 1` is then handed to `handler(Incoming)`. The handler returns the sentence that is sent back (the rules of
messages to citizens bind it), "" for no answer, or None for "not mine after all: let a person read it".

Most people answer without the word. Who asks by SMS may say so beforehand: `expect(persons, "SK", "order:17")`; an
answer of theirs without a known first word then goes to "SK" with `reference="order:17"`.
"""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from vungxanh.codes import phone as phone_codes
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH
from vungxanh.core.vault import keyed_hash
from vungxanh.core.vietnamese import fold
from vungxanh.notify import rules
from vungxanh.notify.actions import official_address, queue
from vungxanh.notify.interface import ZALO_USER, Channel
from vungxanh.notify.models import Expected, Inbound
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Person, Phone
from vungxanh.people.register import phone_hash

log = structlog.get_logger("notify")
#: longer than any SMS that a network joins together; the rest is cut and the row says so
LONGEST = 2000
_KEYWORD = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from outside. `persons`: everybody registered under the sender's number, perhaps nobody.

    `rest` is the text after the keyword (the whole text where there was none); `reference` what `expect` was told.
    """

    id: int
    channel: Channel
    sender: str
    persons: tuple[int, ...]
    text: str
    rest: str
    reference: str
    at: datetime


Handler = Callable[[Incoming], str | None]


@dataclass(frozen=True, slots=True)
class Word:
    """A first word, whose it is and what it is for (shown to officers)."""

    keyword: str
    handle: Handler
    about: Any


_words: dict[str, Word] = {}


def register(keyword: str, handle: Handler, *, about: Any = "") -> None:
    """Make a first word one's own; compared without case and marks.

    Raises ValueError for a word that cannot be typed on every phone, and for one that another handler has: two
    rooms that think it theirs are found when the house starts, not when an answer goes to the wrong one.
    """
    key = fold(keyword)
    if not _KEYWORD.fullmatch(key):
        raise ValueError(keyword)
    if key in _words and _words[key].handle != handle:
        raise ValueError(f"{keyword} is taken by {_words[key].handle!r}")
    _words[key] = Word(keyword.upper(), handle, about)


def words() -> list[Word]:
    """Every known first word."""
    return [_words[key] for key in sorted(_words)]


def expect(persons: Iterable[int], keyword: str, reference: str, *, days: float = 1) -> int:
    """An answer without a first word, from a number of these people, belongs to `keyword`. -> numbers noted.

    The newest expectation of a number counts.
    """
    until = timezone.now() + timedelta(days=days)
    rows = Phone.objects.filter(person__in=set(persons)).values_list("number_hash", flat=True)
    made = [
        Expected(sender_hash=digest, keyword=fold(keyword), reference=reference[:120], until=until)
        for digest in {bytes(row) for row in rows}
    ]
    Expected.objects.bulk_create(made, batch_size=5000)
    return len(made)


def receive(
    *, channel: Channel, provider_id: str, sender: str, text: str, at: datetime | None = None, by: By = None
) -> Inbound:
    """Keep a message and hand it on. The same provider id again changes nothing.

    The row is written before any handler runs, so that a handler that fails loses nothing: the message then waits.
    """
    row, is_new = _keep(channel, provider_id, sender, text.strip(), at or timezone.now())
    if is_new:
        _hand_on(row, channel, text.strip()[:LONGEST])
    return row


def _keep(channel: Channel, provider_id: str, sender: str, text: str, at: datetime) -> tuple[Inbound, bool]:
    number = phone_codes.parse_or_none(sender) if channel in (Channel.SMS, Channel.VOICE) else None
    known = number.e164 if number else sender.strip()[:40]
    digest = phone_hash(known) if number else keyed_hash("sender", known)
    persons = _persons(digest) if number else ()
    row, is_new = Inbound.objects.get_or_create(
        channel=channel,
        provider_id=provider_id[:120],
        defaults={
            "sender": known,
            "sender_hash": digest,
            "persons": list(persons),
            "text": text[:LONGEST],
            "cut": len(text) > LONGEST,
            "at": at,
            "scope_path": _area_of(persons),
            "scope_sector": "health",
        },
    )
    row.refresh_from_db()  # sealed, as everybody else reads it
    return row, is_new


def _persons(digest: bytes) -> tuple[int, ...]:
    rows = Person.objects.filter(phones__number_hash=digest, same_as=None)  # scope: numbers only, for the machine
    return tuple(rows.order_by("pk").values_list("pk", flat=True).distinct()[:20])


def _area_of(persons: tuple[int, ...]) -> str:
    """Where the sender lives; of a stranger, the area that this installation serves."""
    rows = Person.objects.filter(pk__in=persons[:1])  # scope: a path, for the machine
    return rows.values_list("scope_path", flat=True).first() or os.environ.get("VUNGXANH_AREA", ANY_PATH)


def _hand_on(row: Inbound, channel: Channel, text: str) -> None:
    word, rest, reference = _addressee(row, text)
    if word is None:
        return
    given = Incoming(row.pk, channel, row.sender.open(), tuple(row.persons), text, rest, reference, row.at)
    row.keyword = word.keyword
    try:
        with transaction.atomic():
            answer = word.handle(given)
            if answer:
                reply(row, answer, by=None)
    except Exception as exc:
        log.exception("inbound-failed", task=word.keyword)
        row.failure = type(exc).__name__[:60]
        answer = None
    if answer is not None:
        row.state, row.closed_at = Inbound.State.HANDLED, timezone.now()
    row.save(update_fields=["keyword", "failure", "state", "closed_at"])


def _addressee(row: Inbound, text: str) -> tuple[Word | None, str, str]:
    """(whose word, what follows it, reference): by the first word, else by what was expected of this number."""
    first, _, rest = text.partition(" ")
    noted = Expected.objects.filter(sender_hash=row.sender_hash, until__gt=row.at).order_by("-pk").first()
    word = _words.get(fold(first).strip(".,:;!?"))
    if word:
        same = noted is not None and noted.keyword == fold(word.keyword)
        return word, rest.strip(), noted.reference if noted and same else ""
    if noted and noted.keyword in _words:
        return _words[noted.keyword], text, noted.reference
    return None, text, ""


def reply(row: Inbound, text: str, *, by: By) -> int:
    """Answer an SMS or a text to the Zalo account. -> batch id.

    Raises UserError for what a citizen may not be told, and for a missed call: that is called back.
    """
    if row.channel not in (Channel.SMS, Channel.ZALO):
        raise UserError("notify.no-answer-here")
    rules.check(text, official_address())
    row.answers += 1
    row.save(update_fields=["answers"])
    sender = row.sender.open()
    address = ZALO_USER + sender if row.channel == Channel.ZALO else sender
    asked = BatchIn(
        Channel(row.channel), text, f"inbound:{row.pk}:{row.answers}", addresses=[address],
        scope_path=row.scope_path, scope_sector=row.scope_sector,
    )  # fmt: skip
    return queue(asked, by=by)


def close(row: Inbound, *, by: By) -> None:
    """A person has read it and seen to it."""
    row.state, row.closed_at = Inbound.State.CLOSED, timezone.now()
    row.closed_by = by if by is None or isinstance(by, int) else by.pk
    row.save(update_fields=["state", "closed_at", "closed_by"])
    audit.record(by=by, action="notify:inbound:closed", subject=f"inbound:{row.pk}")


def hand_on_again(row: Inbound) -> bool:
    """Once more, after a handler was mended. -> did it find its room?"""
    if row.state == Inbound.State.WAITING:
        row.failure = ""
        _hand_on(row, Channel(row.channel), row.text.open())
    return row.state == Inbound.State.HANDLED
