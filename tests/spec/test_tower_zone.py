"""The tower: an office on floors 20 to 22 scans its QR; the case was on floor 20 only. Only floor 20 is closed."""

from datetime import date

import pytest

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Household, Place, Visit
from vungxanh.zoning.model.forward import Case
from vungxanh.zoning.model.proposal import Proposal, propose

BUILDING = 1
FLOORS = (18, 19, 20, 21, 22)
FIRST = day_start(date(2022, 1, 3))  # a Monday
DAY = 1440
NOW = FIRST + 11 * DAY
PER_FLOOR = 12
CASE = 20 * 100  # the first worker of floor 20


def workers(floor: int) -> range:
    return range(floor * 100, floor * 100 + PER_FLOOR)


def tower() -> Evidence:
    """Everybody works on a floor of their own on weekdays, 8:00 to 17:00, and lives in a household of three."""
    places = [Place(BUILDING, "building"), *(Place(floor, "floor", parent=BUILDING) for floor in FLOORS)]
    visits = [
        Visit(person, floor, FIRST + day * DAY + 480, FIRST + day * DAY + 1020)
        for floor in FLOORS
        for person in workers(floor)
        for day in range(11)
        if day % 7 < 5
    ]
    households = [
        Household(member, person, 0, NOW)
        for floor in FLOORS
        for person in workers(floor)
        for member in (person, person + 10_000, person + 20_000)
    ]
    return Evidence.of(visits=visits, households=households, places=places)


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    return propose([Case(CASE, onset=FIRST + 7 * DAY)], tower(), NOW)


def test_the_area_proposed_is_floor_20_and_nothing_else_of_the_tower(proposal: Proposal) -> None:
    places = [unit.id for unit in proposal.proposed.units if unit.id[0] == "place"]
    assert places == [("place", 20)]


def test_it_closes_in_the_people_of_floor_20_and_the_home_of_the_case(proposal: Proposal) -> None:
    closed = {person for unit in proposal.proposed.units for person in unit.people.tolist()}
    home = {CASE, CASE + 10_000, CASE + 20_000}
    assert set(workers(20)) <= closed | {CASE}
    assert closed <= set(workers(20)) | home


def test_the_whole_tower_holds_no_more_for_five_times_the_people(proposal: Proposal) -> None:
    whole = proposal.edited([("place", BUILDING)])
    floor = proposal.edited([("place", 20)])
    assert whole.share == floor.share
    assert (whole.people, floor.people) == (5 * PER_FLOOR, PER_FLOOR)


def test_other_floors_hold_nothing(proposal: Proposal) -> None:
    assert ("place", 19) not in proposal.search.units
    assert ("place", 21) not in proposal.search.units


def test_each_option_says_what_it_would_miss(proposal: Proposal) -> None:
    missed = [option.missed for option in proposal.options]
    assert missed == sorted(missed, reverse=True)
    assert all(option.cover.share >= option.share for option in proposal.options)
