"""QR on the Vietnamese identity card: chip card of 2021 (front), and what is known of the card of 2024 (back).

`number|old number|name|DDMMYYYY|Nam or Nữ|residence|DDMMYYYY`: no check digit, no signature. The number itself
states sex and year of birth, which are compared.
"""

from dataclasses import dataclass
from datetime import date

from vungxanh.codes import identity
from vungxanh.codes.identity import Sex
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import ascii_digits, clean, day, folded
from vungxanh.core.errors import UserError

FIELDS = 7
_SEXES: dict[str, Sex] = {"NAM": "M", "NU": "F"}


@dataclass(frozen=True, slots=True)
class CccdQr:
    """One card. `complete` is False where the layout is not the one of 2021: type what is missing."""

    number: str
    old_number: str
    name: str
    birth: date | None
    sex: Sex | None
    residence: str
    issued: date | None
    complete: bool = True
    warnings: tuple[Note, ...] = ()


def parse(text: str) -> CccdQr:
    """Raises UserError `codes.bad-cccd-qr` unless twelve digits lead seven or more fields."""
    fields = [field.strip() for field in clean(text).split("|")]
    if len(fields) < FIELDS or not ascii_digits(fields[0], 12) or not _old_number(fields[1]):
        raise UserError("codes.bad-cccd-qr")
    number, old, name, birth, sex, residence, issued = fields[:FIELDS]
    card = CccdQr(number, old, name, day(birth), _SEXES.get(folded(sex)), residence, day(issued))
    complete = len(fields) == FIELDS and None not in (card.birth, card.sex)
    return CccdQr(
        card.number,
        card.old_number,
        card.name,
        card.birth,
        card.sex,
        card.residence,
        card.issued,
        complete,
        tuple(_notes(card, complete)),
    )


def _old_number(text: str) -> bool:
    return text == "" or ascii_digits(text, 9) or ascii_digits(text, 12)


def _notes(card: CccdQr, complete: bool) -> list[Note]:  # noqa: FBT001 - a private fact, not a switch
    found = identity.parse_cccd(card.number)
    notes = list(found.warnings)
    if not complete:
        notes.append(note("cccd-layout"))
    if card.birth is None:
        notes.append(note("bad-birth"))
    if card.issued and card.birth and card.issued < card.birth:
        notes.append(note("issued-before-birth"))
    year = card.birth.year if card.birth else None
    return [*notes, *identity.disagreements(found, sex=card.sex, birth_year=year)]
