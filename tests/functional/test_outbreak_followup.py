"""Contacts kept, followed day by day, turned into cases and back."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.outbreak_world import PROVINCE, World, make_officer, make_world

from vungxanh.core.minutes import VIETNAM
from vungxanh.outbreak import actions, exposed, follow_actions, view
from vungxanh.outbreak.classes import classes
from vungxanh.outbreak.follow_actions import Entry, Kept
from vungxanh.outbreak.forms import Ask
from vungxanh.outbreak.models import Case, Check, Contact, FollowUp
from vungxanh.outbreak.schemas import NewCase

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 5)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    monkeypatch.setattr("django.utils.timezone.localdate", localdate)
    return make_world(tmp_path / "lake")


def localdate(value: object = None, timezone: object = None) -> date:
    """Today stands still on 5 May 2022; a moment keeps its own day."""
    return value.astimezone(ZoneInfo(VIETNAM)).date() if isinstance(value, datetime) else TODAY


def keep(world: World, case: Case) -> Kept:
    seen = view.answer(case, Ask({}))
    return follow_actions.keep_contacts(by=world.officer, case=case, rows=list(seen.result.rows))


def active() -> dict[int, FollowUp]:
    return {row.person: row for row in FollowUp.objects.filter(status="active")}


def test_keeping_a_trace_twice_changes_nothing(world: World) -> None:
    case = world.open_case()
    assert keep(world, case) == Kept(new=4, known=0, dropped=0, followed=2)
    assert keep(world, case) == Kept(new=0, known=4, dropped=0, followed=2)


def test_sure_f1_are_followed_the_doubtful_wait_for_an_interview(world: World) -> None:
    """CV 1909 (from memory): ten days from the last exposure: Mai's on 2 May, Nam's where the window ends."""
    keep(world, world.open_case())
    found = active()
    assert found.keys() == {world.mai, world.nam}
    assert (found[world.mai].origin, found[world.mai].until) == (date(2022, 5, 2), date(2022, 5, 12))
    assert found[world.mai].checks.count() == 8  # 5 to 12 May: what is past is not due
    assert Contact.objects.get(person=world.hung).status == "interview"


def test_a_contact_who_falls_ill_turns_others_up_a_class_and_back(world: World) -> None:
    keep(world, world.open_case())
    everybody = [world.lan, world.mai, world.binh, world.nam]
    assert classes(everybody, "covid19") == {world.lan: 0, world.mai: 1, world.binh: 2, world.nam: 1}
    ill = actions.create_case(
        by=world.officer, new=NewCase(person=world.mai, onset=date(2022, 5, 4), onset_provenance="patient")
    )
    assert classes(everybody, "covid19") == {world.lan: 0, world.mai: 0, world.binh: 1, world.nam: 1}
    assert FollowUp.objects.get(person=world.mai).status == "case"
    assert world.binh in active()
    actions.withdraw_case(by=world.officer, case=ill, why="false positive")
    assert classes(everybody, "covid19")[world.binh] == 2
    assert active().keys() == {world.mai, world.nam}


def test_corrected_onset_drops_whom_it_leaves_out(world: World) -> None:
    case = world.open_case()
    keep(world, case)
    case = actions.correct_onset(
        by=world.officer, case=case, onset=date(2022, 5, 5), provenance="record", sampled=None, why="chart"
    )
    assert keep(world, case) == Kept(new=0, known=2, dropped=2, followed=1)
    assert Contact.objects.get(person=world.mai).status == "dropped"
    assert active().keys() == {world.nam}


def test_todays_list_takes_many_entries_at_once(client: Client, world: World) -> None:
    keep(world, world.open_case())
    client.force_login(world.officer)
    page = client.get("/cases/today", headers={"Accept-Language": "vi"})
    assert {line.name for line in page.context["lines"]} == {"L. T. Mai, nữ, 1979", "N. H. Nam, nam, 2012"}
    mai = Check.objects.get(followup__person=world.mai, day=TODAY)
    nam = Check.objects.get(followup__person=world.nam, day=TODAY)
    client.post("/cases/today", {f"outcome-{mai.pk}": "symptoms", f"outcome-{nam.pk}": "", "outcome-x": "well"})
    mai.refresh_from_db()
    assert (mai.outcome, mai.by) == ("symptoms", world.officer.pk)
    left = client.get("/cases/today").context["lines"]
    assert [line.check.pk for line in left] == [nam.pk]


def test_symptoms_and_overdue_rise_to_the_top(client: Client, world: World) -> None:
    keep(world, world.open_case())
    nam = Check.objects.get(followup__person=world.nam, day=TODAY)
    entry = [Entry(nam.pk, "symptoms")]
    follow_actions.record_checks(by=world.officer, entries=entry, allowed=[nam.pk])
    client.force_login(world.officer)
    Check.objects.filter(followup__person=world.nam, day=date(2022, 5, 6)).update(day=date(2022, 5, 4))
    lines = client.get("/cases/today").context["lines"]
    assert [(line.last, line.late) for line in lines] == [("symptoms", 1), ("", 0)]


def test_nobody_enters_outcomes_for_another_commune(client: Client, world: World) -> None:
    keep(world, world.open_case())
    check = Check.objects.filter(day=TODAY).first()
    assert check is not None
    client.force_login(make_officer("far", role="commune-health", path=f"{PROVINCE}05710/"))
    assert client.get("/cases/today").context["lines"] == []
    client.post("/cases/today", {f"outcome-{check.pk}": "well"})
    check.refresh_from_db()
    assert check.outcome == ""


def test_last_day_entered_completes_the_follow_up(world: World) -> None:
    keep(world, world.open_case())
    followup = active()[world.mai]
    checks = list(followup.checks.values_list("pk", flat=True))
    FollowUp.objects.filter(pk=followup.pk).update(until=TODAY)
    entries = [Entry(number, "well") for number in checks]
    follow_actions.record_checks(by=world.officer, entries=entries[:-1], allowed=checks)
    followup.refresh_from_db()
    assert followup.status == "active"
    follow_actions.record_checks(by=world.officer, entries=entries[-1:], allowed=checks)
    followup.refresh_from_db()
    assert followup.status == "completed"


def test_keep_button_begins_the_follow_up(client: Client, world: World) -> None:
    case = world.open_case()
    client.force_login(world.officer)
    assert client.post(f"/cases/{case.pk}/keep").status_code == 302
    assert (
        "4 người tiếp xúc mới"
        in client.get(f"/cases/{case.pk}", headers={"Accept-Language": "vi"}).content.decode()
    )
