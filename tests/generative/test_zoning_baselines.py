"""All communes at once, held equal to the rule judged commune by commune."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vungxanh.rules.level_baseline import BaselineRule
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import level_rule
from vungxanh.zoning.model.baselines import EPIDEMIC, NONE, UNDECIDED, WARNING, commune_levels

COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=5, max_size=5)
COMMUNE = st.tuples(
    COUNTS, COUNTS, st.lists(st.booleans(), min_size=5, max_size=5), st.integers(0, 60), st.integers(0, 60)
)
NAMES = {"none": NONE, "warning": WARNING, "epidemic": EPIDEMIC, None: UNDECIDED}


def alone(months: list[Any], weeks: list[Any], epidemic: list[bool], month: int, week: int) -> int:
    """The same commune through the rule itself."""
    data = {
        "area": "x",
        "group": "B",
        "endemic": True,
        "month_cases": month,
        "week_cases": week,
        "month_baseline": {str(y): {"cases": c, "epidemic": epidemic[y]} for y, c in enumerate(months)},
        "week_baseline": {str(y): {"cases": c, "epidemic": epidemic[y]} for y, c in enumerate(weeks)},
    }
    (result,) = judge(level_rule("tt-15-2026"), data)
    return NAMES[result.level]


@given(st.lists(COMMUNE, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_the_array_answers_as_the_rule_does(communes: list[Any]) -> None:
    rule = level_rule("tt-15-2026")
    assert isinstance(rule, BaselineRule)
    months, weeks = (np.array([c[i] for c in communes], float) for i in (0, 1))
    epidemic = np.array([c[2] for c in communes])
    now = [np.array([c[i] for c in communes], float) for i in (3, 4)]
    found = commune_levels(rule, months, epidemic, weeks, now[0], now[1])
    assert found.status.tolist() == [alone(*commune) for commune in communes]
