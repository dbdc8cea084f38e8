"""QR on the paper health-insurance card: fields by `|`, name and address as hexadecimal of their UTF-8 bytes.

Fields 0-7 and 10 are confirmed by several hospital programs; the rest is their practice and is kept raw.
A parent's or minder's name (10) is `-` when empty. Birth may be a year only.
"""

import re
from dataclasses import dataclass
from datetime import date

from vungxanh.codes import identity
from vungxanh.codes.identity import Sex
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import clean, day, year
from vungxanh.core.errors import UserError

FEWEST = 8
_DASHES = re.compile(r"[\s‐-―-]")


@dataclass(frozen=True, slots=True)
class BhytQr:
    """One insurance card. `clinic`: hospital of registration as five digits, `01061`."""

    number: str
    insurance: str
    name: str
    birth: date | None
    birth_year: int | None
    sex: Sex | None
    address: str
    clinic: str
    valid_from: date | None
    valid_to: date | None
    contact: str = ""
    rest: tuple[str, ...] = ()
    warnings: tuple[Note, ...] = ()


def parse(text: str) -> BhytQr:
    """Raises UserError `codes.bad-bhyt-qr` unless a card number leads eight or more fields."""
    fields = [field.strip() for field in clean(text).split("|")]
    if len(fields) < FEWEST:
        raise UserError("codes.bad-bhyt-qr")
    try:
        card = identity.parse_bhyt(fields[0])
    except UserError as exc:
        raise UserError("codes.bad-bhyt-qr") from exc
    notes: list[Note] = []
    contact = fields[10] if len(fields) > 10 and fields[10] != "-" else ""
    return BhytQr(
        number=card.number,
        insurance=card.insurance or "",
        name=_unhex(fields[1], "name", notes),
        birth=day(fields[2]),
        birth_year=_birth_year(fields[2], notes),
        sex={"1": "M", "2": "F"}.get(fields[3]),  # type: ignore[arg-type]
        address=_unhex(fields[4], "address", notes),
        clinic=_DASHES.sub("", fields[5]),
        valid_from=day(fields[6]),
        valid_to=day(fields[7]),
        contact=contact,
        rest=tuple(fields[8:]),
        warnings=tuple(notes),
    )


def _unhex(field: str, name: str, notes: list[Note]) -> str:
    """Text of a hex field; an odd half byte and broken letters are dropped and said."""
    digits = re.sub(r"[^0-9A-Fa-f]", "", field)
    try:
        text = bytes.fromhex(field).decode("utf-8")
    except ValueError:
        notes.append(note("bhyt-hex", field=name))
        text = bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "ignore")
    return clean("".join(letter for letter in text if letter.isprintable()))


def _birth_year(text: str, notes: list[Note]) -> int | None:
    found = year(text)
    if found is None:
        notes.append(note("bad-birth"))
    elif day(text) is None:
        notes.append(note("birth-year-only"))
    return found
