"""Who a scan leads to: the same card is the same person again. Badges join scans, never records of `people`.

A batch is looked up at once by keyed hashes; who is new is registered in `people` at once too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from vungxanh.codes.template import Template
from vungxanh.core.vault import keyed_hash
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import PersonIn
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.models import Badge, PersonCard

PURPOSE = "venue visit"


@dataclass(frozen=True, slots=True)
class Where:
    """At which place, when by the corrected clock, and how to ask which layouts of others are known."""

    scope_path: str
    place: int
    at: datetime
    templates: Callable[[], tuple[Template, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Identity:
    """What one scan says of a person: keys under which they are known, and who they are if they are new.

    `person` where a signed code names our own row; `used` the key of a rotating code, which counts once;
    `declared` when a code says that a declaration was given.
    """

    keys: tuple[bytes, ...]
    strength: Strength
    new: PersonIn | None = None
    person: int | None = None
    used: bytes | None = None
    declared: datetime | None = None


def key(kind: str, text: str) -> bytes:
    """Of an insurance card the last ten digits are the person's; the rest changes with job and province."""
    return keyed_hash("badge", f"{kind}:{text[-10:] if kind == 'bhyt' else text}")


def persons(identities: Sequence[Identity]) -> list[int | None]:
    """Person of each, in order; None where only a number was given that nobody is known under.

    New people are registered together; every key of a scan leads to its person from then on.
    """
    known = _known({each for identity in identities for each in identity.keys})
    stored = set(known)
    new: dict[bytes, Identity] = {}
    for identity in identities:
        if identity.new and _first(identity, known) is None and not any(k in new for k in identity.keys):
            new[identity.keys[0]] = identity
    if new:
        people = [identity.new for identity in new.values() if identity.new]
        made = bulk_register(people, by=None, purpose=PURPOSE)
        known.update(zip(new, made, strict=True))
    _remember(identities, known, stored)
    return [_first(identity, known) for identity in identities]


def _known(keys: Iterable[bytes]) -> dict[bytes, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, person_id FROM venues_badge WHERE key = ANY(%s)", [list(keys)])
        return {bytes(found): person for found, person in cursor.fetchall()}


def _first(identity: Identity, known: dict[bytes, int]) -> int | None:
    if identity.person is not None:
        return identity.person
    return next((known[each] for each in identity.keys if each in known), None)


def _remember(identities: Sequence[Identity], known: dict[bytes, int], stored: set[bytes]) -> None:
    """Keys not seen before; two gates may learn the same card at once."""
    fresh: dict[bytes, int] = {}
    for identity in identities:
        person = _first(identity, known)
        if person is not None:
            fresh |= {each: person for each in identity.keys if each not in stored}
    if not fresh:
        return
    Badge.objects.bulk_create([Badge(key=k, person_id=p) for k, p in fresh.items()], ignore_conflicts=True)
    known.update({k: p for k, p in fresh.items() if k not in known})


def bind_card(number: int, person: int, by: int | None = None) -> PersonCard:
    """From now on the card of this number leads to this person."""
    card = PersonCard.objects.create(number=number, person_id=person, made_by=by)
    Badge.objects.create(key=key("card", str(number)), person_id=person)
    return card


def unbind_card(card: PersonCard, at: datetime) -> None:
    """A lost card leads to nobody any more; what it recorded stays."""
    card.revoked_at = at
    card.save(update_fields=["revoked_at"])
    Badge.objects.filter(key=key("card", str(card.number))).delete()
