"""What the systems see is less than what happened, and later."""

import numpy as np

from vungxanh.demo.generate import District, Plan, generate, known
from vungxanh.demo.movement import Stays
from vungxanh.demo.parameters import parameters
from vungxanh.demo.record import OPEN, roommates, tickets


def stays(rows: list[tuple[int, int, int, int, int]]) -> Stays:
    table = np.array(rows, np.int32)
    spot = np.zeros(len(rows), np.float32)
    return Stays(*(table[:, column] for column in range(5)), spot, spot)


def made(seed: int = 5) -> District:
    return generate(Plan(4_000, 5, seed, 5, 29_000_000, 0), parameters())


def test_two_in_one_room_meet_once_and_neighbours_never() -> None:
    day = stays([(1, 9, 0, 30, -1), (2, 9, 20, 40, -1), (3, 9, 30, 50, -1), (4, 8, 0, 60, -1)])
    one, other = roommates(day)
    met = {tuple(sorted((int(day.person[a]), int(day.person[b])))) for a, b in zip(one, other, strict=True)}
    assert met == {(1, 2), (2, 3)}
    assert len(one) == 2


def test_two_trips_of_one_bus_are_two_rooms() -> None:
    day = stays([(1, 9, 400, 430, 400), (2, 9, 400, 430, 415)])
    assert len(roommates(day)[0]) == 0


def test_no_seat_is_sold_twice() -> None:
    riders = stays([(person, 9, 400, 430, 400) for person in range(9)])
    sold = tickets(riders)
    assert len(set(zip(sold.row.tolist(), sold.column.tolist(), strict=True))) == 9
    assert sold.row.max() == 3


def test_forgotten_exits_are_open_and_the_rest_end_after_they_begin() -> None:
    visits = made().visits
    closed = visits.end != OPEN
    assert 0.33 < 1 - closed.mean() < 0.43
    assert (visits.end[closed] > visits.start[closed]).all()


def test_the_same_seed_makes_the_same_district() -> None:
    one, again, other = made(), made(), made(6)
    assert (one.visits.start == again.visits.start).all()
    assert (one.truth.infected == again.truth.infected).all()
    assert len(one.visits.start) != len(other.visits.start)


def test_who_was_found_is_isolated_and_leaves_no_later_visit() -> None:
    district = generate(Plan(8_000, 14, 3, 5, 29_000_000, 0), parameters())
    assert len(district.found)
    assert (known(district.truth, district.plan.until) == district.found).all()
    isolated = district.truth.isolated[district.visits.person]
    off_clock = 120  # minutes by which a wrong clock may put a scan after the isolation
    assert (district.visits.start < isolated.astype(np.int64) + off_clock).all()


def test_infections_come_after_their_infectors_own() -> None:
    truth = generate(Plan(8_000, 14, 3, 5, 29_000_000, 0), parameters()).truth
    cases = truth.cases()
    passed_on = cases[truth.infector[cases] >= 0]
    assert len(passed_on)
    assert (truth.infected[truth.infector[passed_on]] < truth.infected[passed_on]).all()
