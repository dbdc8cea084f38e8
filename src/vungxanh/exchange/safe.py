"""What a spreadsheet program would run or refuse, made harmless before it is written.

Names of people arrive from anywhere; in 2021 a guest's name ran as a formula in health offices' Excel.
"""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM

#: a cell that begins so is read as a formula (or, after a tab or line end, may be)
_DANGEROUS = re.compile(r"^[=+\-@\t\r\n|%＝＋－＠]")
#: … unless it is only a number or a telephone number, which must not gain an apostrophe
_NUMBER = re.compile(r"^(?:\+\d[\d ]*|-?\d+(?:[.,]\d+)?)$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: longest text a cell of a workbook holds
LONGEST_CELL = 32_767
#: dates that the 1900 system cannot hold are written as text
FIRST_DAY = date(1900, 3, 1)

Value = str | int | float | bool | date | datetime | time | None


def dangerous(text: str) -> bool:
    """Would a spreadsheet program run this text?"""
    return bool(_DANGEROUS.match(text.lstrip(" \u00a0"))) and not _NUMBER.match(text.strip())


def plain(text: str) -> str:
    """Without the characters that no workbook may hold, cut to what a cell holds."""
    bare = _CONTROL.sub("", text)
    return bare if len(bare) <= LONGEST_CELL else bare[: LONGEST_CELL - 1] + "…"


def for_csv(text: str) -> str:
    """An apostrophe before what would run; `unquoted` takes it away again."""
    bare = plain(text)
    return "'" + bare if dangerous(bare) else bare


def unquoted(text: str) -> str:
    """`'0944…` and `'=…` as typed by people or written by `for_csv`: the text behind the apostrophe."""
    if not text.startswith("'"):
        return text
    behind = text[1:]
    if dangerous(behind) or behind[:1].isdigit() or behind.startswith("+"):
        return behind
    return text


def local(moment: datetime) -> datetime:
    """Workbooks know no zones: local time of Viet Nam, without one."""
    return moment.astimezone(ZoneInfo(VIETNAM)).replace(tzinfo=None) if moment.tzinfo else moment
