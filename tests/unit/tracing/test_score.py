"""The exposure score: every factor shown, the product checked by hand."""

from datetime import date

import pytest

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Encounter, Household, Place, Visit
from vungxanh.rules.contact import contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.explain import explain
from vungxanh.tracing.model import IndexPerson, TraceRequest
from vungxanh.tracing.score import Score, score

ONSET = date(2022, 1, 3)
NOON = day_start(ONSET) + 720


def scored(evidence: Evidence) -> Score:
    result = trace(TraceRequest((IndexPerson(1, onset=ONSET),)), MemoryLake(evidence))
    (row,) = result.rows
    return score(explain(row, contact_rule(row.rule), evidence), ONSET)


def test_half_an_hour_in_a_room_on_the_day_of_onset() -> None:
    visits = [Visit(p, 10, NOON, NOON + 30) for p in (1, 2)]
    found = scored(Evidence.of(visits=visits, places=[Place(10, "room")]))
    # 30 min × room 1.0 × day 1.0 × unknown distance 0.5
    assert found.points == pytest.approx(15.0)
    assert found.parts[0].factors == {"space": 1.0, "day": 1.0, "distance": 0.5, "masks": 1.0}
    assert found.verified == "no"


def test_a_masked_meeting_outdoors_two_days_before() -> None:
    met = Encounter(1, 2, NOON - 2880, NOON - 2860, 1200, 1.5, 10, mask_a=True, mask_b=True)
    found = scored(Evidence.of(encounters=[met], places=[Place(10, "market")]))
    # 20 min × open 0.1 × two days before 0.6 × up to 2 m 0.6 × both masked 0.3
    assert found.points == pytest.approx(0.22, abs=0.005)


def test_a_household_weighs_by_the_day() -> None:
    home = [Household(p, 5, NOON, NOON + 1440) for p in (1, 2)]
    seen = Visit(1, 9, NOON, NOON + 2000)
    assert scored(Evidence.of(households=home, visits=[seen])).points == pytest.approx(480.0)
