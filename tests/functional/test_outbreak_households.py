"""Households of the register are evidence: whoever lives with a case is in the next answer."""

from datetime import date
from pathlib import Path

import pytest
from tests.outbreak_world import World, make_world

from vungxanh.core.minutes import day_start
from vungxanh.outbreak import exposed
from vungxanh.outbreak.exposed import evidence_lake
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import Question
from vungxanh.people.actions import make_household
from vungxanh.people.models import HouseholdMember
from vungxanh.tracing.model import ContactRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


def rows(case: Case) -> dict[int, ContactRow]:
    found = exposed.exposed(case, Question(generations=1), evidence_lake())
    return {row.contact: row for row in found.rows}


def test_who_is_registered_in_the_home_of_a_case_is_a_contact_until_they_move_out(world: World) -> None:
    """Lan fell ill on 3 May 2022 and is infectious from the 1st. Bình, who met nobody, is put into her home; then
    the register learns that he moved out at the end of 2 May; then that he had gone the week before."""
    case = world.open_case()
    assert world.binh not in rows(case)

    make_household(members=[world.lan, world.binh], head=world.lan, by=world.officer, since=date(2021, 1, 1))

    row = rows(case)[world.binh]
    assert (row.called, [item.kind for item in row.evidence]) == ("F1", ["household"])
    assert row.first_exposed == day_start(date(2022, 5, 1))

    HouseholdMember.objects.filter(person_id=world.binh).update(until=date(2022, 5, 2))
    assert rows(case)[world.binh].last_exposed == day_start(date(2022, 5, 3))

    HouseholdMember.objects.filter(person_id=world.binh).update(until=date(2022, 4, 25))
    assert world.binh not in rows(case)
