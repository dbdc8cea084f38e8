"""From the field: interviews that trace at once, daily answers by code and SMS, tests and definitions."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from tests.functional.test_outbreak_followup import TODAY, active, keep, localdate
from tests.outbreak_world import COMMUNE, PROVINCE, World, make_officer, make_world

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM
from vungxanh.notify import inbound
from vungxanh.notify.interface import Channel
from vungxanh.outbreak import answers_actions, definitions, exposed, follow_actions, interview_actions
from vungxanh.outbreak.follow_actions import Entry
from vungxanh.outbreak.models import Check, FollowUp
from vungxanh.people.actions import make_household
from vungxanh.people.models import Person
from vungxanh.people.register import add_phones
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db
VI = {"Accept-Language": "vi"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    monkeypatch.setattr("django.utils.timezone.localdate", localdate)
    return make_world(tmp_path / "lake")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(VIETNAM))


def test_a_milestone_is_traced_at_once(client: Client, world: World) -> None:
    """Bình says nothing; Lan remembers sitting with him in the meeting room on the 4th: he is F1 now, not F2."""
    case = world.open_case()
    client.force_login(world.officer)
    page = client.get(f"/cases/{case.pk}/interview?place_q=phong hop&who=pham binh")
    assert [place.pk for place in page.context["places"]] == [world.room]
    answer = client.post(
        f"/cases/{case.pk}/interview",
        {
            "place": world.room,
            "start": "2022-05-04T09:00",
            "end": "2022-05-04T10:00",
            "mask": "no",
            "with": [world.binh],
        },
        follow=True,
        headers={"Accept-Language": "vi"},
    )
    assert "thay đổi 1" in answer.content.decode()
    rows = {row.contact: row.generation for row in exposed.exposed(case, view_question(), lake()).rows}
    assert rows[world.binh] == 1
    told = case.milestones.filter(person=world.lan).get()
    client.post(f"/cases/{case.pk}/interview", {"step": "take-back", "milestone": told.pk})
    rows = {row.contact: row.generation for row in exposed.exposed(case, view_question(), lake()).rows}
    assert rows[world.binh] == 2


def view_question() -> exposed.Question:
    return exposed.Question()


def lake() -> exposed.LakeStore:
    return exposed.evidence_lake()


def test_milestone_needs_times_in_order(world: World) -> None:
    case = world.open_case()
    with pytest.raises(UserError) as error:
        interview_actions.add_milestone(
            by=world.officer,
            case=case,
            place=world.room,
            start=moment("2022-05-04T10:00"),
            end=moment("2022-05-04T09:00"),
        )
    assert error.value.code == "outbreak.milestone-times"


def test_acknowledgement_is_shown_on_the_case_and_in_the_list(client: Client, world: World) -> None:
    """Mai lives in another province: her commune's answer stands on the page of the case that found her."""
    from vungxanh.work import actions as work

    Person.objects.filter(pk=world.mai).update(scope_path="/01/00004/")
    case = world.open_case()
    keep(world, case)
    client.force_login(world.officer)
    [(name, _area, said)] = client.get(f"/cases/{case.pk}", headers=VI).context["kept_away"]
    assert (name, said.split(",")[0]) == ("L. T. Mai, nữ, 1979", "chưa nhận")
    there = make_officer("there", path="/01/")
    work.acknowledge(items=[WorkItem.objects.get(kind="contact.take-over").pk], by=there)
    [(_name, _area, said)] = client.get(f"/cases/{case.pk}", headers=VI).context["kept_away"]
    assert said.startswith("đã nhận")
    listed = client.get("/cases/contacts?away=1", headers=VI)
    assert [one.person for one in listed.context["listing"].page] == [world.mai]
    assert "đã nhận" in listed.content.decode()


def test_places_of_the_case_are_drawn(client: Client, world: World) -> None:
    """Two places 1.1 km apart: the room with coordinates and the one of an interview."""
    from vungxanh.places.models import Place

    case = world.open_case()
    client.force_login(world.officer)
    assert client.get(f"/cases/{case.pk}").context["seen"].map.spots == ()
    Place.objects.update(lat=21.59, lon=105.84)
    page = client.get(f"/cases/{case.pk}", headers=VI)
    found = page.context["seen"].map
    assert found.spots
    assert found.spots[0].people > 0
    assert found.country is None
    assert "Nơi ca bệnh đã đến" in page.content.decode()


