"""What people mean by a cell: dates as text and serials, clocks as 17h30, ages as "3 tháng", numbers Excel spoilt.

Each reader gives a `Read`: the value, notes about what was mended, or a fault when it would have to guess.
An empty cell is `Read(None)`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, Literal, TypeVar

from vungxanh.core.vietnamese import clean, fold
from vungxanh.exchange.heads import Order
from vungxanh.exchange.safe import Value, unquoted

T = TypeVar("T")
Sex = Literal["M", "F", "X"]
#: day 0 of the 1900 system as all programs count it
SERIAL_ZERO = date(1899, 12, 30)
#: serials that can be meant as dates: 1920 to 2079
SERIALS = range(7_306, 65_380)
NOTHING = {
    "",
    "-",
    "--",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "khong ro",
    "khong biet",
    "ko ro",
    "chua ro",
    "?",
    "unknown",
}

_THREE = re.compile(r"^(\d{1,4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,4})$")
_WORDY = re.compile(r"^(?:ngay\s*)?(\d{1,2})\s*(?:thang|/|-)\s*(\d{1,2})\s*(?:nam|/|-)\s*(\d{2,4})$")
_EIGHT = re.compile(r"^\d{8}$")
_MONTH_NAMES = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTHS = {_MONTH_NAMES[3 * number : 3 * number + 3]: number + 1 for number in range(12)}
_ENGLISH = re.compile(
    r"^(?:(\d{1,2})[\s\-,.]*([a-z]{3})[a-z]*|([a-z]{3})[a-z]*[\s\-,.]*(\d{1,2}))[\s\-,.]+(\d{2,4})$"
)
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:h|g|gio|:)\s*(\d{2})?(?::\d{2}(?:\.\d+)?)?\s*(?:'|p\b|phut)?\s*(sang|trua|chieu|toi|dem|am|pm|sa|ch)?\b"
)
_AGE_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*(tuoi|nam|years?|yrs?|y|thang|months?|m|tuan|weeks?|w|ngay|days?|d)?")
_UNITS = {
    "tuoi": 12.0,
    "nam": 12.0,
    "y": 12.0,
    "thang": 1.0,
    "m": 1.0,
    "tuan": 12 / 52.18,
    "w": 12 / 52.18,
    "ngay": 12 / 365.25,
    "d": 12 / 365.25,
}
_SEX_WORDS: dict[Sex, str] = {
    "M": "m male nam man masculino hombre trai 1",
    "F": "f female nu woman femenino mujer gai 2",
    "X": "x u khac other unknown otro 3",
}
_SEXES = {word: found for found, words in _SEX_WORDS.items() for word in words.split()}
_TRUTHS = dict.fromkeys(("co", "yes", "y", "true", "1", "x", "si", "duong tinh", "+"), True) | dict.fromkeys(
    ("khong", "ko", "no", "n", "false", "0", "am tinh"), False
)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """`fault`: code of `exchange` without the package; `notes`: codes of what was mended."""

    value: T | None
    fault: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Age:
    """`months` as told; `upper` where a range was given ("30-39")."""

    months: float
    upper: float | None = None

    @property
    def years(self) -> int:
        return int(self.months // 12)


def text(value: Value) -> str:
    """The cell as clean text: NFC, single blanks, no apostrophe before a number, whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unquoted(clean(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, _MOMENTS) else str(value)


_MOMENTS = (datetime, date, time)


def nothing(value: Value) -> bool:
    """Is the cell empty, or a word that means so?"""
    if value is None:
        return True
    if not isinstance(value, str | float):
        return False
    return fold(text(value)) in NOTHING


def identifier(value: Value, lengths: Iterable[int] = (), prefix: str = "") -> Read[str]:
    """A number that is a name: CCCD, passport, case number. Lost zeros come back where a length says how many.

    Fault `cell-exponent` where the spreadsheet lost digits for good (`1.2E+11`).
    """
    if nothing(value):
        return Read(None)
    bare = re.sub(r"^(\d+)\.0+$", r"\1", re.sub(r"\s", "", text(value)).upper())
    if re.fullmatch(r"\d(?:[.,]\d+)?E\+?\d+", bare):
        return Read(None, "cell-exponent")
    if isinstance(value, float) and abs(value) >= 2**53:
        return Read(None, "cell-exponent")
    wanted = sorted(lengths)
    if bare.isascii() and bare.isdigit() and wanted and len(bare) not in wanted:
        longer = next((size for size in wanted if 0 < size - len(bare) <= 3), None)
        if longer:
            return Read(bare.zfill(longer), notes=("cell-lost-zero",))
    return Read(prefix + bare)


def number(value: Value) -> Read[float]:
    """`1.234,5`, `1,234.5`, `12,5` and numbers. Fault `cell-number`."""
    if nothing(value):
        return Read(None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Read(float(value))
    bare = text(value).replace(" ", "").removesuffix("%")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare) and bare.count(",") + bare.count(".") > 1:
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".")
    if re.fullmatch(r"-?\d+(?:\.\d+)?", bare):
        return Read(float(bare))
    return Read(None, "cell-number")


