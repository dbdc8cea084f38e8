"""From what was scanned to a person: the same card is the same person again, and nobody is taken for another.

A batch is looked up at once by keyed hashes; who is new is registered in `people` at once too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vungxanh.codes.decode import decode
from vungxanh.codes.identity import parse as parse_identity
from vungxanh.codes.phone import parse as parse_phone
from vungxanh.codes.signed import Kind, Short, Verdict
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.core.vietnamese import fold
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.links import read
from vungxanh.venues.models import Badge
from vungxanh.venues.schemas import Guest

PURPOSE = "venue visit"
_SEX = {"M": 1, "F": 2, None: 3}


@dataclass(frozen=True, slots=True)
class Identity:
    """What one scan says of a person: keys under which they are known, and who they are if they are new."""

    keys: tuple[bytes, ...]
    strength: Strength
    new: PersonIn | None = None


def key(kind: str, text: str) -> bytes:
    return keyed_hash("badge", f"{kind}:{text}")


def of_text(text: str, scope_path: str) -> Identity:
    """What a scanned or typed text says of a person.

    Raises UserError `venues.read-again` (cut or unknown), `venues.not-a-person` (another kind of code),
    `venues.forged-code`, `venues.declare-first` (a telephone alone: a family shares one).
    """
    own = read(text)
    if own is not None:
        return _of_short(own)
    found = decode(text)
    if found.kind == "phone":
        raise UserError("venues.declare-first", field="code")
    reader = _READERS.get(found.kind)
    if reader is None:
        raise UserError("venues.read-again" if found.kind == "unknown" else "venues.not-a-person", field="code")
    return reader(found.value, scope_path)


def of_guest(guest: Guest, scope_path: str, record: str) -> Identity:
    """Somebody who is declared on the spot. Without a telephone or a document they are new with each `record`."""
    documents = (
        [(parse_identity(guest.document).kind, parse_identity(guest.document).number)] if guest.document else []
    )
    phone = parse_phone(guest.phone).e164 if guest.phone else ""
    whole = f"{phone}:{guest.tail}:{fold(guest.name)}:{guest.birth_year or ''}"
    keys = [key("guest", whole)] if phone or guest.tail else []
    keys += [key(kind, number) for kind, number in documents]
    person = PersonIn(
        name=guest.name,
        sex=guest.sex,
        birth_year=guest.birth_year,
        phones=[phone] if phone else [],
        documents=[DocumentIn(kind, number) for kind, number in documents],
        scope_path=scope_path,
    )
    return Identity(tuple(keys) or (key("record", record),), Strength.TYPED, person)


def _of_short(found: Short) -> Identity:
    if found.kind not in (Kind.CARD, Kind.PERSON):
        raise UserError("venues.not-a-person", field="code")
    if found.verdict != Verdict.VALID:
        raise UserError("venues.forged-code", field="code")
    return Identity((key("card", str(found.number)),), Strength.SIGNED_CODE)


def _documents(**numbers: str) -> list[tuple[str, str]]:
    return [(kind, number) for kind, number in numbers.items() if number and "*" not in number]


def _identity(
    documents: Sequence[tuple[str, str]],
    strength: Strength,
    *,
    name: str,
    sex: Any,
    birth: date | None,
    birth_year: int | None,
    scope_path: str,
    phone: str = "",
    extra: Iterable[bytes] = (),
) -> Identity:
    """A card that staff scanned counts as a document that was looked at; a code on a screen does not."""
    keys = tuple(extra) + tuple(key(kind, number) for kind, number in documents)
    if not keys:
        raise UserError("venues.read-again", field="code")
    looked_at = strength >= Strength.SCANNED_CARD
    person = PersonIn(
        name=name,
        sex=_SEX[sex],
        birth_date=birth,
        birth_year=birth_year,
        phones=[phone] if phone else [],
        documents=[DocumentIn(kind, number, verified=looked_at) for kind, number in documents],
        scope_path=scope_path,
    )
    return Identity(keys, strength, person if name.strip() else None)


def _personal(value: Any, scope_path: str) -> Identity:
    number = {12: "cccd", 9: "cmnd"}.get(len(value.document), "passport")
    return _identity(
        _documents(**{number: value.document, "bhyt": value.insurance}),
        Strength.SHOWN_CODE,
        name=value.name.title(),
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth_year,
        scope_path=scope_path,
        phone=value.phone,
        extra=[key("qid", value.qid)] if value.qid else [],
    )


def _cccd(value: Any, scope_path: str) -> Identity:
    return _identity(
        _documents(cccd=value.number, cmnd=value.old_number),
        Strength.SCANNED_CARD,
        name=value.name,
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth.year if value.birth else None,
        scope_path=scope_path,
    )


def _bhyt(value: Any, scope_path: str) -> Identity:
    return _identity(
        _documents(bhyt=value.number),
        Strength.SCANNED_CARD,
        name=value.name,
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth_year,
        scope_path=scope_path,
    )


def _number(value: Any, _: str) -> Identity:
    return Identity((key(value.kind, value.number),), Strength.TYPED)


_READERS = {
    "personal_qr": _personal,
    "cccd_qr": _cccd,
    "bhyt_qr": _bhyt,
    "number.cccd": _number,
    "number.cmnd": _number,
    "number.bhyt": _number,
}


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
    rows = Badge.objects.filter(key__in=list(keys)).values_list("key", "person_id")
    return {bytes(found): person for found, person in rows}


def _first(identity: Identity, known: dict[bytes, int]) -> int | None:
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
