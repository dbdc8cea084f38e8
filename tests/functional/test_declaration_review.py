"""Rights with the legal clock, an officer who decides otherwise, quality by commune, FHIR over HTTP."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.functional.test_declarations import MET, SIGNS, begin, officer, send, walk

from vungxanh.declarations.models import Declaration, RightsRequest
from vungxanh.declarations.rights import first_reply
from vungxanh.forms import catalogue, fhir, fhir_in
from vungxanh.forms.definition import read, shipped
from vungxanh.people.models import Person
from vungxanh.rules.store.models import RuleVersion
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db
HERE = "/19/05467/"


@pytest.fixture
def declared(client: Client) -> tuple[Client, str]:
    begin(client)
    walk(client, fever="yes")
    return client, send(client).redirect_chain[-1][0].rsplit("/", 1)[-1]


@pytest.fixture
def station() -> Client:
    made = Client()
    made.force_login(officer("commune-health", HERE))
    return made


def test_a_person_asks_and_the_law_says_by_when(declared: tuple[Client, str]) -> None:
    citizen, token = declared
    citizen.post(f"/declare/result/{token}/rights", {"kind": "delete", "text": "Xin xoá"})
    row = RightsRequest.objects.get()
    assert row.due - row.asked_at == pytest.approx(timedelta(days=20), abs=timedelta(minutes=1))
    assert row.reply_due == first_reply(row.asked_at)
    item = WorkItem.objects.get(kind="rights.answer")
    assert item.due == row.reply_due
    citizen.post(f"/declare/result/{token}/rights", {"kind": "delete", "text": "Xin xoá"})
    assert RightsRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "owed"),
    [("2026-11-20T09:00", "2026-11-24"), ("2026-11-22T09:00", "2026-11-24"), ("2026-11-23T23:00", "2026-11-25")],
)
def test_two_working_days_pass_over_the_week_end(asked: str, owed: str) -> None:
    when = timezone.make_aware(datetime.fromisoformat(asked))
    assert timezone.localdate(first_reply(when)).isoformat() == owed


def test_a_deletion_that_is_granted_removes_the_answers(declared: tuple[Client, str], station: Client) -> None:
    citizen, token = declared
    citizen.post(f"/declare/result/{token}/rights", {"kind": "delete"})
    number = RightsRequest.objects.get().pk
    assert station.post(f"/declare/desk/rights/{number}", {"granted": "yes"}).status_code == 422  # no reason
    station.post(f"/declare/desk/rights/{number}", {"granted": "yes", "answer": "Đã xoá"})
    assert Declaration.objects.get().answers.open() == "{}"
    assert not WorkItem.objects.filter(state="open").exists()


def test_another_device_asks_nothing(declared: tuple[Client, str]) -> None:
    _citizen, token = declared
    assert Client().get(f"/declare/result/{token}/rights").status_code == 404


def test_an_officer_decides_otherwise_with_a_reason_that_the_person_reads(
    declared: tuple[Client, str], station: Client
) -> None:
    citizen, token = declared
    row = Declaration.objects.get()
    url = f"/declare/desk/d/{row.pk}/overrule"
    assert station.post(url, {"result": "nothing", "reason": ""}).status_code == 422
    station.post(url, {"result": "nothing", "reason": "Đã gọi: sốt do viêm họng, đã khỏi"})
    page = citizen.get(f"/declare/result/{token}").content.decode()
    assert "Đã gọi: sốt do viêm họng" in page
    assert "Trạm y tế xã, phường nơi bạn ở; nếu không đồng ý: CDC tỉnh" in page
    row.refresh_from_db()
    made = row.overrules.get()
    assert (made.before, row.result) == ("signs", "nothing")
    assert not WorkItem.objects.filter(state="open").exists()


def test_a_team_member_overrules_nothing(declared: tuple[Client, str]) -> None:
    client = Client()
    client.force_login(officer("community-team", HERE))
    number = Declaration.objects.get().pk
    assert (
        client.post(f"/declare/desk/d/{number}/overrule", {"result": "nothing", "reason": "x"}).status_code == 403
    )


def test_a_neighbouring_station_opens_no_declaration(declared: tuple[Client, str]) -> None:
    client = Client()
    client.force_login(officer("commune-health", "/19/05443/"))
    assert client.get(f"/declare/desk/d/{Declaration.objects.get().pk}").status_code == 404


def test_quality_by_commune(declared: tuple[Client, str], station: Client) -> None:
    other = Client()
    begin(other)
    walk(other)
    send(other)
    first, second = Declaration.objects.order_by("pk")
    assert (first.straight, second.straight) == (False, True)
    # 8 of who, 1 of travel, 6 signs with their day, 3 contacts, 1 consent; document and e-mail were left open
    assert (first.asked, first.filled) == (21, 19)
    page = station.get("/declare/desk/quality")
    row = page.context["rows"][0]
    assert (row["name"], row["count"], row["straight_share"]) == ("Phường Gia Sàng", 2, 50)
    market = Client()
    market.force_login(officer("industry-trade-officer", "/19/"))
    assert market.get("/declare/desk/quality").status_code == 403


# ------------------------------------------------------------------ FHIR


@pytest.mark.parametrize("form", shipped(), ids=lambda form: form.key)
def test_a_form_that_went_out_as_a_questionnaire_comes_back_the_same(form: Any) -> None:
    given = fhir.questionnaire(form)
    if any(one.group for one in form.questions if one.enabled_when) or any(
        when.group for one in form.questions for when in one.enabled_when
    ):
        given = json.loads(json.dumps(given))
        for page in given["item"]:
            for item in page["item"]:
                item.pop("enableWhen", None)  # "one of a group" is several questions: FHIR's any, refused by name
    back = read(fhir_in.content(given, form=form.id, version="9", disease=form.disease, rules=form.result_rules))
    assert [(q.id, q.type, q.required, q.label) for q in back.questions] == [
        (q.id, q.type, q.required, _filled(form, q.label)) for q in form.questions
    ]
    assert [page.id for page in back.pages] == [page.id for page in form.pages]


def _filled(form: Any, text: Any) -> Any:
    return text.filled(window=form.window_days, retention=form.retention_days)


def post(client: Client, path: str, given: Any) -> Any:
    return client.post(f"/api/declarations/{path}", json.dumps(given), content_type="application/json")


def test_a_questionnaire_from_elsewhere_becomes_a_draft() -> None:
    client = Client()
    client.force_login(officer("cdc-director", "/19/"))
    given = {
        "resourceType": "Questionnaire", "name": "Enterics", "title": "Enteric follow-up",
        "item": [
            {"linkId": "d", "type": "display", "text": "Read this"},
            {"linkId": "Q/1", "type": "boolean", "text": "Diarrhoea?", "required": True},
            {"linkId": "Q/2", "type": "choice", "text": "How often?",
             "answerOption": [{"valueCoding": {"code": "1", "display": "once"}}, {"valueString": "more"}],
             "enableWhen": [{"question": "Q/1", "operator": "=", "answerBoolean": True}]},
        ],
    }  # fmt: skip
    reply = post(client, "questionnaires?disease=other", given)
    assert reply.json()["form"] == "vn.declaration.enterics"
    form = read(RuleVersion.objects.get().content)
    assert [(q.id, q.type) for q in form.questions] == [("q_1", "yesno"), ("q_2", "choice")]
    assert client.get("/declare/desk/forms").status_code == 200
    given["item"][1]["type"] = "attachment"  # type: ignore[index]
    refused = post(client, "questionnaires", given)
    assert refused.status_code == 422
    assert "attachment" in refused.content.decode()


def answers(**changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Nông Thị Lan", "birth_year": 1990, "sex": "2", "nationality": "VNM",
        "commune": {"written": "Gia Sàng", "code": "05467", "scheme": "vn-2025"}, "address": "Tổ 5",
        "phone": "+84944713700", "travelled": False, **dict.fromkeys((*SIGNS, *MET), False), "consent": "2026-07",
        **changes,
    }  # fmt: skip


def response(**changes: Any) -> dict[str, Any]:
    form = catalogue.version("vn.declaration.population", "2022.1")
    made = fhir.response(form, answers(**changes), authored=timezone.now().isoformat())
    return {**made, "identifier": {"value": "HIS-1"}}


def item(given: dict[str, Any], link: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for page in given["item"] for one in page["item"] if one["linkId"] == link)
    return found


def issues(given: dict[str, Any]) -> list[tuple[str, str]]:
    reply = post(Client(), "responses/$validate", given).json()
    return [(one["code"], one.get("expression", [""])[0].rpartition("linkId=")[2]) for one in reply["issue"]]


def test_a_good_response_is_said_to_be_good() -> None:
    assert issues(response()) == [("informational", "")]


def test_every_kind_of_fault_is_found() -> None:
    given = response(cough=True)  # enabled and required: the day of onset
    given["item"][0]["item"].append({"linkId": "shoe", "answer": [{"valueInteger": 42}]})  # unknown link
    item(given, "sex")["answer"] = [{"valueCoding": {"code": "7"}}]  # no option
    item(given, "fever")["answer"] = [{"valueString": "yes"}]  # wrong type
    item(given, "throat")["answer"] *= 2  # repeats
    page = next(page for page in given["item"] if page["linkId"] == "page.contact")
    page["item"].append({"linkId": "met_when", "answer": [{"valueDate": "2026-11-01"}]})  # disabled yet answered
    assert set(issues(given)) == {
        ("not-found", "'shoe')"), ("value", "'sex')"), ("value", "'fever')"), ("structure", "'throat')"),
        ("business-rule", "'met_when')"), ("required", "'onset')"),
    }  # fmt: skip


def test_a_response_is_taken_once_by_an_officer_and_read_without_a_name(station: Client) -> None:
    assert post(Client(), "responses", response()).status_code == 401
    first, again = post(station, "responses", response()).json(), post(station, "responses", response()).json()
    assert first == again
    assert Declaration.objects.count() == 1
    assert Person.objects.get().name.open() == "Nông Thị Lan"
    back = station.get(f"/api/declarations/responses/{first['number']}").json()
    assert back["questionnaire"] == "urn:vungxanh:form:vn.declaration.population|2022.1"
    assert "Lan" not in json.dumps(back, ensure_ascii=False)
    other = Client()
    other.force_login(officer("commune-health", "/19/05443/"))
    assert other.get(f"/api/declarations/responses/{first['number']}").status_code == 422


def test_forms_in_force_are_a_bundle() -> None:
    found = Client().get("/api/declarations/questionnaires?language=en").json()
    assert found["total"] == len(found["entry"]) >= 3
    assert found["entry"][0]["resource"]["title"] == "Health declaration for everybody"
