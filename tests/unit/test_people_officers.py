"""Officers are made without any right, are assigned by scope, and every step is in the trail."""

from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.core.scope import path_of
from vungxanh.people import officer_actions as actions
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import organisations_under

pytestmark = pytest.mark.django_db


def test_a_new_officer_may_nothing_until_assigned_and_nothing_after() -> None:
    made = actions.make_officer(username="Lan.CDC", name="Nguyễn Thị Lan", by=None)
    officer = Officer.objects.get(pk=made)
    assert officer.username == "lan.cdc"
    assert not officer.may(Permission.CASE_READ)
    assignment = actions.assign(officer=made, role="cdc-officer", scope_path=path_of("19"), by=None)
    assert officer.may(Permission.CASE_READ)
    actions.end_assignment(assignment=assignment, by=None)
    assert not officer.may(Permission.CASE_READ)
    verbs = [event.action for event in AuditEvent.objects.order_by("seq")]
    assert verbs == ["people:officer:made", "people:officer:assigned", "people:officer:unassigned"]


def test_a_switched_off_officer_may_nothing() -> None:
    made = actions.make_officer(username="x", name="X", by=None)
    actions.assign(officer=made, role="cdc-director", by=None)
    actions.switch_off(officer=made, by=None)
    assert not Officer.objects.get(pk=made).may(Permission.ORDER_SIGN)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"role": "king"}, "people.role-unknown"),
        ({"sectors": ["witchcraft"]}, "people.sector-unknown"),
        ({"scope_path": "19"}, "people.path-odd"),
    ],
)
def test_what_is_no_scope_is_refused(wrong: dict[str, object], code: str) -> None:
    made = actions.make_officer(username="x", name="X", by=None)
    with pytest.raises(UserError) as caught:
        actions.assign(officer=made, **({"role": "hotline", "by": None} | wrong))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_two_officers_of_one_name_are_refused() -> None:
    actions.make_officer(username="lan", name="Lan", by=None)
    with pytest.raises(UserError) as caught:
        actions.make_officer(username="LAN", name="Lân", by=None)
    assert caught.value.code == "people.officer-exists"


def test_a_merger_ends_the_old_units_and_hands_their_work_over() -> None:
    old, new = (
        Organisation.objects.create(code=c, name=c, kind="department", sector="health") for c in ("o", "n")
    )
    actions.merge_organisations(predecessors=[old.pk], successor=new.pk, on=date(2025, 7, 1), by=None)
    old.refresh_from_db()
    assert old.until == date(2025, 6, 30)
    assert organisations_under(new.pk, date(2025, 7, 1)) == {new.pk, old.pk}
