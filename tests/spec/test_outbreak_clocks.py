"""Clocks of NĐ 165/2026: who acts within how many hours, by form of isolation."""

from datetime import UTC, datetime, timedelta

import pytest

from vungxanh.outbreak.clocks import clocks, running

FOUND = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return FOUND + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("form", "list_by", "decide_by", "hold_by", "notify_by"),
    [
        ("home", 2, 3, 3, 6),  # listed in 2 h, decided 1 h later, told 3 h later; held at most 3 h
        ("facility", 1, 2, 2, 3),
        ("gate", 1, 2, 2, 2),  # told at once
        ("other", 3, 6, 6, 9),
    ],
)
def test_hours_when_nothing_has_been_done(
    form: str, list_by: float, decide_by: float, hold_by: float, notify_by: float
) -> None:
    found = clocks(form, detected=FOUND, listed=None, signed=None, notified=None)
    assert [(clock.step, clock.due) for clock in found] == [
        ("list", at(list_by)),
        ("decide", at(decide_by)),
        ("hold", at(hold_by)),
        ("notify", at(notify_by)),
    ]


def test_each_step_starts_the_next_clock() -> None:
    """Listed after half an hour, signed after one: the person is to be told within three hours of that."""
    found = clocks("home", detected=FOUND, listed=at(0.5), signed=at(1), notified=None)
    due = {clock.step: clock.due for clock in found}
    assert (due["decide"], due["notify"]) == (at(1.5), at(4))
    first = running(found)
    assert first is not None
    assert first.step == "notify"


def test_late_is_judged_by_when_it_was_done() -> None:
    found = clocks("home", detected=FOUND, listed=at(2), signed=at(5), notified=None)
    late = {clock.step: clock.is_late(at(6)) for clock in found}
    assert late == {"list": False, "decide": True, "hold": True, "notify": False}


def test_before_the_decree_there_was_no_such_clock() -> None:
    before = datetime(2026, 6, 30, 16, 59, tzinfo=UTC)  # 23:59 in Viet Nam
    assert clocks("home", detected=before, listed=None, signed=None, notified=None) == []
    assert clocks("home", detected=before + timedelta(minutes=1), listed=None, signed=None, notified=None)


def test_all_done_no_clock_runs() -> None:
    assert running(clocks("home", detected=FOUND, listed=at(1), signed=at(2), notified=at(3))) is None
