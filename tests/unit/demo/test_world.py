"""The district: everybody has a household, children learn, seats and classes have bounds."""

import numpy as np
import pytest

from vungxanh.demo.kinds import Kind
from vungxanh.demo.movement import Movement
from vungxanh.demo.names import identities
from vungxanh.demo.parameters import parameters
from vungxanh.demo.world import World, build

SIZE = 6_000


@pytest.fixture(scope="module")
def world() -> World:
    return build(SIZE, 5, parameters(), np.random.default_rng(7))


def test_every_person_is_in_exactly_one_household(world: World) -> None:
    assert world.size == SIZE
    assert world.member_offset[-1] == SIZE
    sizes = np.diff(world.member_offset)
    assert sizes.min() >= 1
    assert sizes.max() <= 6


def test_households_are_as_large_as_the_census_says(world: World) -> None:
    assert 3.2 < np.diff(world.member_offset).mean() < 4.0


def test_a_household_lives_in_one_commune(world: World) -> None:
    first = world.members[world.member_offset[:-1]][world.people.household]
    assert (world.people.commune == world.people.commune[first]).all()


def test_children_of_school_age_sit_in_a_class_of_their_commune(world: World) -> None:
    people, sites = world.people, world.sites
    pupils = (people.age >= 6) & (people.age <= 17)
    assert (sites.kind[people.site[pupils]] == Kind.CLASSROOM).all()
    assert (sites.commune[people.site[pupils]] == people.commune[pupils]).all()


def test_a_class_holds_its_size_and_one_teacher(world: World) -> None:
    classes = world.sites.of(Kind.CLASSROOM)
    assert np.bincount(world.people.site[world.people.site >= 0])[classes].max() <= 38 + 1


def test_small_children_and_the_old_have_no_work(world: World) -> None:
    out = (world.people.age < 6) | (world.people.age >= 62)
    assert (world.people.site[out] == -1).all()


def test_a_line_works_one_shift(world: World) -> None:
    people = world.people
    for line in world.sites.of(Kind.LINE):
        assert len(set(people.shift[people.site == line])) == 1


def test_a_stall_belongs_to_a_market_and_a_line_to_a_factory(world: World) -> None:
    sites = world.sites
    assert (sites.kind[sites.parent[sites.of(Kind.STALL)]] == Kind.MARKET).all()
    assert (sites.kind[sites.parent[sites.of(Kind.LINE)]] == Kind.FACTORY).all()
    assert sites.name(int(sites.of(Kind.MARKET)[0]), ["A", "B", "C", "D", "E"]) == "Chợ A"


def test_nobody_is_at_two_places_at_once(world: World) -> None:
    stays = Movement(world, parameters(), 1_000_000, 0, 7).day(2)
    assert (stays.end > stays.start).all()
    same = stays.person[1:] == stays.person[:-1]
    assert (stays.start[1:][same] >= stays.end[:-1][same]).all()


def test_a_day_is_the_same_for_the_same_seed_and_another_for_another(world: World) -> None:
    one, again, other = (Movement(world, parameters(), 0, 0, seed).day(3) for seed in (7, 7, 8))
    assert (one.start == again.start).all()
    assert len(one) != len(other) or (one.start != other.start).any()


def test_schools_are_shut_on_sunday_and_markets_are_not(world: World) -> None:
    sunday = Movement(world, parameters(), 0, 0, 7).day(6)
    kinds = world.sites.kind[sunday.site]
    assert not (kinds == Kind.CLASSROOM).any()
    assert (kinds == Kind.STALL).any()


def test_no_name_is_real_and_no_number_can_be_used(world: World) -> None:
    made = identities(world, 2026, 7, parameters())
    assert len({one.document for one in made}) == SIZE
    assert all(one.document.startswith("000") and len(one.document) == 12 for one in made)
    assert all(one.phone is None or (one.phone.startswith("050") and len(one.phone) == 10) for one in made)
    assert made[0].birth_year == 2026 - int(world.people.age[0])
