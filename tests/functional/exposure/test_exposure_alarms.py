"""What looks like misuse reaches one named person: on their list and by e-mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.exposure.phone import NOW

from vungxanh.exposure import actions, verification
from vungxanh.exposure.alarms import KIND
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Alarm
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.notify.models import Batch, Delivery
from vungxanh.people.models import Assignment, Officer
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db
PROVINCE = "/19/"


def officer(name: str, role: str, path: str = PROVINCE) -> Officer:
    made = Officer.objects.create_user(name, name=name, email=f"{name}@example.vn")
    Assignment.objects.create(officer=made, role=role, scope_path=path)
    return made


def test_a_sudden_day_is_told_to_the_director_and_not_to_who_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    issuing, _other = officer("an", "cdc-officer"), officer("binh", "cdc-officer")
    director = officer("chi", "cdc-director")
    officer("dung", "cdc-director", "/01/")
    small = replace(limits(), code=replace(limits().code, bulk_from=3))
    monkeypatch.setattr(actions, "limits", lambda: small)
    actions.issue_code(case_id=1, onset=None, by=issuing, scope_path=PROVINCE, now=NOW - timedelta(days=1))
    for case in range(2, 8):
        actions.issue_code(case_id=case, onset=None, by=issuing, scope_path=PROVINCE, now=NOW)
    item = WorkItem.objects.get(kind=KIND)
    assert (item.assigned_to, item.scope_path, item.due) == (director, PROVINCE, NOW + timedelta(hours=4))
    assert item.reason == "4 mã trong một ngày; bình thường là 0.1."
    assert (Batch.objects.get().subject, Delivery.objects.get().address.open()) == (
        item.reason[:80],
        "chi@example.vn",
    )
    assert Alarm.objects.get().count == 4


def test_who_is_the_only_director_and_issued_themselves_is_not_the_one_told() -> None:
    from vungxanh.exposure.alarms import responsible

    director, other = officer("an", "cdc-director"), officer("binh", "cdc-officer")
    found = responsible(PROVINCE, NOW.date(), director)
    assert found is not None
    assert found.officer == other


def test_guessing_is_told_to_the_widest_office_once_a_minute() -> None:
    officer("an", "cdc-director")
    nation = officer("binh", "cdc-director", "/")
    nation.language = "en"
    nation.save()
    for number in range(limits().code.wrong_tries_a_minute):
        with pytest.raises(RefusedError):
            verification.verify(f"{number:08d}", now=NOW, limits=limits().code)
    item = WorkItem.objects.get(kind=KIND)
    assert item.assigned_to == nation
    assert item.reason == "60 wrong codes in a minute: somebody may be guessing."


def test_where_nobody_manages_it_the_alarm_stands_on_the_list_of_the_area() -> None:
    from vungxanh.exposure.alarms import ring

    ring(kind="feed-quota", at=NOW, path=PROVINCE, count=1)
    assert WorkItem.objects.get(kind=KIND).assigned_to is None
    assert not Batch.objects.exists()
