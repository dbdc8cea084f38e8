"""Courses: owed by role, passed by answers, asked again when the course's version changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer

from vungxanh.command import taught_rules, training_queries
from vungxanh.command.actions import training
from vungxanh.command.courses_data import courses
from vungxanh.command.models import Completion, CourseTask, HotlineEvent
from vungxanh.command.training_queries import by_facility, owed
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.outbreak import taught
from vungxanh.outbreak.drill import town
from vungxanh.outbreak.models import Case
from vungxanh.people.models import Officer, Organisation, OrganisationLink, Person
from vungxanh.people.roles import ROLES
from vungxanh.rules.contact import contact_rules
from vungxanh.rules.duties import duty_rule

pytestmark = pytest.mark.django_db


def test_both_languages_hold_the_same_course() -> None:
    for key, course in courses("vi").items():
        other = courses("en")[key]
        assert [q.right for q in course.questions] == [q.right for q in other.questions]
        assert [len(q.answers) for q in course.questions] == [len(q.answers) for q in other.questions]
        assert len(course.pages) == len(other.pages)
        assert all(q.right < len(q.answers) for q in course.questions)


def test_every_role_of_the_house_has_a_course_with_all_its_parts() -> None:
    taught = {role for course in courses("vi").values() for role in course.roles}
    assert taught == set(ROLES)
    for course in courses("vi").values():
        other = courses("en")[course.id]
        assert len(course.pages) >= 2
        assert len(course.questions) >= 3
        assert len(course.practice) >= 1
        assert [(one.right, len(one.answers)) for one in course.practice] == [
            (one.right, len(one.answers)) for one in other.practice
        ]
        assert all(0 <= one.right < len(one.answers) and one.why for one in course.practice)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_owes_its_course_passes_it_and_gets_a_certificate(client: Client, role: str) -> None:
    who = officer(role, role, "/19/")
    client.force_login(who)
    for one in owed(who, "vi"):
        right = {f"q{at}": str(question.right) for at, question in enumerate(one.course.questions)}
        answer = client.post(reverse("command:course", args=[one.course.id]), right)
        assert answer.status_code == 302
        assert one.course.title in client.get(answer["Location"]).content.decode()
    assert Completion.objects.filter(officer=who).exists()
    assert owed(who, "vi") == []


def test_practice_says_why_and_keeps_nothing(client: Client) -> None:
    client.force_login(officer("agent", "hotline", "/19/"))
    (situation,) = courses("vi")["hotline"].practice
    address = reverse("command:practice", args=["hotline"])
    before = (AuditEvent.objects.count(), HotlineEvent.objects.count(), Person.objects.count())
    wrong = client.post(address, {"p0": str((situation.right + 1) % 3)}).content.decode()
    assert "Chưa đúng." in wrong
    assert situation.why in wrong
    assert "Đúng 1/1." in client.post(address, {"p0": str(situation.right)}).content.decode()
    assert (AuditEvent.objects.count(), HotlineEvent.objects.count(), Person.objects.count()) == before
    assert "Truy vết ở thị trấn nhỏ" not in wrong  # who traces practises in the town
    client.force_login(officer("cdc", "cdc-officer", "/19/"))
    page = client.get(reverse("command:practice", args=["tracing"])).content.decode()
    assert "DIỄN TẬP – KHÔNG CÓ THẬT" in page
    assert "Truy vết ở thị trấn nhỏ" in page


def test_the_inspectors_are_asked_again_when_the_duties_change(monkeypatch: pytest.MonkeyPatch) -> None:
    trade = officer("trade", "industry-trade-officer", "/19/")
    course = courses("vi")["places"]
    assert course.teaches == ("vn.covid19.duties",)
    given = {at: question.right for at, question in enumerate(course.questions)}
    assert training.finish(course=course, given=given, by=trade)
    assert ids(trade) == []
    rule = duty_rule()
    changed = rule.model_copy(update={"kinds": {**rule.kinds, "market": rule.kinds["market"][:-1]}})
    monkeypatch.setattr(taught_rules, "duty_rule", lambda: changed)
    assert [(one.course.id, one.again) for one in owed(trade, "vi")] == [("places", True)]


def ids(officer_: Officer) -> list[str]:
    return [one.course.id for one in owed(officer_, "vi")]


def test_a_keeper_owes_the_gate_and_no_tracing() -> None:
    assert ids(officer("keeper", "venue-keeper", "/19/")) == ["gate-keeper"]


def test_a_changed_course_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = officer("keeper", "venue-keeper", "/19/")
    training.finish(course=courses("vi")["gate-keeper"], given={0: 1, 1: 2, 2: 0}, by=keeper)
    assert ids(keeper) == []
    newer = {key: replace(course, version="2030-01-01") for key, course in courses("vi").items()}
    monkeypatch.setattr(training_queries, "courses", lambda _: newer)
    (again,) = owed(keeper, "vi")
    assert again.again


def test_those_trained_are_asked_again_when_the_rule_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    cdc = officer("cdc", "cdc-officer", "/19/")
    course = courses("vi")["tracing"]
    assert course.teaches == ("vn.covid19.f1.11042",)
    assert training.finish(course=course, given={0: 0, 1: 2, 2: 1}, by=cdc)
    assert ids(cdc) == []
    rule = contact_rules()["vn.covid19.f1.11042"]
    corrected = {**contact_rules(), rule.id: replace(rule, branches=rule.branches[:-1])}
    monkeypatch.setattr(taught_rules, "contact_rules", lambda: corrected)
    assert [(one.course.id, one.again) for one in owed(cdc, "vi")] == [("tracing", True)]


def test_data_of_every_room_that_a_course_teaches_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hour more in a clock of decree 165, one word more that a message may not say."""
    today = timezone.localdate()
    for course in courses("vi").values():
        before = taught_rules.fingerprint(course, today)  # KeyError where nothing stands behind a name
        for name in course.teaches:
            if name in taught.DATA:
                with monkeypatch.context() as patch:
                    patch.setitem(taught_rules._texts, name, lambda _on: taught.text("vx.followup") + "1")
                    assert taught_rules.fingerprint(course, today) != before
                assert taught_rules.fingerprint(course, today) == before
    assert {name for course in courses("vi").values() for name in course.teaches} >= set(taught.DATA)


