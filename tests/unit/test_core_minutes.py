"""Minutes and local days: worked out by hand against UTC+7."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungxanh.core import minutes
from vungxanh.core.errors import UserError

YEARS = (datetime(1990, 1, 1), datetime(2080, 1, 1))  # noqa: DTZ001 (the strategy wants them bare)
MOMENTS = st.datetimes(*YEARS, timezones=st.just(UTC))


def test_a_start_is_floored_and_an_end_ceiled() -> None:
    moment = datetime(1970, 1, 2, 0, 0, 30, tzinfo=UTC)
    assert minutes.floor_minute(moment) == 1440
    assert minutes.ceil_minute(moment) == 1441


def test_a_vietnamese_day_begins_at_17_00_utc_of_the_day_before() -> None:
    assert minutes.format_minute(minutes.day_start(date(2022, 1, 3))) == "2022-01-02T17:00Z"


@pytest.mark.parametrize(
    ("local", "day"), [("2022-01-03T23:30", date(2022, 1, 3)), ("2022-01-04T00:30", date(2022, 1, 4))]
)
def test_half_an_hour_beside_midnight_falls_on_the_local_day(local: str, day: date) -> None:
    assert minutes.local_date(minutes.floor_minute(minutes.parse_instant(local))) == day


def test_a_text_without_offset_is_local_and_one_with_offset_is_not() -> None:
    assert minutes.parse_instant("2022-01-03T09:30") == minutes.parse_instant("2022-01-03T02:30Z")
    assert minutes.parse_instant("2022-01-03T09:30+01:00").utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "yesterday", "2022-13-01", "2022-02-30T10:00"])
def test_no_time_is_a_clear_error(text: str) -> None:
    with pytest.raises(UserError) as caught:
        minutes.parse_instant(text)
    assert caught.value.code == "core.bad-time"
    assert "2022-01-03T09:30" in caught.value.text("vi")


@given(MOMENTS)
def test_floor_and_ceil_enclose_the_moment(moment: datetime) -> None:
    low, high = minutes.floor_minute(moment), minutes.ceil_minute(moment)
    assert minutes.from_minute(low) <= moment <= minutes.from_minute(high)
    assert high - low == (0 if moment.second == moment.microsecond == 0 else 1)


@given(MOMENTS, st.integers(-12, 14))
def test_the_zone_it_was_written_in_does_not_matter(moment: datetime, hours: int) -> None:
    other = moment.astimezone(timezone(timedelta(hours=hours)))
    assert minutes.floor_minute(other) == minutes.floor_minute(moment)
