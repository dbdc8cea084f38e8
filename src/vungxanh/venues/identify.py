"""From what was scanned to what it says of a person: keys, strength, who they are where it names somebody.

Nobody is taken for another: a key is a number that one person holds. Who it leads to `badges` says.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core import signing
from django.utils import timezone

from vungxanh.codes import dcc, signed, template
from vungxanh.codes.decode import decode
from vungxanh.codes.identity import parse as parse_identity
from vungxanh.codes.phone import parse as parse_phone
from vungxanh.codes.signed import Kind, Short, Verdict
from vungxanh.core.errors import UserError
from vungxanh.core.minutes import floor_minute, from_minute
from vungxanh.core.vietnamese import fold
from vungxanh.forms import declared
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.venues.badges import Identity, Where, key
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.links import read
from vungxanh.venues.personal import PERSON_EVERY, trusted
from vungxanh.venues.schemas import Guest

_SEX = {"M": 1, "F": 2, None: 3}
#: last four digits of a card and a birth year, typed in one go
_TAIL = re.compile(r"^(\d{4})[\s/.,;-]+((?:19|20)\d{2})$")
#: salt and lifetime of the proof that a telephone answered a code at a gate
PROOF_SALT, PROOF_LASTS = "venues.phone-proof", 600


def of_text(text: str, where: Where) -> Identity:
    """What a scanned or typed text says of a person.

    Raises UserError `venues.read-again` (cut or unknown), `venues.not-a-person` (another kind of code),
    `venues.forged-code`, `venues.code-old`, `venues.declare-first` (a telephone alone: a family shares one),
    `venues.type-the-card` (a card whose layout nobody has completed).
    """
    own = read(text)
    if own is not None:
        return _of_short(own, where)
    if text[:12].strip().upper().startswith(signed.PREFIX):
        result = signed.verify(text, declared.public_keys(), floor_minute(where.at))
        if result is not None:
            return _of_result(result)
    if typed := _TAIL.match(text.strip()):
        return of_guest(Guest(tail=typed[1], birth_year=int(typed[2])), where, "")
    layouts = where.templates()
    filled = template.fill(text, layouts) if layouts else None
    if filled:
        return _of_template(filled, where)
    found = decode(text)
    if found.kind == "phone":
        raise UserError("venues.declare-first", field="code")
    if found.kind == "card.unknown":
        raise UserError("venues.type-the-card", field="code")
    reader = _READERS.get(found.kind)
    if reader is None:
        raise UserError("venues.read-again" if found.kind == "unknown" else "venues.not-a-person", field="code")
    return reader(found.value, where)


def of_guest(guest: Guest, where: Where, record: str) -> Identity:
    """Somebody who is declared on the spot. Without a telephone or a document they are new with each `record`."""
    if not guest.name:
        return _of_tail(guest, where)
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
        scope_path=where.scope_path,
    )
    return Identity(tuple(keys) or (key("record", record),), Strength.TYPED, person)


def _of_tail(guest: Guest, where: Where) -> Identity:
    """Digits and a year stand for one person at one place for one day: enough to go out again."""
    day = timezone.localdate(where.at).isoformat()
    person = PersonIn(name=f"Thẻ …{guest.tail}", birth_year=guest.birth_year, sex=3, scope_path=where.scope_path)
    found = key("tail", f"{where.place}:{day}:{guest.tail}:{guest.birth_year}")
    return Identity((found,), Strength.TYPED, person)


def of_proof(proof: str) -> Identity:
    """A telephone that answered a code at this gate. Raises `venues.proof-old`."""
    try:
        person = signing.loads(proof, salt=PROOF_SALT, max_age=PROOF_LASTS)
    except signing.BadSignature as exc:
        raise UserError("venues.proof-old", field="proof") from exc
    return Identity((), Strength.SHOWN_CODE, person=int(person))


def _of_short(found: Short, where: Where) -> Identity:
    if found.kind not in (Kind.CARD, Kind.PERSON):
        raise UserError("venues.not-a-person", field="code")
    if found.verdict != Verdict.VALID:
        raise UserError("venues.forged-code", field="code")
    if found.kind == Kind.CARD:
        return Identity((key("card", str(found.number)),), Strength.SIGNED_CODE)
    if not signed.fresh(found, where.at.timestamp(), PERSON_EVERY):
        raise UserError("venues.code-old", field="code")
    return Identity(
        (key("phone-code", str(found.number)),),
        Strength.SIGNED_CODE,
        used=key("used", f"{found.number}:{found.step}"),
    )


def _of_result(value: signed.Signed) -> Identity:
    """The signed result of a declaration, ours: whose it is only we know."""
    text = value.statement
    if text.kind != Kind.DECLARATION:
        raise UserError("venues.not-a-person", field="code")
    if value.verdict == Verdict.EXPIRED:
        raise UserError("venues.declaration-over", field="code")
    if value.verdict != Verdict.VALID:
        raise UserError("venues.forged-code", field="code")
    person = declared.person_of(text.body)
    if person is None:
        raise UserError("venues.declare-first", field="code")
    return Identity((), Strength.SIGNED_CODE, person=person, declared=from_minute(text.issued))


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
    where: Where,
    phone: str = "",
    country: str = "VNM",
    extra: Iterable[bytes] = (),
) -> Identity:
    """No code of a card counts as a document that was looked at: none is signed, so it joins nobody."""
    keys = tuple(extra) + tuple(key(kind, number) for kind, number in documents)
    if not keys:
        raise UserError("venues.read-again", field="code")
    person = PersonIn(
        name=name,
        sex=_SEX[sex],
        birth_date=birth,
        birth_year=birth_year,
        nationality=country,
        phones=[phone] if phone else [],
        documents=[DocumentIn(kind, number, country) for kind, number in documents],
        scope_path=where.scope_path,
    )
    return Identity(keys, strength, person if name.strip() else None)


def _personal(value: Any, where: Where) -> Identity:
    number = {12: "cccd", 9: "cmnd"}.get(len(value.document), "passport")
    return _identity(
        _documents(**{number: value.document, "bhyt": value.insurance}),
        Strength.SHOWN_CODE,
        name=value.name.title(),
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth_year,
        where=where,
        phone=value.phone,
        extra=[key("qid", value.qid)] if value.qid else [],
    )


def _cccd(value: Any, where: Where) -> Identity:
    return _identity(
        _documents(cccd=value.number, cmnd=value.old_number),
        Strength.SCANNED_CARD,
        name=value.name,
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth.year if value.birth else None,
        where=where,
    )


def _bhyt(value: Any, where: Where) -> Identity:
    return _identity(
        _documents(bhyt=value.number),
        Strength.SCANNED_CARD,
        name=value.name,
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth_year,
        where=where,
    )


def _mrz(value: Any, where: Where) -> Identity:
    """A zone whose check digits do not agree was misread. A Vietnamese card is known by its personal number."""
    if not value.valid:
        raise UserError("venues.read-again", field="code")
    own = value.personal_number if len(value.personal_number) == 12 else ""
    return _identity(
        _documents(cccd=own) or _documents(passport=value.number),
        Strength.SCANNED_CARD,
        name=f"{value.surname} {value.given}".strip().title(),
        sex=value.sex,
        birth=value.birth,
        birth_year=value.birth.year if value.birth else None,
        where=where,
        country="VNM" if own else value.nationality or value.issuer,
    )


def _dcc(value: Any, where: Where) -> Identity:
    """A certificate names its holder; only one that a known signer vouches for is a signed code."""
    believed = dcc.verify(value, trusted(), where.at) == "valid"
    return replace(
        _identity(
            (),
            Strength.SIGNED_CODE if believed else Strength.SHOWN_CODE,
            name=f"{value.surname} {value.given}".strip() or f"{value.surname_mrz} {value.given_mrz}".strip(),
            sex=None,
            birth=value.birth,
            birth_year=value.birth.year if value.birth else None,
            where=where,
            extra=[key("dcc", value.identifier)] if value.identifier else [],
        )
    )


def _of_template(filled: template.Filled, where: Where) -> Identity:
    """Somebody else's layout. It may also say that a declaration was given; how old that may be is the pack's."""
    found = _identity(
        filled.numbers,
        Strength.SHOWN_CODE,
        name=filled.name.title() if filled.name.isupper() else filled.name,
        sex=filled.sex,
        birth=filled.birth,
        birth_year=filled.birth_year,
        where=where,
        phone=filled.phone,
        extra=[key("qid", filled.qid)] if filled.qid else [],
    )
    if not filled.template.declares or (filled.expires and filled.expires <= where.at):
        return found
    return replace(found, declared=filled.issued)


def _number(value: Any, _: Where) -> Identity:
    return Identity((key(value.kind, value.number),), Strength.TYPED)


_READERS: dict[str, Callable[[Any, Where], Identity]] = {
    "personal_qr": _personal,
    "cccd_qr": _cccd,
    "bhyt_qr": _bhyt,
    "mrz": _mrz,
    "dcc": _dcc,
    "number.cccd": _number,
    "number.cmnd": _number,
    "number.bhyt": _number,
}
