"""Likeness of two records, the search of the whole register, merging with choice, undoing, keeping apart."""

from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.people import duplicates, merge_actions
from vungxanh.people.actions import register_person
from vungxanh.people.likeness import CANDIDATE, LIKELY, Facts, name_likeness, score
from vungxanh.people.matching import facts_of, matches
from vungxanh.people.models import MatchCandidate, Person
from vungxanh.people.schemas import PersonIn

WARD = "/19/05443/"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ", "name"),  # tone placement and case
        ("Đặng Thị Đào", "Dang Thi Dao", "name-marks"),  # missing marks, Đ written D
        ("Lan Nguyễn Thị", "Nguyễn Thị Lan", "name-order"),
        ("Nguyễn Văn Hùng", "Nguyễn Hùng", "name-filler"),
        ("Trần Thị Ngọc Mai", "Trần Ngọc Mai", "name-filler"),
        ("Nguyễn Văn Tèo (Tý)", "Nguyễn Văn Tý", "name-nickname"),
        ("Phạm Quỳnh Anh", "Phạm Quynhh Anh", "name-typing"),
    ],
)
def test_habits_of_writing_a_name(one: str, other: str, reason: str) -> None:
    likeness, why = name_likeness(one, other)
    assert why == reason
    assert likeness > 0.45


def test_different_names_are_not_alike() -> None:
    assert name_likeness("Nguyễn Văn Hùng", "Lê Thị Mai")[0] < 0.3


def test_points_add_up_and_say_why() -> None:
    """45 for the same name, 10 for the year, 8 for the commune, 25 for the telephone."""
    one = Facts("Lê Thị Mai", 2, None, 1979, {b"p"}, (), WARD)
    assert score(one, Facts("Lê Thị Mai", 2, None, 1979, (), (), WARD)) == (63, ("name", "birth-year", "commune"))
    assert score(one, Facts("Lê Thị Mai", 2, None, 1979, {b"p"}, (), WARD))[0] == 88
    assert score(one, Facts("Lê Thị Mai", 1, None, 1950, (), (), ""))[0] < CANDIDATE


def test_a_family_telephone_joins_nobody() -> None:
    one = Facts("Lê Thị Mai", 2, None, 1979, {b"p"}, (), WARD)
    other = Facts("Trần Văn Hùng", 1, None, 1979, {b"p"}, (), WARD)
    assert score(one, other)[0] < CANDIDATE


def test_day_and_month_swapped_is_the_same_day() -> None:
    one, other = Facts("Lê Mai", 2, date(1979, 4, 3)), Facts("Lê Mai", 2, date(1979, 3, 4))
    assert "birth-date" in score(one, other)[1]


def person(name: str, **more: object) -> int:
    given = {"sex": 2, "birth_year": 1990, "scope_path": WARD} | more
    return register_person(name=name, by=None, purpose="test", **given)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestRegister:
    def test_incoming_record_finds_its_matches(self) -> None:
        lan = person("Nguyễn Thị Lan", phones=["0912345678"])
        person("Trần Văn Hùng", sex=1)
        [found, none] = matches(
            [
                facts_of(PersonIn("Nguyen Lan", 2, birth_year=1990, phones=["+84912345678"], scope_path=WARD)),
                facts_of(PersonIn("Hoàng Văn Khác", 1, birth_year=1970, scope_path=WARD)),
            ]
        )
        assert [m.person for m in found] == [lan]
        assert found[0].score >= LIKELY
        assert none == []

    def test_whole_register(self) -> None:
        lan = person("Nguyễn Thị Lan", phones=["0912345678"])
        again = person("Nguyen Thi Lan", phones=["0912345678"], birth_year=1991)
        typed = person("Hoàng Quỳnh Trang", birth_date=date(1988, 2, 3))
        mistyped = person("Hoàng Quynhh Trang", birth_date=date(1988, 2, 3))
        person("Đỗ Mạnh Cường", sex=1, birth_year=1950)
        done = duplicates.search_register()
        assert done.noted == 2
        pairs = set(MatchCandidate.objects.filter(score__gt=0).values_list("older", "newer"))
        assert pairs == {(lan, again), (typed, mistyped)}
        assert duplicates.search_register().noted == 0

    def test_not_the_same_is_remembered(self) -> None:
        one, other = person("Nguyễn Thị Lan"), person("Nguyễn Thị Lan")
        assert duplicates.search_register().noted == 1
        merge_actions.keep_apart(one=one, other=other, by=None)
        MatchCandidate.objects.all().delete()
        assert duplicates.search_register().compared == 0

    def test_merge_takes_over_what_was_chosen_and_what_was_empty(self) -> None:
        one = person("Nguyen Thi Lan", birth_year=None)
        other = person("Nguyễn Thị Lan", birth_year=1990, address="Tổ 3")
        done = merge_actions.merge(kept=one, given_up=other, chosen=["name"], by=None)
        kept = Person.objects.get(pk=one)
        assert (kept.name.open(), kept.birth_year, kept.address.open()) == ("Nguyễn Thị Lan", 1990, "Tổ 3")
        assert Person.objects.get(pk=other).same_as_id == one
        merge_actions.undo(merge=done.pk, by=None)
        kept = Person.objects.get(pk=one)
        assert (kept.name.open(), kept.birth_year, kept.address) == ("Nguyen Thi Lan", None, None)
        assert Person.objects.get(pk=other).same_as_id is None
        with pytest.raises(UserError, match="undone"):
            merge_actions.undo(merge=done.pk, by=None)

    def test_a_record_that_was_given_up_is_not_merged_again(self) -> None:
        one, other, third = person("Lan A"), person("Lan B"), person("Lan C")
        merge_actions.merge(kept=one, given_up=other, by=None)
        with pytest.raises(UserError, match="merged into"):
            merge_actions.merge(kept=third, given_up=other, by=None)

    def test_correcting_a_name_makes_it_found_by_the_new_one(self) -> None:
        one = person("Nguyen Lan")
        assert merge_actions.correct(person=one, values={"name": "Nguyễn Lam"}, by=None, why="list") == ["name"]
        assert merge_actions.correct(person=one, values={"name": "Nguyễn Lam"}, by=None, why="list") == []
        [found] = matches([Facts("Nguyễn Lam", 2, None, 1990, (), (), WARD)])
        assert [m.person for m in found] == [one]
