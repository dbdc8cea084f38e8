"""From when to when, and where people meet."""

from dataclasses import replace
from datetime import date

from tests.spec.rulebook import AN, BINH, CASE, CHI, CV_11042, QD_3638, at, listed, traced

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Isolation, Place, Roster, Visit
from vungxanh.rules.contact import Bounds, contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, PlaceEvent, TraceRequest, Truncation

ROOM = [Place(10, "room")]


def both(start: str, end: str, *others: int, place: int = 10) -> list[Visit]:
    return [Visit(p, place, at(start), at(end)) for p in (CASE, *others)]


def test_two_days_before_onset_begin_at_midnight_in_viet_nam() -> None:
    """Onset 3 January: half past eleven on 31 December is outside, half past midnight on 1 January inside."""
    new_year = at("1 00:00")
    visits = [Visit(p, 10, new_year - 45, new_year - 15) for p in (CASE, AN)]
    visits += [Visit(p, 10, new_year + 15, new_year + 45) for p in (CASE, BINH)]
    found = traced(Evidence.of(visits=visits, places=ROOM))
    assert listed(found) == {BINH: "confirmed"}
    assert found.window.start == new_year


def test_a_stay_across_midnight_counts_from_midnight_on() -> None:
    new_year = at("1 00:00")
    visits = [Visit(p, 10, new_year - 30, new_year + 40) for p in (CASE, AN)]
    (row,) = traced(Evidence.of(visits=visits, places=ROOM)).rows
    assert (row.first_exposed, row.seconds) == (new_year, 2400)


def test_three_days_under_qd_3638() -> None:
    found = traced(Evidence.of(visits=both("3 09:00", "3 10:00", AN), places=ROOM), rule=QD_3638)
    assert found.window.start == at("1 00:00") - 1440


def test_the_window_ends_at_isolation() -> None:
    visits = [*both("3 09:00", "3 10:00", AN), *both("4 09:00", "4 10:00", BINH)]
    apart = Isolation(CASE, at("3 18:00"), at("17 18:00"))
    found = traced(Evidence.of(visits=visits, places=ROOM, isolations=[apart]))
    assert listed(found) == {AN: "confirmed"}
    assert (found.window.end, found.window.ended_by) == (at("3 18:00"), "isolation")


def test_the_window_ends_at_a_negative_test_where_the_rule_says_so() -> None:
    visits = both("6 09:00", "6 10:00", AN)
    negative = Isolation(CASE, at("5 08:00"), at("5 08:01"), "negative")
    evidence = Evidence.of(visits=visits, places=ROOM, isolations=[negative])
    assert listed(traced(evidence)) == {}
    assert listed(traced(evidence, rule=QD_3638)) == {AN: "needs interview"}  # ends at isolation only


def test_without_symptoms_the_sample_day_counts() -> None:
    lake = MemoryLake(Evidence.of(visits=both("3 09:00", "3 10:00", AN), places=ROOM))
    found = trace(TraceRequest((IndexPerson(CASE, sampled=date(2022, 1, 5)),)), lake)
    assert found.window.start == at("3 00:00")


def test_the_lake_ends_the_window_not_the_clock() -> None:
    found = traced(Evidence.of(visits=both("3 09:00", "3 10:00", AN), places=ROOM))
    assert (found.window.end, found.window.ended_by) == (at("3 10:00"), "lake")


def test_a_window_in_the_future_is_an_empty_answer() -> None:
    found = traced(Evidence.of(visits=both("3 09:00", "3 10:00", AN), places=ROOM), onset=date(2022, 2, 1))
    assert (len(found.rows), found.window.start, found.window.end) == (0, found.window.start, found.window.start)


def test_a_place_and_the_one_around_it_meet_as_needs_interview_and_siblings_never() -> None:
    building = [Place(1, "building"), Place(10, "room", 1), Place(11, "room", 1)]
    visits = [
        Visit(CASE, 10, at("3 09:00"), at("3 12:00")),
        Visit(AN, 10, at("3 09:00"), at("3 12:00")),
        Visit(BINH, 1, at("3 09:00"), at("3 12:00")),
        Visit(CHI, 11, at("3 09:00"), at("3 12:00")),
    ]
    assert listed(traced(Evidence.of(visits=visits, places=building))) == {
        AN: "confirmed",
        BINH: "needs interview",
    }


def test_air_lingers_after_the_case_and_is_at_most_probable() -> None:
    rule = replace(contact_rule(CV_11042), linger={"room": 30})
    visits = [
        Visit(CASE, 10, at("3 09:00"), at("3 09:20"), mask=False),
        Visit(AN, 10, at("3 09:30"), at("3 09:45")),
        Visit(BINH, 10, at("3 09:50"), at("3 10:00")),
        Visit(CHI, 10, at("3 08:00"), at("3 09:00")),
    ]
    found = traced(Evidence.of(visits=visits, places=ROOM), rule=rule)
    assert listed(found) == {AN: "probable"}
    assert str(found.rows[0].evidence[0]).endswith(":air")


def test_overlapping_visits_of_one_person_count_once() -> None:
    visits = [
        Visit(CASE, 10, at("3 09:00"), at("3 10:00")),
        Visit(CASE, 10, at("3 09:30"), at("3 10:30")),
        Visit(AN, 10, at("3 09:00"), at("3 11:00")),
    ]
    (row,) = traced(Evidence.of(visits=visits, places=ROOM)).rows
    assert row.seconds == 90 * 60


def test_two_places_at_once_count_in_both_and_are_reported() -> None:
    visits = [*both("3 09:00", "3 10:00", AN), *both("3 09:30", "3 10:00", AN, place=11)]
    found = traced(Evidence.of(visits=visits, places=[*ROOM, Place(11, "room")]))
    assert found.rows[0].seconds == 90 * 60
    assert [(b.infector, b.contact) for b in found.bad_data] == [(CASE, AN)]


def test_a_roster_is_probable_until_attendance_was_recorded() -> None:
    class_ = [Place(40, "class")]
    lesson = {"start": at("3 07:00"), "end": at("3 11:00")}
    roster = [Roster(p, 40, **lesson) for p in (CASE, AN, BINH)] + [Roster(BINH, 40, flags=4, **lesson)]
    assert listed(traced(Evidence.of(rosters=roster, places=class_))) == {AN: "probable"}
    seen = [Roster(p, 40, flags=0, **lesson) for p in (CASE, AN)]
    assert listed(traced(Evidence.of(rosters=seen, places=class_))) == {AN: "confirmed"}


def test_a_hub_becomes_a_place_event() -> None:
    visits = both("3 09:00", "3 10:00", AN, BINH)
    found = traced(Evidence.of(visits=visits, places=ROOM), bounds=Bounds(hub_people=2))
    assert len(found.rows) == 0
    assert found.place_events == (PlaceEvent(CASE, 1, 10, at("3 09:00") // 1440, 3),)
    assert found.truncated == (Truncation(1, "hub", 1),)


def test_who_is_isolated_before_the_window_opens_reaches_nobody() -> None:
    apart = Isolation(CASE, at("1 00:00") - 5000, at("20 00:00"))
    evidence = Evidence.of(
        visits=[Visit(p, 10, at("1 00:00") - 60, at("3 10:00")) for p in (CASE, AN)], isolations=[apart]
    )
    lake, case = MemoryLake(evidence), IndexPerson(CASE, onset=date(2022, 1, 3))
    for engine in ("reference", "index", "duckdb"):
        found = trace(TraceRequest((case,), CV_11042, engine=engine), lake)
        assert len(found.rows) == 0, engine
        assert found.window.end == found.window.start
