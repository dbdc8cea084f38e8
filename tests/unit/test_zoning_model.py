"""The pieces of the zoning model on hand-made evidence."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Household, Isolation, Visit
from vungxanh.tracing.model import Certainty, ContactRow, TraceResult
from vungxanh.zoning.model import sorting
from vungxanh.zoning.model.clusters import clusters
from vungxanh.zoning.model.forward import AT_HOME, Case, Events, Simulation
from vungxanh.zoning.model.origins import Origins
from vungxanh.zoning.model.parameters import course
from vungxanh.zoning.model.presence import Presence
from vungxanh.zoning.model.proposal import propose, thinned
from vungxanh.zoning.model.smallest import Point
from vungxanh.zoning.model.units import chain, following

DAY = 1440
NOW = day_start(date(2022, 1, 17))


def simulated(evidence: Evidence, case: Case, replicates: int = 400) -> Events:
    return Simulation(Presence.of(evidence), course(), NOW, replicates=replicates).run((case,), 7)


def home(*members: int) -> list[Household]:
    return [Household(member, 1, 0, NOW) for member in members]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2**33), st.integers(0, 500)), max_size=12))
def test_sorting_agrees_with_what_it_replaces(rows: list[tuple[int, int, int]]) -> None:
    first, second, amount = (
        np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else [[]] * 3)
    )
    assert sorting.distinct(second).tolist() == sorted(set(second.tolist()))
    assert sorting.order_of(first).tolist() == np.argsort(first, kind="stable").tolist()
    assert (
        sorting.order_of(second << 20).tolist() == np.argsort(second, kind="stable").tolist()
    )  # too wide to pack
    assert sorting.among(first, sorting.distinct(second)).tolist() == [one in second for one in first.tolist()]
    pairs = sorting.distinct_pairs(first, second)
    assert list(zip(*(one.tolist() for one in pairs), strict=True)) == sorted({(a, b) for a, b, _ in rows})
    totals: dict[tuple[int, int], int] = {}
    for a, b, length in rows:
        totals[a, b] = totals.get((a, b), 0) + length
    found = zip(*(one.tolist() for one in sorting.summed(first, second, amount)), strict=True)
    assert [((a, b), length) for a, b, length in found] == sorted(totals.items())


def test_the_profile_of_infectiousness_sums_to_one_and_peaks_about_onset() -> None:
    disease = course()
    assert disease.profile.sum() == pytest.approx(1)
    assert -1 <= int(disease.profile.argmax()) + disease.first_day <= 1


def test_a_case_alone_infects_nobody() -> None:
    assert len(simulated(Evidence.of(households=home(1)), Case(1, NOW - DAY))) == 0


def test_a_case_that_is_known_passes_on_nothing_after_now() -> None:
    events = simulated(Evidence.of(households=home(1, 2, 3)), Case(1, NOW - 2 * DAY))
    case, others = 0, {1, 2}  # events name people by their codes
    assert case not in events.infector.tolist()
    assert set(events.infected.tolist()) <= others
    assert set(events.place.tolist()) == {AT_HOME}


def test_somebody_isolated_spreads_nothing() -> None:
    apart = [Isolation(person, NOW - 14 * DAY, NOW + 30 * DAY) for person in (2, 3)]
    free = simulated(Evidence.of(households=home(1, 2, 3)), Case(1, NOW - 2 * DAY))
    kept = simulated(Evidence.of(households=home(1, 2, 3), isolations=apart), Case(1, NOW - 2 * DAY))
    assert len(kept) == 0 < len(free)


def test_an_infection_knows_the_one_that_it_follows_from() -> None:
    days = [NOW - day * DAY + 480 for day in range(1, 14)]
    visits = [Visit(person, 9, start, start + 480) for person in range(1, 16) for start in days]
    events = simulated(Evidence.of(visits=visits), Case(1, NOW - 2 * DAY))
    child = np.flatnonzero(events.parent >= 0)
    assert len(child)
    parent = events.parent[child]
    assert (events.infected[parent] == events.infector[child]).all()
    assert (events.replicate[parent] == events.replicate[child]).all()
    assert (events.day[parent] < events.day[child]).all()


def test_what_follows_is_held_with_what_it_follows_from() -> None:
    # 0 -> 1 -> 2, and 3 on its own
    ancestor, descendant = following(np.array([-1, 0, 1, -1]))
    assert list(zip(ancestor.tolist(), descendant.tolist(), strict=True)) == [
        (0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2), (3, 3),
    ]  # fmt: skip


def test_somebody_who_was_near_two_cases_is_the_likelier_source_of_both() -> None:
    """9 met both cases on all the days on which they may have been infected; ten others met one of them each."""

    def daily(place: int, *people: int) -> list[Visit]:
        days = [NOW - day * DAY + 480 for day in range(1, 14)]
        return [Visit(person, place, start, start + 240) for person in people for start in days]

    evidence = Evidence.of(
        visits=[*daily(1, 1, 9, *range(20, 30)), *daily(2, 2, *range(30, 40))]
        + [Visit(9, 2, NOW - day * DAY + 780, NOW - day * DAY + 1020) for day in range(1, 14)]
        + [Visit(2, 2, NOW - day * DAY + 780, NOW - day * DAY + 1020) for day in range(1, 14)]
    )
    cases = (Case(1, NOW - 3 * DAY, NOW - DAY), Case(2, NOW - 3 * DAY, NOW - DAY))
    simulation = Simulation(Presence.of(evidence), course(), NOW, replicates=300)
    sources = Origins(simulation.ways, simulation.drawing, 300).add(simulation._seeds(cases), 2)
    persons = simulation.evidence.segment.persons.first[sources.person]
    drawn = {int(person): int((persons == person).sum()) for person in np.unique(persons)}
    assert drawn[9] > 2 * max(count for person, count in drawn.items() if person not in (1, 2, 9))


def test_the_same_seed_gives_the_same_events() -> None:
    evidence = Evidence.of(households=home(1, 2, 3, 4))
    first, second = (simulated(evidence, Case(1, NOW - 2 * DAY)) for _ in range(2))
    assert first.infected.tolist() == second.infected.tolist()


def test_people_who_never_overlap_do_not_infect_one_another() -> None:
    visits = [
        Visit(person, 9, NOW - day * DAY + 480 + 60 * person, NOW - day * DAY + 540 + 60 * person)
        for person in (1, 2)
        for day in range(1, 14)
    ]
    assert len(simulated(Evidence.of(visits=visits), Case(1, NOW - 2 * DAY))) == 0


def test_a_chain_of_places_ends_at_a_circle() -> None:
    assert chain(1, {1: 2, 2: 3}) == [1, 2, 3]
    assert chain(1, {1: 2, 2: 1}) == [1, 2]


def test_a_proposal_without_cases_is_refused() -> None:
    with pytest.raises(UserError, match="at least one case"):
        propose([], Evidence.empty(), NOW)


def test_a_proposal_on_no_evidence_closes_nothing() -> None:
    found = propose([Case(1, NOW - DAY)], Evidence.empty(), NOW)
    assert (found.expected, found.proposed.units, found.proposed.cover.people) == (0, (), 0)


def test_an_unknown_disease_is_refused() -> None:
    with pytest.raises(UserError, match="no data on the course"):
        propose([Case(1, NOW)], Evidence.empty(), NOW, disease="measles")


def test_a_thinned_curve_keeps_its_ends() -> None:
    curve = [Point(n, n, n / 200) for n in range(201)]
    kept = thinned(curve, 10)
    assert (kept[0], kept[-1], len(kept)) == (curve[0], curve[-1], 10)


def linked(index: int, contact: int) -> ContactRow:
    return ContactRow(index, contact, 1, NOW, NOW + 5, 300, Certainty.CONFIRMED, "r", (index, contact), ())


def test_cases_cluster_by_link_and_by_place_and_time() -> None:
    result = TraceResult(rows=(linked(1, 2), linked(1, 50)), windows=())
    visits = [(3, 70, NOW), (4, 70, NOW + 3 * DAY), (5, 70, NOW + 40 * DAY)]
    found = clusters([1, 2, 3, 4, 5], result, visits)
    assert [one.cases for one in found] == [(1, 2), (3, 4), (5,)]
    assert (found[0].links, found[1].places) == (((1, 2),), (70,))
