"""A rule run over a past period beside what was decided; a zone of a past day beside the cases that came."""

from datetime import date

import pytest

from tests.spec.test_tower_zone import CASE, tower
from vungxanh.core.errors import UserError
from vungxanh.lake.memory import MemoryLake
from vungxanh.zoning.backtest import backtest, zone_backtest

RULE = "vn.covid19.level.4800"
MET = {"adults_one_dose_pct": 95, "elderly_full_pct": 90}


def test_each_day_stands_beside_the_level_decided_last() -> None:
    days = [
        {"on": "2021-11-05", "areas": [{"area": "A", "rate": 5, **MET}, {"area": "B", "rate": 200, **MET}]},
        {"on": "2021-11-12", "areas": [{"area": "A", "rate": 30, **MET}, {"area": "B", "rate": 200, **MET}]},
    ]
    decided = [{"area": "A", "on": "2021-11-01", "level": "1"}, {"area": "B", "on": "2021-11-10", "level": "2"}]
    found = backtest(RULE, {"days": days, "decided": decided})
    assert [(r["area"], r["computed"], r["decided"], r["steps"]) for r in found["rows"]] == [
        ("A", "1", "1", 0), ("B", "3", None, None), ("A", "2", "1", 1), ("B", "3", "2", 1),
    ]  # fmt: skip
    assert (found["compared"], found["agree"], found["computed_graver"], found["computed_milder"]) == (3, 1, 2, 0)


def test_a_cell_that_was_not_read_stays_open_and_is_counted() -> None:
    days = [
        {
            "on": "2021-11-05",
            "areas": [{"area": "A", "rate": 200, "adults_one_dose_pct": 10, "elderly_full_pct": 10}],
        }
    ]
    found = backtest(RULE, {"days": days, "decided": [{"area": "A", "on": "2021-11-01", "level": "4"}]})
    assert (found["not_computed"], found["possible_holds_decided"], found["with_decision"]) == (1, 1, 1)


@pytest.mark.parametrize("bad", [[], {}, {"days": [{}]}, {"days": [], "decided": [{"area": "A"}]}])
def test_other_forms_are_refused(bad: object) -> None:
    with pytest.raises(UserError, match="right form"):
        backtest(RULE, bad)


def test_a_level_that_the_rule_does_not_have_is_refused() -> None:
    with pytest.raises(UserError, match="no level"):
        backtest(RULE, {"days": [], "decided": [{"area": "A", "on": "2021-11-01", "level": "red"}]})


def test_a_zone_of_a_past_day_is_held_against_the_cases_that_came() -> None:
    """Known on the 14th: one worker of floor 20. Then two colleagues fell ill, and one of floor 22."""
    cases = [{"person": CASE, "onset": "2022-01-10", "found": "2022-01-13"}]
    cases += [{"person": p, "onset": "2022-01-15", "found": "2022-01-17"} for p in (CASE + 1, CASE + 2, 2201)]
    found = zone_backtest(MemoryLake(tower()), cases, date(2022, 1, 14))
    assert (found["known_cases"], found["later_cases"]) == (1, 3)
    assert found["options"][1]["later_cases_inside"] == 2
