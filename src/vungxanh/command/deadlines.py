"""Dates and deadlines as administrative Vietnamese writes them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a duty is due; `every` is "day" or "week" where it repeats; `words` is what it was read from."""

    due: datetime | None
    every: str
    words: str


LONG = re.compile(r"ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})")
SHORT = re.compile(r"(?:ngày\s+)?(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})")
HOUR = r"(?:(?P<h>\d{1,2})\s*(?:giờ|h|g|:)\s*(?P<min>\d{2})?\s*(?:phút)?)?"
BEFORE = re.compile(
    rf"(?:trước|chậm nhất(?: là)?|muộn nhất(?: là)?|hoàn thành trước|xong trước)\s+{HOUR}\s*(?:ngày)?\s*,?\s*"
    r"(?P<date>ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}\s*(?:/|\s+tháng\s+)\s*\d{1,2}(?:\s*(?:/|\s+năm\s+)\s*\d{4})?)",
    re.IGNORECASE,
)
WITHIN = re.compile(
    r"trong (?:vòng |thời hạn )?(?P<n>\d{1,3}) (?P<unit>ngày|giờ|tuần)(?: làm việc)?", re.IGNORECASE
)
DAILY = re.compile(rf"(?:(?:trước|vào)\s+{HOUR}\s*)?(?:hằng ngày|hàng ngày|mỗi ngày)", re.IGNORECASE)
WEEKLY = re.compile(
    rf"(?:trước\s+{HOUR}\s*)?(?:thứ\s+\w+|chủ nhật)?\s*(?:hằng tuần|hàng tuần|mỗi tuần)", re.IGNORECASE
)
LOCAL = ZoneInfo(VIETNAM)
END_OF_WORK = time(17, 0, tzinfo=LOCAL)


def find_date(text: str) -> date | None:
    """First date in `text`; None where there is none or it is no day of the calendar."""
    found = LONG.search(text) or SHORT.search(text)
    return _date(found["y"], found["m"], found["d"]) if found else None


def _date(year: str | int, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _time(found: re.Match[str]) -> time:
    """Hour named before the date; 17:00, the end of the working day, where none is."""
    hour = found["h"]
    return (
        time(int(hour), int(found["min"] or 0), tzinfo=LOCAL)
        if hour and int(hour) < 24 and int(found["min"] or 0) < 60
        else END_OF_WORK
    )


def find_deadline(text: str, issued: date | None) -> Deadline | None:
    """First deadline in `text`; a date without a year and "within n days" count from the day of issue."""
    if found := BEFORE.search(text):
        parts = re.findall(r"\d+", found["date"])
        year = parts[2] if len(parts) > 2 else (issued.year if issued else 0)
        day = _date(year, parts[1], parts[0])
        return Deadline(datetime.combine(day, _time(found)) if day else None, "", found[0].strip())
    if found := DAILY.search(text):
        return Deadline(None, "day", found[0].strip())
    if found := WEEKLY.search(text):
        return Deadline(None, "week", found[0].strip())
    if (found := WITHIN.search(text)) and issued:
        span = {"ngày": timedelta(days=1), "giờ": timedelta(hours=1), "tuần": timedelta(weeks=1)}[
            found["unit"].lower()
        ]
        return Deadline(datetime.combine(issued, END_OF_WORK) + int(found["n"]) * span, "", found[0].strip())
    return None
