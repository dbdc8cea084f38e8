"""Backward: three guests of one dinner fell ill; the cook was there, one guest never met the others."""

from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Place, Visit
from vungxanh.tracing.backward import Backward, backward
from vungxanh.tracing.model import Certainty, IndexPerson, TraceRequest

COOK, AN, BINH, CHI, WAITER = 1, 2, 3, 4, 5
DINNER = day_start(date(2022, 1, 5)) + 1140
HALL, OFFICE = 10, 11


def asked() -> Backward:
    visits = [Visit(p, HALL, DINNER, DINNER + 120) for p in (COOK, AN, BINH)]
    visits += [Visit(WAITER, HALL, DINNER, DINNER + 5), Visit(CHI, OFFICE, DINNER, DINNER + 60)]
    visits += [
        Visit(p, OFFICE, DINNER + 20 * 1440, DINNER + 20 * 1440 + 60) for p in (AN, CHI)
    ]  # long after onset
    lake = MemoryLake(Evidence.of(visits=visits, places=[Place(HALL, "room"), Place(OFFICE, "room")]))
    cases = tuple(IndexPerson(p, onset=date(2022, 1, 10)) for p in (AN, BINH, CHI))
    return backward(TraceRequest(cases), lake)


def test_sources_are_ranked_by_the_cases_they_would_explain() -> None:
    found = asked().sources
    assert [(s.person, s.cases, s.is_case) for s in found] == [
        (COOK, (AN, BINH), False),
        (WAITER, (AN, BINH), False),  # five minutes only: less certain
        (AN, (BINH,), True),
        (BINH, (AN,), True),
    ]
    assert [s.certainty for s in found[:2]] == [Certainty.CONFIRMED, Certainty.NEEDS_INTERVIEW]


def test_places_are_ranked_and_clusters_found() -> None:
    found = asked()
    assert [(p.place, p.cases) for p in found.places] == [(HALL, (AN, BINH)), (OFFICE, (CHI,))]
    assert [(c.cases, c.places) for c in found.clusters] == [((AN, BINH), (HALL,))]


def test_the_window_is_that_of_incubation() -> None:
    (window, *_) = asked().windows
    # exposure one to fourteen local days before 10 January
    assert (window.start, window.end) == (day_start(date(2021, 12, 27)), day_start(date(2022, 1, 10)))


def test_a_disease_without_an_incubation_time_is_refused() -> None:
    with pytest.raises(UserError, match="no incubation time"):
        backward(
            TraceRequest((IndexPerson(1, onset=date(2022, 1, 3)),), disease="gout"), MemoryLake(Evidence.empty())
        )