def test_guessing_codes_is_stopped_and_no_address_is_kept(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vungxanh.outbreak import guessing
    from vungxanh.outbreak.models import ReportCode

    monkeypatch.setattr(guessing, "MOST_WRONG_CODES", 8)
    monkeypatch.setattr(guessing, "_wrong", type(guessing._wrong)())
    keep(world, world.open_case())
    followup = active()[world.mai]
    code = answers_actions.give_codes(by=world.officer, followups=[followup])[followup.pk]
    for year in range(1950, 1950 + guessing.MOST_WRONG_YEARS):
        client.post("/sk", {"code": code, "birth_year": year})
    right = {"code": code, "birth_year": 1979}
    assert (
        "people" not in client.post("/sk", right).context
    )  # five wrong years: today even the right one is refused
    ReportCode.objects.update(tried_on=TODAY - timedelta(days=1))
    assert len(client.post("/sk", right).context["people"]) == 1
    for _ in range(4):
        answer = client.post("/sk", {"code": "00000000", "birth_year": 1979}, headers=VI)
    assert "quá nhiều lần" in answer.content.decode()
    assert "quá nhiều lần" in client.post("/sk", right, headers=VI).content.decode()
    assert "quá nhiều lần" not in client.post("/sk", right, headers=VI, REMOTE_ADDR="203.0.113.9").content.decode()
    assert all(b"127.0.0.1" not in key for key in guessing._wrong)


def test_contact_from_elsewhere_goes_to_their_commune(world: World) -> None:
    Person.objects.filter(pk=world.mai).update(scope_path="/01/00004/")
    keep(world, world.open_case())
    item = WorkItem.objects.get(kind="contact.take-over")
    assert (item.person, item.scope_path, item.state) == (world.mai, "/01/00004/", "open")
    assert Person.objects.get(pk=world.mai).reaches.get().scope_path == f"{PROVINCE}{COMMUNE}/"


def test_code_answers_for_oneself_and_the_head_for_the_household(client: Client, world: World) -> None:
    keep(world, world.open_case())
    make_household(members=[world.mai, world.nam], head=world.mai, by=None)
    followup = active()[world.mai]
    code = answers_actions.give_codes(by=world.officer, followups=[followup])[followup.pk]
    with pytest.raises(UserError):
        answers_actions.behind(code, 1980)
    page = client.post("/sk", {"code": f"{code[:4]} {code[4:]}", "birth_year": 1979})
    assert len(page.context["people"]) == 2
    given = {"code": code, "birth_year": 1979, "how-0": "well", "how-1": "symptoms"}
    assert client.post("/sk", given).context["done"] == 2
    nam = Check.objects.get(followup__person=world.nam, day=TODAY)
    assert (nam.outcome, nam.channel, nam.by) == ("symptoms", "web", None)
    assert WorkItem.objects.get(kind="symptom.call").person == world.nam
    assert "Mai" not in client.post("/sk", {"code": "1", "birth_year": 1979}).content.decode()


def test_sms_answers_for_everybody_under_the_number(world: World) -> None:
    keep(world, world.open_case())
    add_phones(world.mai, ["0912345678"])
    row = inbound.receive(channel=Channel.SMS, provider_id="1", sender="+84912345678", text="td 1")
    row.refresh_from_db()
    assert row.state == "handled"
    assert Check.objects.get(followup__person=world.mai, day=TODAY).outcome == "well"
    inbound.receive(channel=Channel.SMS, provider_id="2", sender="+84999999999", text="TD 1")
    assert Check.objects.exclude(outcome="").count() == 1


def test_asked_by_sms_and_answered_without_the_word(client: Client, world: World) -> None:
    keep(world, world.open_case())
    add_phones(world.nam, ["0912345679"])
    client.force_login(world.officer)
    client.post("/cases/today", {"step": "sms"})
    inbound.receive(channel=Channel.SMS, provider_id="3", sender="+84912345679", text="2")
    assert Check.objects.get(followup__person=world.nam, day=TODAY).outcome == "symptoms"


def test_end_slides_while_nobody_is_reached_and_then_the_person_is_lost(world: World) -> None:
    keep(world, world.open_case())
    followup = active()[world.mai]
    FollowUp.objects.filter(pk=followup.pk).update(until=TODAY)
    followup.checks.exclude(day=TODAY).delete()
    follow_actions.record_checks(
        by=world.officer,
        entries=[Entry(followup.checks.get().pk, "unreachable")],
        allowed=list(followup.checks.values_list("pk", flat=True)),
    )
    followup.refresh_from_db()
    assert (followup.status, followup.until) == ("active", date(2022, 5, 6))
    assert followup.checks.filter(outcome="").get().day == date(2022, 5, 6)


def test_list_by_commune_and_certificates(client: Client, world: World) -> None:
    keep(world, world.open_case())
    FollowUp.objects.filter(person=world.nam).update(scope_path=f"{PROVINCE}05710/")
    client.force_login(world.officer)
    page = client.get(f"/cases/today?area={PROVINCE}05710/")
    assert [line.check.followup.person for line in page.context["lines"]] == [world.nam]
    FollowUp.objects.filter(person=world.mai).update(status="completed", ended_at=timezone.now())
    content = client.get("/cases/today/certificates.pdf").content
    assert content.startswith(b"%PDF-")


def test_calling_shows_the_number_and_is_recorded(client: Client, world: World) -> None:
    add_phones(world.mai, ["0912345678"])
    client.force_login(world.officer)
    assert 'href="tel:+84912345678"' in client.get(f"/cases/call/{world.mai}").content.decode()
    client.force_login(make_officer("far", role="commune-health", path="/01/"))
    assert client.get(f"/cases/call/{world.mai}").status_code == 404


@pytest.mark.parametrize(
    ("day", "facts", "status"),
    [
        (date(2022, 1, 5), {"pcr": 1}, "confirmed"),
        (date(2022, 1, 5), {"antigen": 1}, "suspected"),
        (date(2022, 1, 5), {"antigen": 1, "contact": 1}, "confirmed"),
        (date(2022, 5, 3), {"antigen": 1, "symptoms": 1}, "confirmed"),
        (date(2022, 5, 3), {"contact": 1, "symptoms": 3}, "suspected"),
        (date(2022, 5, 3), {"contact": 1, "symptoms": 2}, None),
        (date(2022, 5, 3), {"contact": 1, "symptoms": 2, "fever_and_cough": 1}, "suspected"),
        (date(2020, 5, 3), {"pcr": 1}, "confirmed"),
        (date(2021, 8, 1), {"antigen": 1, "contact": 1}, "suspected"),  # before 29/12/2021 only PCR confirmed
        (date(2020, 1, 1), {"pcr": 1}, None),
    ],
)
def test_definition_of_its_day(day: date, facts: dict[str, int], status: str | None) -> None:
    found = definitions.fit("covid19", day, facts)
    assert (found.status if found else None) == status


def test_tests_with_ct_and_a_decision_with_history(client: Client, world: World) -> None:
    case = world.open_case()
    client.force_login(world.officer)
    address = f"/cases/{case.pk}/tests"
    given = {"step": "test", "kind": "antigen", "sampled_on": "2022-05-04", "result": "positive", "ct": "24.5"}
    client.post(address, given)
    page = client.get(address, headers={"Accept-Language": "vi"})
    assert page.context["fits"].status == "confirmed"  # antigen and symptoms, CV 1909
    client.post(address, given)
    assert case.tests.count() == 1
    client.post(address, {"step": "settle", "status": "confirmed", "outcome": "recovered", "why": "ra viện"})
    case.refresh_from_db()
    assert (case.outcome, case.definition) == ("recovered", "vn.covid19.case.1909")
    assert case.changes.filter(field="outcome").get().why == "ra viện"
