"""Every kind of evidence, one engine: each with its own certainty, and what may not be called F1."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.spec.rulebook import AN, BINH, CASE, CHI, CV_11042, DUNG, QD_4689, at, listed, traced

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Flag, Household, Place, Roster, Seat, Visit
from vungxanh.lake.stays import closed
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter
from vungxanh.rules.contact import Branch, contact_rule
from vungxanh.tracing.model import TraceResult

HOA = 6
NINE, TEN, ELEVEN = at("3 09:00"), at("3 10:00"), at("3 11:00")


def called(result: TraceResult) -> dict[int, str]:
    """contact -> the name the row gives, empty for none."""
    return {row.contact: row.called for row in result.rows}


def kinds(result: TraceResult) -> dict[int, list[str]]:
    return {row.contact: [item.kind for item in row.evidence] for row in result.rows}


def test_one_answer_from_every_kind_each_with_its_own_certainty() -> None:
    """A room, a telephone that heard another, a bus, a home, a class, and a name told in an interview."""
    found = traced(
        Evidence.of(
            places=[Place(10, "room"), Place(30, "trip"), Place(40, "class"), Place(50, "market")],
            visits=[Visit(p, 10, NINE, TEN) for p in (CASE, AN)],
            encounters=[
                Encounter(CASE, BINH, NINE, NINE + 20, 900, distance_m=1.5),
                Encounter(CASE, DUNG, NINE, NINE + 1, 60, physical_contact=True, flags=int(Flag.NAMED)),
            ],
            seats=[Seat(p, 30, 4, at("3 06:00"), at("3 07:00")) for p in (CASE, CHI)],
            households=[Household(p, 77, at("1 00:00"), at("9 00:00")) for p in (CASE, HOA)],
            rosters=[Roster(p, 40, at("3 13:00"), at("3 16:00")) for p in (CASE, 7)],
        )
    )
    assert kinds(found) == {
        AN: ["visit"],
        BINH: ["encounter"],
        CHI: ["seat"],
        DUNG: ["named"],
        HOA: ["household"],
        7: ["roster"],
    }
    assert listed(found) == {
        AN: "confirmed",
        BINH: "confirmed",  # fifteen minutes within two metres: the mask does not matter any more
        CHI: "confirmed",  # an hour in a narrow closed space
        DUNG: "confirmed",
        HOA: "confirmed",
        7: "probable",  # a timetable says so, nobody saw it
    }


@pytest.mark.parametrize(
    ("seconds", "metres", "verdict"),
    [
        (900, 2.0, "confirmed"),
        (899, 2.0, "needs interview"),  # masked it takes 15 minutes, and nobody knows about the masks
        (900, None, "needs interview"),  # heard, but nobody knows how far away
        (900, 2.1, None),  # in the open air
    ],
)
def test_a_telephone_that_heard_another(seconds: int, metres: float | None, verdict: str | None) -> None:
    """The true seconds within the interval count, not the interval."""
    heard = Encounter(CASE, AN, NINE, TEN, seconds, distance_m=metres, place=50)
    found = traced(Evidence.of(encounters=[heard], places=[Place(50, "market")]))
    assert listed(found) == ({AN: verdict} if verdict else {})


def test_air_lingers_as_long_as_the_kind_of_place_says() -> None:
    """Half an hour in a room, ten minutes in a car, none where the rule names no time."""
    rule = replace(contact_rule(CV_11042), linger={"room": 30, "car": 10})
    visits = [Visit(CASE, place, NINE, TEN, mask=False) for place in (10, 11, 12)]
    visits += [Visit(AN, 10, TEN + 15, ELEVEN), Visit(BINH, 11, TEN + 5, ELEVEN)]
    visits += [Visit(CHI, 11, TEN + 15, ELEVEN), Visit(DUNG, 12, TEN, ELEVEN)]
    places = [Place(10, "room"), Place(11, "car"), Place(12, "classroom")]
    found = traced(Evidence.of(visits=visits, places=places), rule=rule)
    assert listed(found) == {AN: "probable", BINH: "probable"}
    assert {row.contact: row.seconds for row in found.rows} == {AN: 15 * 60, BINH: 5 * 60}


def air_after_the_case() -> Evidence:
    visits = [Visit(CASE, 10, NINE, TEN, mask=False), Visit(AN, 10, NINE, TEN), Visit(BINH, 10, TEN + 5, ELEVEN)]
    return Evidence.of(visits=visits, places=[Place(10, "room")])


def test_who_only_breathed_the_air_is_probable_and_not_called_f1() -> None:
    rule = replace(contact_rule(CV_11042), linger={"room": 30})
    found = traced(air_after_the_case(), rule=rule)
    assert listed(found) == {AN: "confirmed", BINH: "probable"}
    assert called(found) == {AN: "F1", BINH: ""}


def test_unless_the_pack_counts_the_air() -> None:
    """`counts = true` under `[rule.linger]`; the item still says that the case had left."""
    rule = replace(contact_rule(CV_11042), linger={"room": 30}, air_counts=True)
    found = traced(air_after_the_case(), rule=rule)
    assert called(found) == {AN: "F1", BINH: "F1"}
    (item,) = found.rows[1].evidence
    assert str(item).endswith(":air")


@pytest.mark.parametrize(("kind", "minutes"), [("shop", 20), ("meeting_room", 90)])
def test_an_open_visit_ends_after_the_usual_stay_of_the_place(tmp_path: Path, kind: str, minutes: int) -> None:
    """Nobody recorded when An left: the end is assumed, marked, and makes a sure contact a probable one."""
    place = Place(10, kind, space="closed_narrow")
    LakeWriter(tmp_path).append(Evidence.of(places=[place], visits=[Visit(CASE, 10, NINE, NINE + 300)]))
    lake = open_lake(tmp_path)
    (visit,) = closed([Visit(AN, 10, TEN, TEN)], lake)
    assert (visit.end - visit.start, visit.flags) == (minutes, Flag.ASSUMED_END)

    found = traced(lake.evidence().joined(Evidence.of(visits=[visit])))

    assert listed(found) == {AN: "probable"}
    assert called(found) == {AN: ""}
    assert str(found.rows[0].evidence[0]).endswith(":assumed")
    recorded = replace(visit, flags=0)
    assert listed(traced(lake.evidence().joined(Evidence.of(visits=[recorded])))) == {AN: "confirmed"}


def test_an_open_visit_ends_at_the_latest_where_the_person_appears_next(tmp_path: Path) -> None:
    seen = [Visit(AN, 11, TEN + 12, ELEVEN)]
    LakeWriter(tmp_path).append(Evidence.of(places=[Place(10, "meeting_room")], visits=seen))
    (visit,) = closed([Visit(AN, 10, TEN, TEN)], open_lake(tmp_path))
    assert visit.end == TEN + 12


@pytest.mark.parametrize(("rows", "wanted"), [(0, {5}), (1, {4, 5, 6}), (2, {3, 4, 5, 6, 7})])
def test_seats_in_the_same_row_and_so_many_rows_either_side(rows: int, wanted: set[int]) -> None:
    """How many rows is the rule's; here the case sits in row 5."""
    branch = Branch(
        "r", {"seat_row_delta": f"<={rows}"}, "same row or near", "cùng hàng hoặc gần", "no", ("seat",)
    )
    rule = replace(contact_rule(QD_4689), branches=(branch,))
    others = {100 + row: row for row in range(1, 10)}
    seats = [Seat(p, 30, row, NINE, TEN) for p, row in {CASE: 5, **others}.items()]
    found = traced(Evidence.of(seats=seats), rule=rule)
    assert {others[contact] for contact in listed(found)} == wanted