def sex(value: Value) -> Read[Sex]:
    """M, F or X. Fault `cell-sex`."""
    if nothing(value) and fold(text(value)) != "unknown":
        return Read(None)
    found = _SEXES.get(fold(text(value)).rstrip("."))
    return Read(found) if found else Read(None, "cell-sex")


def truth(value: Value) -> Read[bool]:
    """Yes or no. Fault `cell-yes-no`."""
    if isinstance(value, bool):
        return Read(value)
    if nothing(value):
        return Read(None)
    found = _TRUTHS.get(fold(text(value)))
    return Read(None, "cell-yes-no") if found is None else Read(found)


# ------------------------------------------------------------------ days


def day_order(values: Iterable[Value], usual: Order = "dmy") -> Order:
    """How a column writes its dates: one 25/12 or 12/25 decides for all, else `usual`."""
    firsts, seconds = 0, 0
    for value in values:
        match = _THREE.match(fold(text(value))) if isinstance(value, str) else None
        if match and len(match.group(1)) < 3:
            firsts += int(match.group(1)) > 12
            seconds += int(match.group(2)) > 12
    if bool(firsts) == bool(seconds):
        return usual
    return "dmy" if firsts else "mdy"


def day(value: Value, order: Order = "dmy", *, today: date | None = None, past: bool = False) -> Read[date]:
    """A calendar day. `past`: it cannot lie ahead (births), which decides two-digit years.

    Faults: `cell-date` (none), `cell-date-ahead` (`past` and later than `today`). Note `cell-two-digit-year`.
    """
    if nothing(value):
        return Read(None)
    found, notes = _any_day(value, order, today)
    if found is None:
        return Read(None, "cell-date")
    if past and today and found > today:
        return Read(None, "cell-date-ahead")
    return Read(found, notes=notes)


def _any_day(value: Value, order: Order, today: date | None) -> tuple[date | None, tuple[str, ...]]:
    if isinstance(value, datetime):
        return value.date(), ()
    if isinstance(value, date):
        return value, ()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(value)
    bare = _CLOCK.sub(" ", fold(text(value))).replace("t00:00", "").strip(" ,;-t")
    return _text_day(re.sub(r"\s+", " ", bare), order, today)


def _serial(value: float) -> tuple[date | None, tuple[str, ...]]:
    if int(value) in SERIALS:
        return SERIAL_ZERO + timedelta(days=int(value)), ("cell-serial",)
    return _eight(str(int(value))), ()


def _text_day(bare: str, order: Order, today: date | None) -> tuple[date | None, tuple[str, ...]]:
    if match := _THREE.match(bare) or _WORDY.match(bare):
        return _ordered(match.groups(), order, today)
    if match := _ENGLISH.match(bare):
        first, name, other_name, second, year = match.groups()
        month = _MONTHS.get(name or other_name or "")
        return (_made(year, month, first or second, today) if month else None), _short(year)
    if re.fullmatch(r"\d{5}", bare):
        return _serial(int(bare))
    return _eight(bare), ()


def _ordered(parts: tuple[str, ...], order: Order, today: date | None) -> tuple[date | None, tuple[str, ...]]:
    first, middle, last = parts
    if len(first) == 4:
        return _made(first, middle, last, today), ()
    if len(last) == 3 or len(first) == 3:
        return None, ()
    of_month, month = (middle, first) if order == "mdy" else (first, middle)
    return _made(last, month, of_month, today), _short(last)


