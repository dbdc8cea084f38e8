"""A citizen declares in a browser without JavaScript, and the commune has the right person on its list."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.codes.signed import Verdict, verify
from vungxanh.core import retention
from vungxanh.core.minutes import floor_minute
from vungxanh.declarations import actions
from vungxanh.declarations.models import Declaration, Draft
from vungxanh.declarations.shown import code_of
from vungxanh.declarations.signing import signing_key
from vungxanh.people.models import Assignment, Officer, Person
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db

SIGNS = ("fever", "cough", "breathing", "pneumonia", "throat", "fatigue")
MET = ("met_patient", "met_traveller", "met_ill")


def answer(client: Client, page: str, **fields: Any) -> Any:
    """Post a page as it is shown: what was on it is named in `asked`."""
    url = f"/declare/population/{page}"
    asked = client.get(url).context["asked"]
    return client.post(url, {"asked": asked, **fields})


def begin(client: Client, whom: str = "self") -> Any:
    return client.post("/declare/population/", {"whom": whom})


def walk(client: Client, *, fever: str = "no", met_patient: str = "no") -> None:
    """From the name to the last look, nobody travelled."""
    answer(client, "name", full_name="Nông Thị Lan")
    answer(client, "document", document="")
    answer(client, "about", birth_year="1990", sex="2", nationality="VNM")
    answer(
        client, "residence", commune="Gia Sàng, Thái Nguyên", **{"commune-code": "vn-2025:05467"}, address="Tổ 5"
    )
    answer(client, "reach", phone="0944 713 700")
    answer(client, "travel", travelled="no")
    signs = {**dict.fromkeys(SIGNS, "no"), "fever": fever}
    answer(client, "signs", **signs)
    if fever == "yes":
        answer(client, "signs", **signs, onset=(timezone.localdate() - timedelta(days=2)).isoformat())
    met = {**dict.fromkeys(MET, "no"), "met_patient": met_patient}
    answer(client, "contact", **met)
    answer(client, "contact", **met)
    answer(client, "consent", consent="yes")


def send(client: Client) -> Any:
    return client.post("/declare/population/review", follow=True)


def test_the_first_page_offers_what_is_in_force_and_its_basis(client: Client) -> None:
    page = client.get("/declare/").content.decode()
    assert "Khai báo y tế toàn dân" in page
    assert "TT 15/2026/TT-BYT" in page
    assert "di chuyển nội địa" not in page  # no order of today asks for it


def test_a_healthy_person_declares_and_nothing_is_due(client: Client) -> None:
    begin(client)
    walk(client)
    page = send(client).content.decode()
    assert "Đã nhận tờ khai" in page
    assert "không xác nhận là bạn không mắc bệnh" in page
    row = Declaration.objects.get()
    assert row.result == "nothing"
    assert row.scope_path == "/19/05467/"
    assert not WorkItem.objects.exists()
    assert not Draft.objects.exists()


def test_names_and_numbers_stand_with_the_person_and_not_with_the_declaration(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    kept = Declaration.objects.get().answers.open()
    assert "Lan" not in kept
    assert "944" not in kept
    assert "fever" in kept
    assert Person.objects.get().name.open() == "Nông Thị Lan"


def test_a_fever_asks_for_its_day_and_puts_a_call_on_the_communes_list(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    page = send(client).content.decode()
    assert "Trạm y tế sẽ gọi cho bạn" in page
    item = WorkItem.objects.get()
    assert item.kind == "symptom.call"
    assert item.scope_path == "/19/05467/"
    assert timedelta(hours=23) < item.due - timezone.now() < timedelta(hours=24)


def test_the_day_of_onset_appears_without_an_error_first(client: Client) -> None:
    begin(client)
    signs = {**dict.fromkeys(SIGNS, "no"), "cough": "yes"}
    page = answer(client, "signs", **signs)
    assert page.status_code == 200
    assert 'name="onset"' in page.content.decode()
    assert page.context["errors"] == []
    again = answer(client, "signs", **signs)
    assert again.status_code == 422
    assert "ngày, tháng, năm" in again.content.decode()


def test_nothing_is_preselected(client: Client) -> None:
    begin(client)
    for name in ("about", "travel", "signs", "contact", "consent"):
        page = client.get(f"/declare/population/{name}").content.decode()
        assert "checked" not in page


def test_an_unanswered_sign_is_a_fault_and_not_a_no(client: Client) -> None:
    begin(client)
    page = answer(client, "signs", fever="no")
    assert page.status_code == 422
    assert [one.id for one in page.context["errors"]] == ["cough", "breathing", "pneumonia", "throat", "fatigue"]


def test_a_commune_name_of_several_asks_which(client: Client) -> None:
    begin(client)
    page = answer(client, "residence", commune="Tân An", address="x")
    assert page.status_code == 422
    assert "Hãy chọn đúng nơi" in page.content.decode()
    assert "Xã Tân An, Tỉnh Tuyên Quang" in page.content.decode()


def itinerary(place: str, days_ago: int, **more: str) -> dict[str, str]:
    day = (timezone.localdate() - timedelta(days=days_ago)).isoformat()
    return {
        "travelled": "yes",
        "places-rows": "1",
        "places-0-place": place,
        "places-0-from": day,
        "places-0-to": day,
        "places-0-means": "coach",
        **more,
    }


def returnee(client: Client, place: str, days_ago: int) -> Declaration:
    begin(client)
    walk(client)
    answer(client, "travel", travelled="yes")
    answer(client, "travel", **itinerary(place, days_ago))
    send(client)
    return Declaration.objects.latest("pk")


def list_area(code: str, days_ago: int, until: int | None = None) -> None:
    today = timezone.localdate()
    actions.list_area(
        disease="covid19",
        code=code,
        since=today - timedelta(days=days_ago),
        until=None if until is None else today - timedelta(days=until),
        basis="QĐ 1/QĐ-DT",
        by=None,
    )


def test_somebody_back_from_a_listed_area_is_on_the_list_with_from_where(client: Client) -> None:
    list_area("26740", 10)
    row = returnee(client, "Bến Nghé, Thành phố Hồ Chí Minh", 5)
    assert row.result == "returnee"
    item = WorkItem.objects.get()
    assert item.kind == "returnee.visit"
    assert "Phường Sài Gòn" in item.reason
    assert "QĐ 1/QĐ-DT" in item.reason


def test_a_listed_province_covers_its_communes(client: Client) -> None:
    list_area("79", 10)
    assert returnee(client, "Bến Nghé, Thành phố Hồ Chí Minh", 5).result == "returnee"


@pytest.mark.parametrize(("listed", "until", "stayed"), [(3, None, 5), (10, 8, 5)])
def test_a_stay_before_or_after_the_listing_is_none(client: Client, listed: int, until: int, stayed: int) -> None:
    list_area("26740", listed, until)
    assert returnee(client, "Bến Nghé, Thành phố Hồ Chí Minh", stayed).result == "nothing"


def test_rows_of_places_are_added_and_removed_without_javascript(client: Client) -> None:
    begin(client)
    answer(client, "travel", travelled="yes")
    page = answer(client, "travel", **itinerary("Bến Nghé, Thành phố Hồ Chí Minh", 3), do="add")
    assert len(page.context["fields"][1].rows) == 2
    back = answer(client, "travel", **itinerary("Bến Nghé, Thành phố Hồ Chí Minh", 3), do="remove-0")
    assert [row.place for row in back.context["fields"][1].rows] == [""]


def test_an_answer_taken_back_takes_what_hung_on_it(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    answer(client, "signs", **dict.fromkeys(SIGNS, "no"))
    send(client)
    assert Declaration.objects.get().result == "nothing"


def test_sending_twice_declares_once(client: Client) -> None:
    begin(client)
    walk(client)
    cookie = client.cookies["vx_draft"].value
    send(client)
    client.cookies["vx_draft"] = cookie
    send(client)
    assert Declaration.objects.count() == 1


def test_a_page_too_far_ahead_leads_back_to_what_is_missing(client: Client) -> None:
    begin(client)
    answer(client, "name", full_name="Lan")
    assert client.get("/declare/population/review").url == "/declare/population/about"  # type: ignore[attr-defined]


def test_the_code_says_result_and_expiry_and_no_number(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    row = Declaration.objects.get()
    found = verify(code_of(row), [signing_key().public_key()], floor_minute(row.given_at) + 1)
    assert found is not None
    assert found.verdict is Verdict.VALID
    assert found.statement.body == {"r": "nothing", "i": "NTL", "s": 2, "y": 1990, "d": row.pk}


def test_the_family_is_remembered_on_the_device_and_declares_in_three_pages(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    person = Person.objects.get().pk
    page = client.get("/declare/population/").content.decode()
    assert "N. T. Lan, nữ, 1990" in page
    reply = client.post("/declare/population/", {"whom": str(person)})
    assert reply.url == "/declare/population/travel"
    answer(client, "travel", travelled="no")
    answer(client, "signs", **dict.fromkeys(SIGNS, "no"))
    answer(client, "contact", **dict.fromkeys(MET, "no"))
    answer(client, "consent", consent="yes")
    send(client)
    assert list(Declaration.objects.values_list("person", flat=True)) == [person, person]
    assert Person.objects.count() == 1


def test_a_correction_replaces_and_takes_back_what_was_due(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    page = send(client)
    token = page.redirect_chain[-1][0].rsplit("/", 1)[-1]
    client.post(f"/declare/result/{token}/correct")
    answer(client, "signs", **dict.fromkeys(SIGNS, "no"))
    send(client)
    first, second = Declaration.objects.order_by("pk")
    assert second.corrects == first
    assert second.result == "nothing"
    assert WorkItem.objects.get().state == "cancelled"
    assert client.post(f"/declare/result/{token}/correct").status_code == 404


def test_a_withdrawal_removes_the_answers_and_what_was_due(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    token = send(client).redirect_chain[-1][0].rsplit("/", 1)[-1]
    client.post(f"/declare/result/{token}/withdraw")
    row = Declaration.objects.get()
    assert row.withdrawn_at is not None
    assert row.answers.open() == "{}"
    assert WorkItem.objects.get().state == "cancelled"


def test_another_device_sees_a_result_and_changes_nothing(client: Client) -> None:
    begin(client)
    walk(client)
    token = send(client).redirect_chain[-1][0].rsplit("/", 1)[-1]
    other = Client()
    assert other.get(f"/declare/result/{token}").status_code == 200
    assert other.post(f"/declare/result/{token}/correct").status_code == 404
    assert other.post(f"/declare/result/{token}/withdraw").status_code == 404
    assert other.get("/declare/result/1").status_code == 404


def test_wiping_the_device_forgets_everybody(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    client.post("/declare/forget")
    assert "Lan" not in client.get("/declare/population/").content.decode()


def officer(role: str, path: str) -> Officer:
    made = Officer.objects.create_user(f"{role}{path}", password="x", name="A")
    Assignment.objects.create(officer=made, role=role, scope_path=path)
    return made


def test_retention_removes_what_is_over(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    Declaration.objects.update(delete_after=timezone.now() - timedelta(days=1))
    assert retention.forget("declarations")["declarations"] == 1
    assert not Declaration.objects.exists()


def test_the_paper_twin_is_a_pdf(client: Client) -> None:
    reply = client.get("/declare/population/paper.pdf")
    assert reply["Content-Type"] == "application/pdf"
    assert reply.content.startswith(b"%PDF")


def test_a_known_person_who_moved_stays_one_person_and_the_list_of_the_new_commune_has_them(
    client: Client,
) -> None:
    begin(client)
    walk(client)
    send(client)
    person = Person.objects.get().pk
    client.post("/declare/population/", {"whom": str(person)})
    moved = {"commune": "Phan Đình Phùng, Thái Nguyên", "commune-code": "vn-2025:05443", "address": "Tổ 9"}
    answer(client, "residence", **moved)
    answer(client, "travel", travelled="no")
    answer(client, "signs", **dict.fromkeys(SIGNS, "no"))
    answer(client, "contact", **dict.fromkeys(MET, "no"))
    answer(client, "consent", consent="yes")
    send(client)
    row = Declaration.objects.latest("pk")
    assert row.person == person
    assert row.scope_path == "/19/05443/"
    assert "Tổ 9" in row.answers.open()
    assert Person.objects.count() == 1