def test_who_left_before_the_case_got_on_did_not_ride_along() -> None:
    seats = [Seat(CASE, 30, 5, TEN, ELEVEN), Seat(AN, 30, 5, NINE, TEN), Seat(BINH, 31, 5, TEN, ELEVEN)]
    assert listed(traced(Evidence.of(seats=seats), rule=QD_4689)) == {}


@pytest.mark.parametrize("kind", ["class", "shift", "line", "dormitory_room", "ward", "meeting"])
def test_rosters_of_every_kind_with_schedule_and_attendance(kind: str) -> None:
    """QĐ 4689: the same class, team, room, ward or meeting, for any time. A schedule alone is only probable."""
    group = [Place(40, kind)]
    planned = [Roster(p, 40, NINE, ELEVEN) for p in (CASE, AN)]
    found = traced(Evidence.of(rosters=planned, places=group), rule=QD_4689)
    assert (listed(found), called(found)) == ({AN: "probable"}, {AN: ""})
    seen = [Roster(p, 40, NINE, ELEVEN, flags=0) for p in (CASE, AN)]
    found = traced(Evidence.of(rosters=seen, places=group), rule=QD_4689)
    assert (listed(found), called(found)) == ({AN: "confirmed"}, {AN: "F1"})


def test_an_absence_takes_away_what_the_schedule_says() -> None:
    """Of two hours An missed the first, Bình all, Chi was in the parallel class."""
    planned = [Roster(p, 40, NINE, ELEVEN) for p in (CASE, AN, BINH)] + [Roster(CHI, 41, NINE, ELEVEN)]
    absent = [
        Roster(AN, 40, NINE, TEN, flags=int(Flag.ABSENT)),
        Roster(BINH, 40, NINE, ELEVEN, flags=int(Flag.ABSENT)),
    ]
    groups = [Place(40, "class"), Place(41, "class")]
    found = traced(Evidence.of(rosters=[*planned, *absent], places=groups))
    assert listed(found) == {AN: "probable"}
    assert (found.rows[0].first_exposed, found.rows[0].seconds) == (TEN, 3600)


def test_an_absence_of_the_case_spares_the_class() -> None:
    planned = [Roster(p, 40, NINE, ELEVEN) for p in (CASE, AN)]
    away = Roster(CASE, 40, NINE, ELEVEN, flags=int(Flag.ABSENT))
    assert listed(traced(Evidence.of(rosters=[*planned, away], places=[Place(40, "class")]))) == {}


def test_a_household_link_holds_only_while_they_live_together() -> None:
    """An moved out on 2 January and is a contact until then; Bình had moved out the year before."""
    home = [
        Household(CASE, 77, 0, at("20 00:00")),
        Household(AN, 77, 0, at("2 00:00")),
        Household(BINH, 77, 0, at("1 00:00") - 1440),
    ]
    found = traced(Evidence.of(households=home, visits=[Visit(CASE, 9, NINE, TEN)]))
    assert listed(found) == {AN: "confirmed"}
    assert (found.rows[0].first_exposed, found.rows[0].last_exposed) == (at("1 00:00"), at("2 00:00"))