def _short(year: str) -> tuple[str, ...]:
    return ("cell-two-digit-year",) if len(year) <= 2 else ()


def _eight(bare: str) -> date | None:
    if not _EIGHT.match(bare):
        return None
    if bare[:2] in ("19", "20"):
        return _made(bare[:4], bare[4:6], bare[6:], None)
    return _made(bare[4:], bare[2:4], bare[:2], None)


def _made(year: str | int, month: str | int, of_month: str | int, today: date | None) -> date | None:
    """Two-digit years: up to next year they are of this century, else of the last."""
    whole = int(year)
    if whole < 100 and len(str(year)) <= 2:
        pivot = (today.year if today else 2030) % 100 + 1
        whole += 2000 if whole <= pivot else 1900
    try:
        return date(whole, int(month), int(of_month))
    except ValueError:
        return None


def birth_year(value: Value, today: date) -> Read[int]:
    """A year of birth, also out of a whole date. Faults `cell-year`, `cell-date-ahead`."""
    if nothing(value):
        return Read(None)
    bare = text(value)
    year = int(bare) if re.fullmatch(r"\d{4}", bare) else None
    if year is None:
        found = day(value, today=today, past=True)
        year = found.value.year if found.value else None
    if year is None or year < 1880:
        return Read(None, "cell-year")
    return Read(year) if year <= today.year else Read(None, "cell-date-ahead")


# ------------------------------------------------------------------ clocks and ages


def clock(value: Value) -> Read[time]:
    """`17h30`, `5h chiều`, `17:30`, `0,729` of a day. Fault `cell-time`."""
    if nothing(value):
        return Read(None)
    if isinstance(value, datetime | time):
        return Read(value.time() if isinstance(value, datetime) else value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        minutes = round((value % 1) * 1440)
        return Read(time(minutes // 60 % 24, minutes % 60)) if value >= 0 else Read(None, "cell-time")
    match = _CLOCK.search(fold(text(value)))
    found = _of_day(match) if match else None
    return Read(found) if found else Read(None, "cell-time")


def _of_day(match: re.Match[str]) -> time | None:
    hour, minute, part = int(match.group(1)), int(match.group(2) or 0), match.group(3)
    if part in ("chieu", "toi", "pm", "ch", "trua") and hour < (11 if part == "trua" else 12):
        hour += 12
    elif part in ("am", "sang", "sa", "dem") and hour == 12:
        hour = 0
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None


def moment(value: Value, order: Order = "dmy", *, today: date | None = None) -> Read[datetime]:
    """Day and clock in one cell, local time without zone. Faults `cell-date`, `cell-time`."""
    if isinstance(value, datetime):
        return Read(value.replace(tzinfo=None))
    if nothing(value):
        return Read(None)
    if isinstance(value, float) and int(value) in SERIALS:
        return Read(datetime.combine(SERIAL_ZERO, time()) + timedelta(minutes=round(value * 1440)))
    on = day(value, order, today=today)
    if on.value is None:
        return Read(None, on.fault)
    at = clock(value) if isinstance(value, str) else Read(time())
    return Read(datetime.combine(on.value, at.value), notes=on.notes) if at.value else Read(None, "cell-time")


def age(value: Value) -> Read[Age]:
    """`45`, `3 tháng`, `2 tuổi 3 tháng`, `18m`, `30-39`. Fault `cell-age`."""
    if nothing(value):
        return Read(None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Read(Age(value * 12.0)) if 0 <= value <= 130 else Read(None, "cell-age")
    bare = fold(text(value))
    if match := re.fullmatch(r"(\d{1,3})\s*[-–]\s*(\d{1,3})(?:\s*(?:tuoi|years?))?", bare):
        return Read(Age(int(match.group(1)) * 12.0, int(match.group(2)) * 12.0))
    rest = _AGE_PART.sub("", bare).strip(" ,.va")
    months = sum(_part_months(*found) for found in _AGE_PART.findall(bare))
    good = bare[:1].isdigit() and not rest and 0 <= months <= 130 * 12
    return Read(Age(round(months, 2))) if good else Read(None, "cell-age")


def _part_months(amount: str, unit: str) -> float:
    key = unit if unit in _UNITS else unit[:1]
    return float(amount.replace(",", ".")) * _UNITS.get(key or "y", 12.0)
