"""Small readings that several codes share: clean text, names without diacritics, dates as cards write them."""

import re
import unicodedata
from datetime import date

_SPACES = re.compile(r"\s+")
_DMY = re.compile(r"^(\d{1,2})[/.-]?(\d{2})[/.-]?(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")

#: Longest text any decoder looks at: the largest QR code holds 4,296 characters, an MRZ photo 200.
LONGEST = 20_000


def clean(text: str) -> str:
    """As a scanner meant it: no byte-order mark, no Enter, no direction marks, composed letters."""
    bare = "".join(letter for letter in text[:LONGEST] if unicodedata.category(letter) not in ("Cf", "Cs"))
    return unicodedata.normalize("NFC", bare).strip("\r\n\t\0 ")


def folded(name: str) -> str:
    """`Trần Thị Thử` -> `TRAN THI THU`: upper case, no diacritics, Đ as D, single spaces."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare).strip().upper()


def day(text: str) -> date | None:
    """`18/01/2012`, `01011990`, `1987-01-18` -> date; None where it is none."""
    if match := _ISO.match(text):
        year, month, of_month = match.groups()
    elif match := _DMY.match(text):
        of_month, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


def year(text: str) -> int | None:
    """The four-digit year that a full, masked or year-only date states."""
    found = re.search(r"(?<!\d)(1[89]\d\d|2\d{3})(?!\d)", text)
    if found:
        return int(found.group())
    whole = day(text)
    return whole.year if whole else None


def ascii_digits(text: str, length: int) -> bool:
    """Exactly `length` of 0-9; other scripts' digits do not count."""
    return len(text) == length and text.isascii() and text.isdigit()
