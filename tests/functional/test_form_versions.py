"""A new version of a form: made, edited, tried and put in force in the browser; answers keep their own version."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.functional.test_declarations import MET, SIGNS, answer, begin, officer, send, walk

from vungxanh.core.errors import UserError
from vungxanh.declarations import editing, form_actions
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.models import Declaration
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue
from vungxanh.forms.definition import Form, read
from vungxanh.rules.store.models import RuleVersion

pytestmark = pytest.mark.django_db
POPULATION = "vn.declaration.population"


@pytest.fixture
def director(client: Client) -> Client:
    client.force_login(officer("cdc-director", "/19/"))
    return client


def draft(client: Client) -> RuleVersion:
    client.post("/declare/desk/forms/new", {"form": POPULATION})
    return RuleVersion.objects.latest("pk")


def a_question(**changes: Any) -> dict[str, Any]:
    return {
        "label_vi": "Mất vị giác",
        "label_en": "Loss of taste",
        "type": "yesno",
        "required": "on",
        "group": "sign",
        "page": "signs",
        **changes,
    }


def in_force(client: Client, row: RuleVersion, days: int = 0) -> Any:
    day = timezone.localdate() + timedelta(days=days)
    return client.post(f"/declare/desk/forms/{row.pk}/force", {"on": day.isoformat()})


def answers(form: Form, **changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Nông Thị Lan",
        "birth_year": 1990,
        "sex": "2",
        "nationality": "VNM",
        "commune": {"written": "Gia Sàng", "code": "05467", "scheme": "vn-2025"},
        "address": "Tổ 5",
        "phone": "0944713700",
        "travelled": False,
        **dict.fromkeys((*SIGNS, *MET), False),
        "consent": True,
        **changes,
    }


def test_a_draft_is_the_last_version_under_a_new_number(director: Client) -> None:
    row = draft(director)
    made = read(row.content)
    assert row.version == f"{timezone.localdate().year}.1"
    shipped = catalogue.version(POPULATION, "2022.1")
    assert [q.id for q in made.questions] == [q.id for q in shipped.questions]
    assert made.question("consent").version == "2026-07"


def test_the_next_citizen_gets_the_new_question_and_the_one_before_keeps_the_old_version(director: Client) -> None:
    citizen, later = Client(), Client()
    begin(citizen)  # opened the form before the new version
    row = draft(director)
    assert director.post(f"/declare/desk/forms/{row.pk}/question", a_question()).status_code == 302
    assert in_force(director, row).status_code == 302
    begin(later)
    assert 'name="mat_vi_giac"' in later.get("/declare/population/signs").content.decode()
    assert 'name="mat_vi_giac"' not in citizen.get("/declare/population/signs").content.decode()
    walk(citizen)
    send(citizen)
    old = Declaration.objects.get()
    assert (old.version, old.version_ended, old.result) == ("2022.1", True, "nothing")


def test_a_version_of_tomorrow_is_not_asked_today(director: Client) -> None:
    row = draft(director)
    director.post(f"/declare/desk/forms/{row.pk}/question", a_question())
    in_force(director, row, days=1)
    begin(Client())
    today = timezone.localdate()
    assert catalogue.in_force(today)[POPULATION][0].version == "2022.1"
    assert catalogue.in_force(today + timedelta(days=1))[POPULATION][0].version == row.version


def test_a_version_that_ended_while_the_person_was_offline_is_accepted_and_marked(director: Client) -> None:
    old = catalogue.version(POPULATION, "2022.1")
    in_force(director, draft(director))
    yesterday = timezone.now() - timedelta(days=1)
    new = NewDeclaration(old, answers(old), "self", "web", "device:1", yesterday)
    row = declare(new=new, by=None)
    assert row.version_ended
    assert row.result_rule == "vx.declaration.result.1"
    assert timezone.localdate(row.given_at) == timezone.localdate() - timedelta(days=1)


def test_what_follows_another_does_not_come_back_when_that_one_ends(director: Client) -> None:
    row = draft(director)
    today = timezone.localdate()
    content = {**row.content}
    content["orders"] = [{**content["orders"][0], "valid_to": (today + timedelta(days=2)).isoformat()}]
    form_actions.change(row=row, content=content, by=None)
    in_force(director, row)
    assert POPULATION in catalogue.in_force(today + timedelta(days=2))
    assert POPULATION not in catalogue.in_force(today + timedelta(days=3))


def test_what_is_in_force_is_never_changed(director: Client) -> None:
    row = draft(director)
    in_force(director, row)
    row.refresh_from_db()
    with pytest.raises(UserError) as refused:
        form_actions.change(row=row, content=row.content, by=None)
    assert refused.value.code == "rules.version-fixed"
    assert director.post(f"/declare/desk/forms/{row.pk}/question", a_question()).status_code == 422


def test_a_version_cannot_begin_yesterday(director: Client) -> None:
    row = draft(director)
    assert in_force(director, row, days=-1).status_code == 422
    assert RuleVersion.objects.get(pk=row.pk).state == "draft"


def try_it(client: Client, row: RuleVersion, sample: str, **changes: Any) -> Any:
    posted = {
        "full_name": "Ma Văn Tiến",
        "birth_year": "1950",
        "sex": "1",
        "nationality": "VNM",
        "commune": "Gia Sàng, Thái Nguyên",
        "commune-code": "vn-2025:05467",
        "address": "Xóm 2",
        "phone": "0944713701",
        "travelled": "no",
        **dict.fromkeys((*SIGNS, *MET), "no"),
        "consent": "yes",
        "sample": sample,
        **changes,
    }
    return client.post(f"/declare/desk/forms/{row.pk}/try", posted)


def test_a_form_is_tried_and_the_sample_guards_the_next_edits(director: Client) -> None:
    row = draft(director)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    page = try_it(director, row, "", cough="yes", onset=yesterday)
    assert "Trạm y tế sẽ gọi cho bạn" in page.content.decode()
    try_it(director, row, "có ho", cough="yes", onset=yesterday)
    row.refresh_from_db()
    assert [(one["name"], one["expects"]) for one in row.samples] == [("có ho", "signs")]
    director.post(
        f"/declare/desk/forms/{row.pk}/question", a_question()
    )  # asked, and the sample does not answer it
    assert in_force(director, row).status_code == 422
    row.refresh_from_db()
    assert row.state == "draft"
    assert "có ho" in director.get(f"/declare/desk/forms/{row.pk}").content.decode()


def test_a_question_that_others_hang_on_cannot_be_taken_out(director: Client) -> None:
    row = draft(director)
    reply = director.post(f"/declare/desk/forms/{row.pk}/question/travelled/move", {"do": "remove"})
    assert reply.status_code == 422
    row.refresh_from_db()
    assert "travelled" in [q.id for q in read(row.content).questions]


def test_questions_move_and_go(director: Client) -> None:
    row = draft(director)
    director.post(f"/declare/desk/forms/{row.pk}/question/cough/move", {"do": "up"})
    director.post(f"/declare/desk/forms/{row.pk}/question/pneumonia/move", {"do": "remove"})
    row.refresh_from_db()
    page = next(one for one in read(row.content).pages if one.id == "signs")
    assert [q.id for q in page.questions] == ["cough", "fever", "breathing", "throat", "fatigue", "onset"]


def test_a_new_wording_of_consent_is_a_new_version_of_its_text(director: Client) -> None:
    row = draft(director)
    fields = {
        "label_vi": "Tôi đồng ý",
        "label_en": "I agree",
        "type": "consent",
        "required": "on",
        "page": "consent",
    }
    director.post(f"/declare/desk/forms/{row.pk}/question/consent", {**fields, "hint_vi": "Mới", "hint_en": "New"})
    row.refresh_from_db()
    assert read(row.content).question("consent").version == row.version


def test_the_order_itself_names_areas(director: Client) -> None:
    row = draft(director)
    head = {
        "title_vi": "A", "title_en": "A", "summary_vi": "B", "summary_en": "B", "disease": "covid19",
        "window_days": "7", "areas": "26740", "territory": "VN", "languages": ["vi"], "basis_doc": "QĐ 3",
        "retention_days": "30", "who_vi": "Người về quê ăn Tết", "who_en": "People going home for Tết",
    }  # fmt: skip
    assert director.post(f"/declare/desk/forms/{row.pk}", head).status_code == 302
    in_force(director, row)
    form = catalogue.in_force(timezone.localdate())[POPULATION][0]
    stay = {
        "place": {"written": "", "code": "26740", "scheme": "vn-2025"},
        "from": timezone.localdate().isoformat(), "to": timezone.localdate().isoformat(),
    }  # fmt: skip
    new = NewDeclaration(form, answers(form, travelled=True, places=[stay]), "self", "web", "x", timezone.now())
    row_made = declare(new=new, by=None)
    assert row_made.result == "returnee"
    assert row_made.reasons[0]["params"]["basis"] == "QĐ 3"


@pytest.mark.parametrize(("role", "edits", "approves"), [("cdc-officer", 302, 403), ("commune-health", 403, 403)])
def test_who_edits_and_who_puts_in_force(client: Client, role: str, edits: int, approves: int) -> None:
    client.force_login(officer(role, "/19/"))
    assert client.post("/declare/desk/forms/new", {"form": POPULATION}).status_code == edits
    number = RuleVersion.objects.latest("pk").pk if edits == 302 else 1
    assert client.post(f"/declare/desk/forms/{number}/force", {"on": "2030-01-01"}).status_code == approves


def test_names_of_questions_are_made_of_their_label() -> None:
    content = {"pages": [{"id": "a", "questions": [{"id": "da_tiem"}]}]}
    assert editing.new_name(content, "Đã tiêm?") == "da_tiem_2"
    assert editing.new_name(content, "2 mũi") == "q_2_mui"
    assert answer  # the same helpers as for citizens
