"""Vietnamese identity and insurance numbers.

Only the shape refuses. What the digits say about place, sex and year is compared and warned about, because
births were registered wrongly, lists are old, and a person at a gate is not to be turned away for a digit.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import ascii_digits
from vungxanh.codes.tables import table
from vungxanh.core.errors import UserError

Sex = Literal["M", "F"]
Kind = Literal["cccd", "cmnd", "bhyt"]
_BHYT = re.compile(r"^[A-Z]{2}[1-5]\d{12}$", re.ASCII)
_PASSPORT = re.compile(r"^[A-Z0-9]{5,12}$", re.ASCII)
#: first code of a country, for people whose birth was registered abroad
FIRST_COUNTRY = 100


@dataclass(frozen=True, slots=True)
class Identity:
    """One number. `place`: province of birth registration, old list; `insurance`: social-insurance number."""

    kind: Kind
    number: str
    sex: Sex | None = None
    birth_year: int | None = None
    place: str | None = None
    insurance: str | None = None
    warnings: tuple[Note, ...] = ()


def parse(text: str, today: date | None = None) -> Identity:
    """Any of the numbers, told apart by shape. Raises UserError `codes.bad-identity`."""
    for read in (lambda value: parse_cccd(value, today), parse_cmnd, parse_bhyt):
        try:
            return read(text)
        except UserError:
            continue
    raise UserError("codes.bad-identity", field="document")


def parse_cccd(text: str, today: date | None = None) -> Identity:
    """The 12-digit personal identification number. `today` judges a birth in the future.

    Raises UserError `codes.bad-cccd` unless there are twelve digits. Source: TT 59/2021/TT-BCA art. 4.
    """
    number = _compact(text)
    if not ascii_digits(number, 12):
        raise UserError("codes.bad-cccd", field="document")
    century, sex = divmod(int(number[3]), 2)
    year = 1900 + 100 * century + int(number[4:6])
    place, notes = _place(number[:3])
    if today and year > today.year:
        notes.append(note("cccd-birth-future", year=year))
    return Identity("cccd", number, "F" if sex else "M", year, place, warnings=tuple(notes))


def parse_cmnd(text: str) -> Identity:
    """The old 9-digit number. Raises UserError `codes.bad-cmnd`."""
    number = _compact(text)
    if not ascii_digits(number, 9):
        raise UserError("codes.bad-cmnd", field="document")
    return Identity("cmnd", number)


def parse_bhyt(text: str) -> Identity:
    """Health insurance: 15 characters of the old card or the 10 digits of the new one.

    Raises UserError `codes.bad-bhyt`. There is no published check digit.
    """
    number = _compact(text).upper()
    if _BHYT.match(number):
        return Identity("bhyt", number, insurance=number[5:])
    if ascii_digits(number, 10):
        return Identity("bhyt", number, insurance=number)
    raise UserError("codes.bad-bhyt", field="insurance")


def parse_passport(text: str) -> str:
    """A passport number, cleaned: 5 to 12 letters and digits. Raises UserError `codes.bad-passport`."""
    number = _compact(text).upper()
    if not _PASSPORT.match(number) or not any(letter.isdigit() for letter in number):
        raise UserError("codes.bad-passport", field="document")
    return number


def disagreements(found: Identity, *, sex: Sex | None = None, birth_year: int | None = None) -> tuple[Note, ...]:
    """What a card or a form says against what the number says: warnings, never a refusal."""
    notes = []
    if sex and found.sex and sex != found.sex:
        notes.append(note("cccd-sex-differs"))
    if birth_year and found.birth_year and birth_year != found.birth_year:
        notes.append(note("cccd-year-differs", number=found.birth_year, stated=birth_year))
    return tuple(notes)


def _place(code: str) -> tuple[str | None, list[Note]]:
    if int(code) >= FIRST_COUNTRY:
        return None, []
    name = table("identity_places")["places"].get(code)
    return name, [] if name else [note("cccd-unknown-place", place=code)]


def _compact(text: str) -> str:
    return re.sub(r"[\s.'-]", "", text)
