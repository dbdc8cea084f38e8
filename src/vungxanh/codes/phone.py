"""Telephone numbers as people write them -> E.164.

Old Vietnamese eleven-digit numbers are moved to their 2018 prefix first, because `phonenumbers` calls them
possible but invalid and does not move them. A number the plan does not know is a warning: plans move.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers

from vungxanh.codes.notes import Note, note
from vungxanh.codes.tables import table
from vungxanh.core.errors import UserError

HOME = "VN"
#: a second number in the same cell, as lists have it
_SEVERAL = re.compile(r"[/;,|\n]|\s+(?:hoặc|hoac|or|-)\s+")
_EXCEL_FLOAT = re.compile(r"\.0+$")
_EXPONENT = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number. `e164` as `+84944713700`; `valid`: the plan of its country knows it."""

    e164: str
    country: str
    valid: bool
    mobile: bool
    warnings: tuple[Note, ...] = ()

    @property
    def national(self) -> str:
        """`0944 713 700`, as people of its country write it."""
        number = phonenumbers.parse(self.e164)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)

    @property
    def masked(self) -> str:
        """`+84******700`: enough to recognise one's own."""
        return self.e164[:3] + "*" * (len(self.e164) - 6) + self.e164[-3:]


@lru_cache(maxsize=20_000)
def parse(text: str, region: str = HOME) -> Phone:
    """`text` -> Phone. Raises UserError `codes.bad-phone` where no number can be meant."""
    notes: list[Note] = []
    digits = _one_number(text, notes)
    if region == HOME:
        digits = _vietnamese(digits, notes)
        if _vietnamese_mobile().fullmatch(digits):
            return Phone("+84" + digits[1:], HOME, True, True, tuple(notes))
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as exc:
        raise UserError("codes.bad-phone", field="phone") from exc
    if not phonenumbers.is_possible_number(number):
        raise UserError("codes.bad-phone", field="phone")
    return _phone(number, notes)


@cache
def _vietnamese_mobile() -> re.Pattern[str]:
    """The library's own pattern of the numbers that lists mostly hold; asking it costs twenty times more."""
    known = phonenumbers.PhoneMetadata.metadata_for_region(HOME)
    mobile = known.mobile if known else None
    return re.compile(f"0(?:{mobile.national_number_pattern})" if mobile else "(?!)")


def parse_or_none(text: str, region: str = HOME) -> Phone | None:
    """As `parse`, None instead of the error: for recognising and for matching."""
    try:
        return parse(text) if region == HOME else parse(text, region)
    except UserError:
        return None


def _phone(number: phonenumbers.PhoneNumber, notes: list[Note]) -> Phone:
    valid = phonenumbers.is_valid_number(number)
    if not valid:
        notes.append(note("phone-unknown-prefix"))
    kind = phonenumbers.number_type(number)
    mobile = kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return Phone(e164, country, valid, mobile, tuple(notes))


def _one_number(text: str, notes: list[Note]) -> str:
    """Plain ASCII digits with at most one leading plus; the first number where a cell holds several."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    if _EXPONENT.match(plain):
        raise UserError("codes.phone-exponent", field="phone")
    plain = _EXCEL_FLOAT.sub("", plain)
    first = _first_of_several(plain)
    if first != plain:
        notes.append(note("phone-several"))
    return ("+" if first.startswith(("+", "(+")) else "") + "".join(re.findall(r"[0-9]", first))


def _first_of_several(plain: str) -> str:
    if plain.isdigit():
        return plain
    for piece in _SEVERAL.split(plain):
        if sum(letter.isdigit() for letter in piece) >= 8:
            return piece.strip()
    return plain


def _vietnamese(digits: str, notes: list[Note]) -> str:
    """National form with its trunk zero, moved to the prefix in force; foreign numbers pass through."""
    national = _national(digits, notes)
    if national is None:
        return digits
    prefix = str(table("phone_prefixes")["mobile"].get(national[:4], ""))
    if prefix and len(national) == 11:
        notes.append(note("phone-migrated", old=national[:4], new=prefix))
        return prefix + national[4:]
    return national


def _national(digits: str, notes: list[Note]) -> str | None:
    for code in ("+84", "0084", "84"):
        rest = digits.removeprefix(code)
        if rest != digits and 8 <= len(rest.lstrip("0")) <= 10:
            return "0" + rest.lstrip("0")
    if digits.startswith(("+", "00")):
        return None
    if not digits.startswith("0") and _looks_zero_lost(digits):
        notes.append(note("phone-lost-zero"))
        return "0" + digits
    return digits


def _looks_zero_lost(digits: str) -> bool:
    """A spreadsheet drops the leading zero: nine digits of a mobile, or ten of an old eleven-digit one."""
    return len(digits) == 9 or (len(digits) == 10 and digits[0] == "1")