def test_another_rule_in_force_asks_again_too(monkeypatch: pytest.MonkeyPatch) -> None:
    course = courses("vi")["tracing"]
    before = taught_rules.fingerprint(course, date(2022, 3, 1))
    assert taught_rules.fingerprint(course, date(2022, 3, 2)) == before
    assert taught_rules.fingerprint(course, date(2022, 5, 1)) != before  # CV 1909 since 15 April 2022


def test_an_organisation_is_asked_and_completion_stands_facility_by_facility(client: Client) -> None:
    fields = {"sector": "health", "kind": "health-station"}
    above = Organisation.objects.create(code="p", name="CDC tỉnh", scope_path="/19/", **fields)
    station = Organisation.objects.create(code="s", name="Trạm y tế An Minh", scope_path="/19/00/", **fields)
    OrganisationLink.objects.create(child=station, parent=above)
    nurse = officer("nurse", "community-team", "/19/00/", station)
    other = officer("other", "community-team", "/19/00/", station)
    assert ids(nurse) == ["home-visits"]  # of the role
    director = officer("director", "cdc-director", "/19/")
    client.force_login(director)
    day = (timezone.localdate() + timedelta(days=7)).isoformat()
    client.post(reverse("command:courses"), {"course": "gate-keeper", "organisation": above.pk, "due": day})
    assert [(one.course.id, one.due and str(one.due)) for one in owed(nurse, "vi")] == [
        ("gate-keeper", day),
        ("home-visits", None),
    ]
    training.finish(course=courses("vi")["gate-keeper"], given={0: 1, 1: 2, 2: 0}, by=nurse)
    lines = [
        (line.organisation.name, line.course.id, line.officers, line.passed)
        for line in by_facility(director, "vi")
    ]
    assert lines == [("Trạm y tế An Minh", "home-visits", 2, 0), ("Trạm y tế An Minh", "gate-keeper", 2, 1)]
    assert ids(other) == ["gate-keeper", "home-visits"]
    client.force_login(officer("elsewhere", "cdc-director", "/20/"))
    client.post(reverse("command:courses"), {"course": "tracing", "organisation": above.pk})
    assert CourseTask.objects.count() == 1


