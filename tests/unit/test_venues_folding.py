"""The sentences of `folding`, one by one. Times are of 3 May 2026 in Viet Nam."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungxanh.venues.folding import BOUNCE, Direction, Hours, Scan, Stay, fold

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = Hours(timedelta(minutes=60), time(19))
EITHER, IN, OUT = Direction.EITHER, Direction.IN, Direction.OUT


def at(text: str) -> datetime:
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 5, 3, hour, minute, tzinfo=ZONE)


def stays(*scans: tuple[str, Direction], hours: Hours = HOUR) -> list[tuple[str, str, str]]:
    """(start, end, remark) of each stay."""
    found = fold([Scan(i, at(when), way) for i, (when, way) in enumerate(scans)], hours)
    return [(f"{s.start:%H:%M}", f"{s.end:%H:%M}" if s.end else "open", remark(s)) for s in found]


def remark(stay: Stay) -> str:
    return "start assumed" if stay.start_assumed else "end assumed" if stay.end_assumed else ""


def test_second_scan_is_a_check_out() -> None:
    assert stays(("09:10", EITHER), ("09:46", EITHER)) == [("09:10", "09:46", "")]


def test_a_scan_within_five_minutes_is_the_same_scan() -> None:
    assert stays(("09:10", EITHER), ("09:14", EITHER)) == [("09:10", "open", "")]
    assert stays(("09:10", EITHER), ("09:15", EITHER)) == [("09:10", "09:15", "")]


def test_an_explicit_check_out_counts_however_soon() -> None:
    assert stays(("09:10", IN), ("09:12", OUT)) == [("09:10", "09:12", "")]


def test_a_long_stay_ends_with_its_check_out_and_not_with_the_usual_time() -> None:
    assert stays(("09:10", EITHER), ("11:00", EITHER)) == [("09:10", "11:00", "")]
    assert stays(("08:00", IN), ("18:30", OUT)) == [("08:00", "18:30", "")]


def test_whoever_forgot_to_leave_is_assumed_gone_after_the_usual_time() -> None:
    assert stays(("09:10", EITHER), ("14:00", EITHER)) == [
        ("09:10", "10:10", "end assumed"),
        ("14:00", "open", ""),
    ]


def test_nobody_is_assumed_to_stay_beyond_closing_time() -> None:
    assert fold([Scan(1, at("18:30"))], HOUR)[0].until == at("19:00")
    assert fold([Scan(1, at("19:30"))], HOUR)[0].until == at("20:30")  # came after closing: staff, or the clock
    assert fold([Scan(1, at("18:30"))], Hours(timedelta(minutes=60)))[0].until == at("19:30")


def test_a_second_in_starts_anew() -> None:
    assert stays(("09:00", IN), ("09:30", IN), ("09:50", OUT)) == [
        ("09:00", "09:30", "end assumed"),
        ("09:30", "09:50", ""),
    ]


def test_a_check_out_alone_proves_presence_at_that_moment() -> None:
    assert stays(("09:30", OUT)) == [("09:30", "09:30", "start assumed")]


def test_in_out_in_again() -> None:
    assert stays(("08:00", EITHER), ("08:30", EITHER), ("08:40", EITHER)) == [
        ("08:00", "08:30", ""),
        ("08:40", "open", ""),
    ]


MIDNIGHT = at("00:00")


def scans_of(drawn: list[tuple[int, Direction]]) -> list[Scan]:
    return [Scan(own, MIDNIGHT + timedelta(minutes=minute), way) for own, (minute, way) in enumerate(drawn)]


SCANS = st.lists(st.tuples(st.integers(0, 1439), st.sampled_from(Direction)), max_size=12).map(scans_of)


@given(SCANS, st.integers(0, 2**16))
def test_order_of_arrival_does_not_matter(scans: list[Scan], seed: int) -> None:
    shuffled = list(scans)
    Random(seed).shuffle(shuffled)
    assert fold(shuffled, HOUR) == fold(scans, HOUR)


@given(SCANS)
def test_stays_do_not_overlap_and_only_the_last_is_open(scans: list[Scan]) -> None:
    found = fold(scans, HOUR)
    assert all(stay.end for stay in found[:-1])
    assert all(one.end <= two.start for one, two in pairwise(found) if one.end)
    assert all(stay.end is None or stay.end >= stay.start for stay in found)
    assert all(stay.until <= stay.start + HOUR.usual for stay in found)


@given(SCANS)
def test_everybody_who_was_scanned_was_there(scans: list[Scan]) -> None:
    """Each scan lies in a stay, or within five minutes of a scan that does."""
    found = fold(scans, HOUR)
    for scan in scans:
        assert any(stay.start - BOUNCE <= scan.at <= (stay.end or stay.until) + BOUNCE for stay in found), scan


@pytest.mark.parametrize("minutes", [1, 60, 1440])
def test_an_open_stay_knows_when_it_ends(minutes: int) -> None:
    stay = fold([Scan(1, at("00:00"))], Hours(timedelta(minutes=minutes)))[0]
    assert stay.until - stay.start == timedelta(minutes=minutes)
