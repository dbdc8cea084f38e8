"""The list of the day as the server gives it: masked, taken along, answered by form and by list."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.core.models import AuditEvent
from vungxanh.core.scope import path_of
from vungxanh.people.actions import register_person
from vungxanh.people.models import Assignment, Officer
from vungxanh.work import actions
from vungxanh.work.models import WorkEvent, WorkItem

pytestmark = pytest.mark.django_db
HERE = path_of("19", "05710")


@pytest.fixture
def nurse(client: Client) -> Officer:
    made = Officer.objects.create_user("tram", name="Trạm")
    Assignment.objects.create(officer=made, role="commune-health", scope_path=HERE)
    client.force_login(made)
    return made


def due(path: str = HERE) -> int:
    person = register_person(
        name="Nguyễn Thị Lan",
        sex=2,
        birth_year=1990,
        phones=["0944713700"],
        scope_path=path,
        by=None,
        purpose="test",
    )
    return actions.put(
        kind="contact.call", due=timezone.now(), source=f"case:{person}", person=person, scope_path=path, by=None
    )


def page(client: Client) -> str:
    return client.get("/work/").content.decode()


def test_the_list_is_masked_and_of_ones_own_area(client: Client, nurse: Officer) -> None:
    due()
    due(path_of("19", "05860"))
    text = page(client)
    assert text.count("N. T. Lan, nữ, 1990</h3>") == 1
    assert "Nguyễn" not in text
    assert "0944" not in text


def test_taking_it_along_shows_names_and_numbers_and_is_recorded(client: Client, nurse: Officer) -> None:
    item = WorkItem.objects.get(pk=due())
    client.post("/work/take")
    text = page(client)
    assert "Nguyễn Thị Lan" in text
    assert 'href="tel:+84944713700"' in text
    seen = AuditEvent.objects.filter(action="people:person:revealed", by=nurse.pk)
    assert {event.subject for event in seen} == {f"person:{item.person}"}
    assert all(timezone.localdate().isoformat() in event.purpose for event in seen)
    client.post("/work/put-back")
    assert "Nguyễn" not in page(client)


def test_a_list_taken_yesterday_is_masked_today(client: Client, nurse: Officer) -> None:
    due()
    session = client.session
    session["work-list-taken"] = (timezone.localdate() - timedelta(days=1)).isoformat()
    session.save()
    assert "Nguyễn" not in page(client)


def test_an_answer_by_form_where_no_script_runs(client: Client, nurse: Officer) -> None:
    item, record = due(), str(uuid4())
    answer = {"item": item, "record": record, "outcome": "done"}
    assert client.post("/work/outcome", answer).headers["Location"] == "/work/"
    client.post("/work/outcome", answer)
    assert WorkItem.objects.get(pk=item).state == "done"
    assert WorkEvent.objects.count() == 1


def test_a_list_of_answers_gets_a_verdict_each(client: Client, nurse: Officer) -> None:
    ours, theirs = due(), due(path_of("19", "05860"))
    records = [
        {"item": n, "record": str(uuid4()), "outcome": "done", "at": timezone.now().isoformat()}
        for n in (ours, theirs)
    ]
    answer = client.post(
        "/work/outcomes", json.dumps({"records": records}), content_type="application/json"
    ).json()
    assert [v["verdict"] for v in answer["verdicts"]] == ["accepted", "refused"]
    assert answer["verdicts"][1]["thong_bao"] == "Không có việc này trong phạm vi của bạn."


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"records": [{}]}', '{"records": [1]}', '{"records": 5}', "\x00"]
)
def test_what_is_no_list_is_refused_and_nothing_written(client: Client, nurse: Officer, body: str) -> None:
    answer = client.post(
        "/work/outcomes", body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "work.answers-unreadable")
    assert WorkEvent.objects.count() == 0


@pytest.mark.parametrize("path", ["", "take", "put-back", "outcome", "outcomes", "acknowledge"])
def test_nobody_and_the_wrong_role_are_kept_out(client: Client, path: str) -> None:
    ask = client.get if path == "" else client.post
    assert ask(f"/work/{path}").status_code == 302
    clerk = Officer.objects.create_user("kiem", name="Kiểm toán")
    Assignment.objects.create(officer=clerk, role="auditor")
    client.force_login(clerk)
    assert ask(f"/work/{path}").status_code == 403


def test_an_empty_list_says_what_will_come(client: Client, nurse: Officer) -> None:
    assert "Chưa có việc nào đến hạn" in page(client)
