"""Time inside lake and tracing: integer minutes since the Unix epoch, UTC; intervals half-open `[start, end)`.

A start is floored and an end ceiled to the minute. A date is a calendar day of a territory, by default
Asia/Ho_Chi_Minh: "two days before onset" starts at 00:00 there.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vungxanh.core.errors import UserError

VIETNAM = "Asia/Ho_Chi_Minh"
MINUTES_A_DAY = 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def floor_minute(moment: datetime) -> int:
    """Minute that `moment` (aware) lies in."""
    return int((moment - EPOCH) // timedelta(minutes=1))


def ceil_minute(moment: datetime) -> int:
    """First minute not before `moment` (aware)."""
    return -int((EPOCH - moment) // timedelta(minutes=1))


def from_minute(minute: int) -> datetime:
    """Minute -> aware UTC datetime."""
    return EPOCH + timedelta(minutes=minute)


def parse_instant(text: str, zone: str = VIETNAM) -> datetime:
    """ISO 8601 text -> aware datetime; a text without offset is local time of `zone`.

    Raises UserError `core.bad-time`.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as exc:
        raise UserError("core.bad-time", value=text[:40]) from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def parse_date(text: str) -> date:
    """`2022-01-03` -> date. Raises UserError `core.bad-date`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as exc:
        raise UserError("core.bad-date", value=text[:40]) from exc


def day_start(day: date, zone: str = VIETNAM) -> int:
    """Minute at which the local calendar day `day` begins in `zone`."""
    return floor_minute(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def local_date(minute: int, zone: str = VIETNAM) -> date:
    """Calendar day of `zone` in which `minute` lies."""
    return from_minute(minute).astimezone(ZoneInfo(zone)).date()


def utc_day(minute: int) -> int:
    """Days since the epoch, UTC: the lake's partition."""
    return minute // MINUTES_A_DAY


def format_minute(minute: int) -> str:
    """`2022-01-03T09:30Z`, as every output prints times."""
    return from_minute(minute).strftime("%Y-%m-%dT%H:%MZ")
