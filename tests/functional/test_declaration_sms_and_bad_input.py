"""Daily health by SMS; and everything that people, phones and scripts put into fields."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.functional.test_declarations import MET, SIGNS, answer, begin, send, walk

from vungxanh.declarations import sms
from vungxanh.declarations.models import Declaration
from vungxanh.forms import catalogue
from vungxanh.forms.validate import check
from vungxanh.notify import inbound
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Delivery
from vungxanh.people.models import Person
from vungxanh.work.actions import put
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
POPULATION = "vn.declaration.population"


@pytest.fixture
def lan(client: Client) -> int:
    begin(client)
    walk(client)
    send(client)
    return Person.objects.get().pk


def text(words: str, number: int = 1) -> None:
    inbound.receive(channel=Channel.SMS, provider_id=f"m{number}", sender="0944713700", text=words)


def test_who_is_in_isolation_is_asked_once_a_day_and_answers_by_a_figure(lan: int) -> None:
    due = timezone.now() + timedelta(hours=3)
    put(kind="isolation.check", due=due, source="case:1", person=lan, scope_path="/19/05467/", by=None)
    assert sms.ask_due() == sms.ask_due() == 1
    assert Delivery.objects.filter(person=lan, batch__source__startswith="daily:").count() == 1
    assert WorkItem.objects.get(kind="followup.answer").state == "open"
    text("12")
    row = Declaration.objects.latest("pk")
    assert (row.channel, row.form, row.result, row.person) == ("sms", "vn.declaration.sms", "signs", lan)
    assert json.loads(row.answers.open())["breathing"] is False
    assert WorkItem.objects.get(kind="followup.answer").state == "cancelled"
    assert WorkItem.objects.get(kind="symptom.call").state == "open"


def test_who_does_not_answer_stands_on_the_list(lan: int) -> None:
    sms.ask(persons=[lan], by=None)
    item = WorkItem.objects.get(kind="followup.answer")
    assert timedelta(hours=19) < item.due - timezone.now() < timedelta(hours=21)
    assert item.scope_path == "/19/05467/"


@pytest.mark.parametrize(
    ("words", "result"), [("SK 0", "nothing"), ("sk 3", "urgent"), ("SK 6", "went-out"), ("SK 5", "call")]
)
def test_figures_mean_what_the_text_said(lan: int, words: str, result: str) -> None:
    text(words)
    assert Declaration.objects.latest("pk").result == result


def test_a_family_on_one_number_says_the_year(lan: int) -> None:
    other = Client()
    begin(other)
    answer(other, "name", full_name="Ma Văn Tiến")
    walk(other)
    send(other)
    Person.objects.exclude(pk=lan).update(birth_year=1950)
    before = Declaration.objects.count()
    text("SK 0", 1)
    assert Declaration.objects.count() == before
    text("SK 1950 0", 2)
    assert Declaration.objects.latest("pk").person != lan


def test_what_is_no_figure_waits_for_a_person(lan: int) -> None:
    text("SK toi met lam, goi cho toi")
    assert Declaration.objects.count() == 1


# ------------------------------------------------------------------ bad input

GOOD: dict[str, Any] = {
    "full_name": "Nông Thị Lan", "birth_year": 1990, "sex": "2", "nationality": "VNM",
    "commune": {"written": "Gia Sàng", "code": "05467", "scheme": "vn-2025"}, "address": "Tổ 5",
    "phone": "0944713700", "travelled": False, **dict.fromkeys((*SIGNS, *MET), False), "consent": True,
}  # fmt: skip


def judged(**changes: Any) -> Any:
    return check(catalogue.version(POPULATION, "2022.1"), {**GOOD, **changes}, TODAY)


def stay(**changes: Any) -> dict[str, Any]:
    place = {"written": "", "code": "26740", "scheme": "vn-2025"}
    row = {"place": place, "from": "2026-11-20", "to": "2026-11-21", **changes}
    return {"travelled": True, "places": [row]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"full_name": "<script>alert(1)</script>"}, "bad-name"),
        ({"full_name": "=HYPERLINK(1)"}, "bad-name"),
        ({"full_name": "Lan" * 4000}, "too-long"),
        ({"full_name": "Lan\u202e"}, "control-characters"),
        ({"address": "Tổ\x00 5"}, "control-characters"),
        ({"address": "x" * 10_000}, "too-long"),
        ({"birth_year": 2027}, "out-of-range"),
        ({"birth_year": "chín mươi"}, "not-a-number"),
        ({"phone": "12"}, "bad-phone"),
        ({"email": "lan@"}, "bad-email"),
        ({"cough": True, "onset": "2026-11-23"}, "date-ahead"),
        ({"cough": True, "onset": "2025-02-29"}, "bad-date"),
        (stay(**{"from": "2026-11-23", "to": "2026-11-24"}), "date-ahead"),
        (stay(to="2026-11-19"), "end-before-start"),
        (stay(means="rocket"), "not-an-option"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    assert [one.code for one in judged(**changes).problems] == [code]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"full_name": "Nguye\u0302\u0303n Thi\u0323 Lan"}, ("full_name", "Nguyễn Thị Lan")),  # NFD
        ({"full_name": "Y"}, ("full_name", "Y")),
        ({"address": "Tổ 5 😀"}, ("address", "Tổ 5 😀")),
        ({"address": "=1+1"}, ("address", "=1+1")),  # text here; neutralised where a sheet is written
        ({"phone": "+84 944 713 700"}, ("phone", "+84944713700")),
        ({"phone": "84944713700"}, ("phone", "+84944713700")),
        ({"phone": "01694713700"}, ("phone", "+84394713700")),
        ({"email": " lan @ example.vn "}, ("email", "lan@example.vn")),
        ({"cough": True, "onset": "2026-11-22"}, ("onset", "2026-11-22")),
    ],
)
def test_what_is_only_odd_is_mended_or_kept(changes: dict[str, Any], kept: tuple[str, str]) -> None:
    found = judged(**changes)
    assert found.problems == []
    assert found.answers[kept[0]] == kept[1]


def test_the_twenty_ninth_of_february_is_a_day_in_leap_years_only() -> None:
    form = catalogue.version(POPULATION, "2022.1")
    answers = {**GOOD, "cough": True, "onset": "2028-02-29"}
    assert check(form, answers, date(2028, 3, 1)).problems == []


@pytest.mark.parametrize("flight", ["VN9999999", "XX000", "QH 1234Z"])
def test_a_flight_that_does_not_exist_is_kept_as_it_was_said(flight: str) -> None:
    found = judged(**stay(means="plane", vehicle=flight, seat="99Z"))
    assert found.problems == []
    assert found.answers["places"][0]["vehicle"] == flight


def test_an_identity_number_is_warned_about_and_never_refused() -> None:
    found = judged(document="12345")
    assert found.problems == []
    assert [note.code for note in found.notes] == ["odd-document"]


def record(number: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "full_name": f"Danh Út {['Ba', 'Tư', 'Năm', 'Sáu', 'Bảy'][number % 5]}",
        "birth_year": str(1950 + number),
        "sex": "1",
        "nationality": "VNM",
        "commune": "Bến Nghé, Thành phố Hồ Chí Minh",
        "address": "Ấp 1",
        "phone": "0944713700",
        "travelled": "no",
        **dict.fromkeys((*SIGNS, *MET), "no"),
        "consent": "yes",
    }
    return {
        "id": f"device-{number}", "form": "population", "version": "2022.1", "whom": "other",
        "given_at": timezone.now().isoformat(), "fields": list(fields.items()), **changes,
    }  # fmt: skip


def outbox(client: Client, *records: dict[str, Any]) -> Any:
    return client.post("/declare/outbox", json.dumps({"records": records}), content_type="application/json")


def test_one_declares_for_forty_people_from_one_device_and_sends_twice(client: Client) -> None:
    for _ in range(2):
        verdicts = outbox(client, *[record(number) for number in range(40)]).json()["verdicts"]
        assert {one["verdict"] for one in verdicts} == {"accepted"}
    assert Declaration.objects.count() == Person.objects.count() == 40


def test_what_a_device_sends_and_nobody_can_read_changes_nothing(client: Client) -> None:
    for body in ("", "[]", '{"records": 1}', '{"records": [{}]}', '{"records": [{"id": "1", "fields": 3}]}'):
        assert client.post("/declare/outbox", body, content_type="application/json").status_code == 422
    assert not Declaration.objects.exists()


def test_a_clock_that_runs_ahead_is_set_right_and_one_long_behind_is_refused(client: Client) -> None:
    ahead = (timezone.now() + timedelta(days=3)).isoformat()
    behind = (timezone.now() - timedelta(days=15)).isoformat()
    verdicts = outbox(client, record(1, given_at=ahead), record(2, given_at=behind)).json()["verdicts"]
    assert [one["verdict"] for one in verdicts] == ["accepted", "refused"]
    assert Declaration.objects.get().given_at <= timezone.now()


def test_a_version_that_never_was_is_refused(client: Client) -> None:
    assert outbox(client, record(1, version="9999")).json()["verdicts"][0]["verdict"] == "refused"


def test_a_script_in_a_field_stays_text_on_every_page(client: Client) -> None:
    begin(client)
    page = answer(client, "name", full_name="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
