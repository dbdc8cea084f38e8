"""Days and times as people say them: `Thứ Ba 3/5, 09:10–09:46`, local time of Viet Nam."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from vungxanh.core.minutes import VIETNAM, from_minute

DAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_english() -> bool:
    return (get_language() or "vi").startswith("en")


def local(minute: int) -> datetime:
    return from_minute(minute).astimezone(ZoneInfo(VIETNAM))


def day(when: date) -> str:
    """`Thứ Ba 3/5` or `Tue 3 May`."""
    if is_english():
        return f"{DAYS_EN[when.weekday()]} {when.day} {MONTHS_EN[when.month - 1]}"
    return f"{DAYS_VI[when.weekday()]} {when.day}/{when.month}"


def day_with_year(when: date) -> str:
    """`Thứ Ba 3/5/2022` or `Tue 3 May 2022`."""
    return f"{day(when)} {when.year}" if is_english() else f"{day(when)}/{when.year}"


def moment(minute: int) -> str:
    """`Thứ Ba 3/5, 09:10`."""
    when = local(minute)
    return f"{day(when.date())}, {when:%H:%M}"


def span(start: int, end: int) -> str:
    """`Thứ Ba 3/5, 09:10–09:46`; over midnight with both days."""
    first, last = local(start), local(end)
    if first.date() == last.date():
        return f"{day(first.date())}, {first:%H:%M}–{last:%H:%M}"
    return f"{day(first.date())} {first:%H:%M} – {day(last.date())} {last:%H:%M}"


def clock(start: int, end: int) -> str:
    """`09:10–09:46`, for lines that stand under their day."""
    return f"{local(start):%H:%M}–{local(end):%H:%M}"


def minutes(seconds: int) -> str:
    """Seconds as minutes with at most two decimals: `36`, `0,33`."""
    text = f"{seconds / 60:.2f}".rstrip("0").rstrip(".")
    return text if is_english() else text.replace(".", ",")
