"""F0, F1, F2: how the class follows from the path, and how the length of a follow-up follows from the day."""

import itertools
from datetime import date

import pytest

from vungxanh.outbreak.classes import class_of
from vungxanh.outbreak.followup_rules import plan, rule_on, rules

LAN, MAI, BINH, YEN = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("path", "cases", "expected"),
    [
        ((LAN, MAI), {LAN}, 1),
        ((LAN, MAI, BINH), {LAN}, 2),
        ((LAN, MAI, BINH), {LAN, MAI}, 1),  # Mai fell ill: those whom she met are one class nearer
        ((LAN, MAI, BINH, YEN), {LAN, MAI}, 2),
        ((LAN, MAI), {LAN, MAI}, 0),
        ((LAN, MAI, BINH), {LAN, BINH}, 0),
    ],
)
def test_class_counts_the_steps_from_the_nearest_case(
    path: tuple[int, ...], cases: set[int], expected: int
) -> None:
    assert class_of(path, cases) == expected


@pytest.mark.parametrize(
    ("last_exposed", "group", "rule", "days", "tests"),
    [
        (date(2020, 3, 12), "other", "vn.covid19.followup.879", 14, ()),
        (date(2021, 7, 14), "other", "vn.covid19.followup.5599", 14, (1, 7, 14)),
        (date(2021, 12, 16), "full", "vn.covid19.followup.10696", 7, (1, 7)),
        (date(2021, 12, 16), "other", "vn.covid19.followup.10696", 14, (1, 7, 14)),
        (date(2022, 2, 20), "full", "vn.covid19.followup.10696", 7, (1, 7)),
        (date(2022, 2, 21), "full", "vn.covid19.followup.762", 5, (5,)),
        (date(2022, 2, 21), "", "vn.covid19.followup.762", 7, (7,)),  # nothing known counts as not vaccinated
        (date(2022, 4, 15), "full", "vn.covid19.followup.1909", 10, ()),
    ],
)
def test_length_by_day_and_protection(
    last_exposed: date, group: str, rule: str, days: int, tests: tuple[int, ...]
) -> None:
    found = rule_on(last_exposed, "covid19")
    assert found is not None
    length = found.length(group)
    assert (found.id, length.days, length.test_days) == (rule, days, tests)


def test_no_rule_before_the_first_and_none_for_another_disease() -> None:
    assert rule_on(date(2020, 1, 1), "covid19") is None
    assert rule_on(date(2022, 1, 1), "measles") is None


def test_periods_of_one_disease_neither_overlap_nor_leave_a_day_out() -> None:
    ordered = sorted(rules(), key=lambda rule: (rule.disease, rule.valid_from))
    of_one = [pair for pair in itertools.pairwise(ordered) if pair[0].disease == pair[1].disease]
    assert of_one
    for before, after in of_one:
        assert before.valid_to is not None
        assert (after.valid_from - before.valid_to).days == 1


def test_found_late_the_missed_test_is_due_on_the_first_day() -> None:
    """Last exposed on 1 January 2022, found on the 4th: the day-1 test is made up for on the 4th."""
    rule = rule_on(date(2022, 1, 1), "covid19")
    assert rule is not None
    days = plan(date(2022, 1, 1), rule.length("full"), date(2022, 1, 4))
    assert (min(days), max(days), len(days)) == (date(2022, 1, 4), date(2022, 1, 8), 5)
    assert [day for day, test in days.items() if test] == [date(2022, 1, 4), date(2022, 1, 8)]


def test_found_after_the_end_there_is_nothing_to_do() -> None:
    rule = rule_on(date(2022, 1, 1), "covid19")
    assert rule is not None
    assert plan(date(2022, 1, 1), rule.length("full"), date(2022, 1, 9)) == {}
