"""Onward in time: who can have passed it on to whom."""

from tests.spec.rulebook import AN, BINH, CASE, CHI, DUNG, at, traced

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Isolation, Place, Visit
from vungxanh.rules.contact import Bounds
from vungxanh.tracing.model import TraceResult, Truncation

PLACES = [Place(n, "room") for n in range(10, 20)]


def meet(one: int, other: int, when: str, place: int) -> list[Visit]:
    return [Visit(p, place, at(when), at(when) + 30) for p in (one, other)]


def world(*visits: list[Visit], **more: list[Isolation]) -> Evidence:
    return Evidence.of(visits=[v for pair in visits for v in pair], places=PLACES, **more)  # type: ignore[arg-type]


def classes(found: TraceResult) -> dict[int, tuple[int, tuple[int, ...]]]:
    return {row.contact: (row.generation, row.path) for row in found.rows}


def test_a_chain_follows_time() -> None:
    found = traced(world(meet(CASE, AN, "3 09:00", 10), meet(AN, BINH, "3 12:00", 11)), generations=2)
    assert classes(found) == {AN: (1, (CASE, AN)), BINH: (2, (CASE, AN, BINH))}


def test_who_was_met_before_the_exposure_is_not_reached() -> None:
    found = traced(world(meet(CASE, AN, "3 09:00", 10), meet(AN, BINH, "2 12:00", 11)), generations=2)
    assert classes(found) == {AN: (1, (CASE, AN))}


def test_isolation_ends_what_somebody_passes_on() -> None:
    apart = Isolation(AN, at("3 10:00"), at("17 10:00"))
    evidence = world(meet(CASE, AN, "3 09:00", 10), meet(AN, BINH, "3 12:00", 11), isolations=[apart])
    assert classes(traced(evidence, generations=2)) == {AN: (1, (CASE, AN))}


def test_the_least_class_wins_and_the_infector_is_the_earliest() -> None:
    evidence = world(
        meet(CASE, AN, "3 09:00", 10),
        meet(CASE, BINH, "3 09:00", 11),
        meet(BINH, CHI, "3 11:00", 12),
        meet(AN, CHI, "3 12:00", 13),
        meet(CASE, DUNG, "4 09:00", 14),
        meet(AN, DUNG, "3 15:00", 15),
    )
    found = traced(evidence, generations=2)
    assert classes(found)[CHI] == (2, (CASE, BINH, CHI))
    assert classes(found)[DUNG] == (1, (CASE, DUNG))
    assert {item.infector for item in found.rows[-1].evidence} == {AN, BINH}  # the other stays in the evidence


def test_an_earlier_exposure_found_later_is_passed_on_again() -> None:
    """Dũng is a direct contact on day 4, but met An on day 3; Chi met Dũng in between."""
    evidence = world(
        meet(CASE, AN, "3 09:00", 10),
        meet(AN, DUNG, "3 12:00", 11),
        meet(CASE, DUNG, "4 09:00", 12),
        meet(DUNG, CHI, "3 18:00", 13),
    )
    found = classes(traced(evidence, generations=3))
    assert found == {AN: (1, (CASE, AN)), DUNG: (1, (CASE, DUNG)), CHI: (3, (CASE, AN, DUNG, CHI))}


def test_a_cut_frontier_keeps_the_first_exposed_and_says_what_it_left_out() -> None:
    evidence = world(
        meet(CASE, AN, "3 09:00", 10),
        meet(CASE, BINH, "3 10:00", 11),
        meet(AN, CHI, "3 15:00", 12),
        meet(BINH, DUNG, "3 15:00", 13),
    )
    found = traced(evidence, generations=2, bounds=Bounds(frontier_people=1))
    assert set(classes(found)) == {AN, BINH, CHI}
    assert found.truncated == (Truncation(2, "frontier", 1),)