def test_too_few_right_answers_keep_nothing() -> None:
    keeper = officer("keeper", "venue-keeper", "/19/")
    course = replace(courses("vi")["gate-keeper"], needed=3)
    assert training.finish(course=course, given={0: 1, 1: 2, 2: 2}, by=keeper) is None
    assert Completion.objects.count() == 0
    made = training.finish(course=course, given={0: 1, 1: 2, 2: 0}, by=keeper)
    assert made is not None
    assert (made.score, made.questions) == (3, 3)


def test_pass_on_the_page_and_see_the_certificate(client: Client) -> None:
    client.force_login(officer("keeper", "venue-keeper", "/19/"))
    wrong = client.post(reverse("command:course", args=["gate-keeper"]), {"q0": "0"})
    assert "Đúng 0/3 câu" in wrong.content.decode()
    right = client.post(reverse("command:course", args=["gate-keeper"]), {"q0": "1", "q1": "2", "q2": "0"})
    assert right.status_code == 302
    assert "Đúng 3/3 câu" in client.get(right["Location"]).content.decode()


@pytest.mark.parametrize("seed", [1, 7, 2021])
def test_a_drill_is_scored_by_the_engine(client: Client, seed: int) -> None:
    trainee = officer("trainee", "commune-health", "/19/")
    run = training.begin(drill="tracing", seed=seed, by=trainee)
    assert training.begin(drill="tracing", seed=seed + 1, by=trainee) == run  # the open one goes on
    client.force_login(trainee)
    page = client.get(reverse("command:drill", args=[run.pk])).content.decode()
    assert "DIỄN TẬP – KHÔNG CÓ THẬT" in page
    assert "Người số 1 khởi phát" in page
    world = town(seed)
    assert 2 in world.contacts  # lives with the case
    assert len(world.contacts) >= 3
    best = {unit.id[1] for unit in world.proposal.proposed.units if unit.id[0] == "place"}
    score = training.hand_in(run=run, contacts=set(world.contacts), places=best, by=trainee)
    assert (score.found, score.missed, score.wrong, score.passed) == (len(world.contacts), [], [], True)
    with pytest.raises(UserError):
        training.hand_in(run=run, contacts=set(), places=set(), by=trainee)
    run.refresh_from_db()
    assert run.minutes >= 1
    assert (
        f"Tìm được {score.found} trên {score.contacts}"
        in client.get(reverse("command:drill", args=[run.pk])).content.decode()
    )


def test_missing_contacts_or_closing_the_town_does_not_pass() -> None:
    trainee = officer("trainee", "commune-health", "/19/")
    world = town(7)
    run = training.begin(drill="tracing", seed=7, by=trainee)
    score = training.hand_in(run=run, contacts=set(), places={10, 20, 30}, by=trainee)
    assert (score.found, len(score.missed), score.passed) == (0, len(world.contacts), False)
    assert score.closed_in > score.engine_closed_in


def test_a_drill_leaves_nothing_in_the_register() -> None:
    town(3)
    assert not Person.objects.exists()
    assert not Case.objects.exists()


def test_a_course_has_a_clip(client: Client) -> None:
    client.force_login(officer("keeper", "venue-keeper", "/19/"))
    film = client.get(reverse("command:course_clip", args=["gate-keeper"]))
    assert (film["Content-Type"], film.content[4:8]) == ("video/mp4", b"ftyp")
