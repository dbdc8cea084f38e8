"""One question for every scanner: what is this text?

`decode` never raises and never follows a link. Sure things come first (signatures, check digits), then shapes,
then plain numbers; what a keyboard-type scanner mangled is restored only where something confirms it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from vungxanh.codes import bhyt_qr, cccd_qr, dcc, foreign, identity, mrz, personal_qr, phone, signed, telex, vdsnc
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import clean
from vungxanh.core.errors import UserError

#: what a keyboard-type scanner types of one code; longer texts are not worth trying ways back for
LONGEST_TYPED = 600


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a text is. `fields` are strings to show; `value` the reader's own object; `personal`: do not log."""

    kind: str
    fields: Mapping[str, str]
    warnings: tuple[Note, ...] = ()
    personal: bool = False
    value: object = None

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "fields": dict(self.fields),
            "warnings": [item.as_json() for item in self.warnings],
            "personal": self.personal,
        }


def decode(text: str, today: date | None = None) -> Decoded:
    """Any text that a scanner or a person gives -> Decoded; kind `unknown` where nothing fits."""
    bare = clean(text)
    found = _sure(bare) or _shaped(bare, today)
    if len(bare) <= LONGEST_TYPED and telex.marked(bare) and (found is None or _shrunk(found)):
        found = _restored(bare, today) or found
    known = found or _other(bare) or _number(bare, today) or _unknown_card(bare)
    return known or Decoded("unknown", {}, _why_not(bare), personal=True)


def _sure(text: str) -> Decoded | None:
    """Ours, certificates and machine-readable zones."""
    if short := signed.read_short(text):
        return Decoded(
            f"vungxanh.{short.kind.name.lower()}", _strings(short), (), short.kind in _OF_PERSONS, short
        )
    if read := signed.verify(text, (), 0):
        shown = {"kind": read.statement.kind.name.lower(), "key": read.key, "verdict": read.verdict.value}
        return Decoded("vungxanh.signed", shown, (), personal=True, value=read)
    for kind, read_one in (("dcc", dcc.parse), ("vdsnc", vdsnc.parse)):
        if found := _try(kind, read_one, text):
            return found
    zone = mrz.find(text)
    return Decoded("mrz", _strings(zone), zone.warnings, personal=True, value=zone) if zone else None


_OF_PERSONS = {signed.Kind.CARD, signed.Kind.PERSON, signed.Kind.GROUP}


def _shaped(text: str, today: date | None) -> Decoded | None:
    """Cards and personal codes: fields between `|`."""
    if "|" not in text:
        return None
    for kind, read in _CARDS:
        if found := _try(kind, read, text):
            return _judged(found, today)
    return None


_CARDS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("personal_qr", personal_qr.parse),
    ("cccd_qr", cccd_qr.parse),
    ("bhyt_qr", bhyt_qr.parse),
)


def _judged(found: Decoded, today: date | None) -> Decoded:
    """Dates that only make sense against today."""
    birth = getattr(found.value, "birth", None)
    valid_to = getattr(found.value, "valid_to", None)
    notes = list(found.warnings)
    if today and birth and birth > today:
        notes.append(note("birth-future"))
    if today and valid_to and valid_to < today:
        notes.append(note("card-expired", day=valid_to.isoformat()))
    return Decoded(found.kind, found.fields, tuple(notes), found.personal, found.value)


def _shrunk(found: Decoded) -> bool:
    """A zone with marks whose lines are too short: an input method ate keys. With marks alone it was typed so."""
    return {"mrz-filler", "mrz-diacritics"} <= {item.code for item in found.warnings}


def _restored(text: str, today: date | None) -> Decoded | None:
    def right(candidate: str) -> bool:
        way = _sure(candidate) or _shaped(candidate, today) if candidate.isascii() else None
        return way is not None and "mrz-filler" not in {item.code for item in way.warnings}

    way = telex.repair(text, right)
    if way is None:
        return None
    found = _sure(way[0]) or _shaped(way[0], today)
    if found is None:
        return None
    notes = (note("mangled", method=way[1]), *found.warnings)
    return Decoded(found.kind, found.fields, notes, found.personal, found.value)


def _other(text: str) -> Decoded | None:
    found = foreign.recognise(text)
    return Decoded(found[0], found[1], found[2], foreign.personal(found[0])) if found else None


def _number(text: str, today: date | None) -> Decoded | None:
    """A typed number: identity, insurance, telephone. Ten digits from 0 are a telephone, else insurance."""
    if len(text) > 40:
        return None
    called = phone.parse_or_none(text)
    if called and (called.valid or called.warnings) and not _identity_shape(text):
        return Decoded("phone", {"e164": called.e164, "country": called.country}, called.warnings, True, called)
    try:
        known = identity.parse(text, today)
    except UserError:
        return None
    return Decoded(f"number.{known.kind}", _strings(known), known.warnings, personal=True, value=known)


#: fields of an identity card of 2021; as many or more in another order are a layout that is not known
_CARD_FIELDS = 7


def _unknown_card(text: str) -> Decoded | None:
    """A card of 2024 or another app's screen: a 12-digit number among many fields."""
    parts = [part.strip() for part in text.split("|")]
    numbers = [part for part in parts if len(part) == 12 and part.isascii() and part.isdigit()]
    if len(parts) < _CARD_FIELDS or not numbers:
        return None
    return Decoded("card.unknown", {"fields": str(len(parts))}, (note("card-unknown"),), personal=True)


def _identity_shape(text: str) -> bool:
    digits = "".join(text.split())
    twelve_or_nine = digits.isascii() and digits.isdigit() and len(digits) in (9, 12)
    return twelve_or_nine or digits[:2].isalpha()


def _try(kind: str, read: Callable[[str], Any], text: str) -> Decoded | None:
    try:
        value = read(text)
    except UserError:
        return None
    return Decoded(kind, _strings(value), value.warnings, personal=True, value=value)


def _strings(value: object) -> dict[str, str]:
    """Fields of a reader's object as text, empty ones left out."""
    shown = {item.name: getattr(value, item.name) for item in fields(value)}  # type: ignore[arg-type]
    hidden = {"warnings", "lines", "message", "signature", "certificate"}
    return {key: _string(item) for key, item in shown.items() if item not in (None, "", ()) and key not in hidden}


def _string(value: object) -> str:
    if isinstance(value, str | int | date):
        return value.isoformat() if isinstance(value, date) else str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _why_not(text: str) -> tuple[Note, ...]:
    """What an unknown text nearly was, so that the gate can say "read again" with a reason."""
    if text.startswith("HC1:"):
        return (note("cut-certificate"),)
    if text.upper().startswith(signed.PREFIX):
        return (note("cut-code"),)
    if text.count("|") >= 2:
        return (note("cut-card"),)
    return ()
