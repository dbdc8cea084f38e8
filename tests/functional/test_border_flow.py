"""A traveller declares, the desk scans and decides, clocks run, a list is matched, a wrong rule is recalled."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vungxanh.border import entry_forms, queries, results
from vungxanh.border.actions import desk, entries, lists, rules
from vungxanh.border.models import Channel, Declaration, Draft, Hold, Recall, Result
from vungxanh.border.schemas import Given, ReviewIn
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Assignment, Officer, Person
from vungxanh.people.queries import masked
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db

FORM = "vn.entry@2026.1"
SIGNS = ("fever", "cough", "breath", "throat", "vomit", "diarrhoea", "bleeding", "rash")


def answers(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    told = {
        "gate": "HAN", "entry_on": today.isoformat(), "full_name": "Nguyễn Văn An", "document_kind": "passport",
        "document": "B1234567", "nationality": "VNM", "birth_year": 1990, "sex": "1", "mode": "air",
        "flight": "VN36", "seat": "12A", "crew": False, "connecting": False, "party": "alone", "lodging": "home",
        "from_country": "DEU",
        "departed_on": (today - timedelta(days=1)).isoformat(), "elsewhere": False, **dict.fromkeys(SIGNS, False),
        "animals": False, "near_ill": False, "tested": "none",
        "commune": {"written": "Phan Đình Phùng, Thái Nguyên", "code": "05443", "scheme": "new"},
        "address": "Tổ 5", "phone": "0944713700",
    }  # fmt: skip
    return {key: value for key, value in {**told, **changes}.items() if value is not None}


def declare(**changes: Any) -> Declaration:
    return entries.declare(given=Given(FORM, answers(**changes)))


def officer(name: str, role: str = "border-officer", path: str = "/01/") -> Officer:
    made = Officer.objects.create_user(name, name=name)
    Assignment.objects.create(officer=made, role=role, scope_path=path)
    return made


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


# ------------------------------------------------------------------ declaring


def test_a_declaration_keeps_no_name_outside_people() -> None:
    row = declare()
    assert not {"full_name", "document", "phone", "address", "commune", "birth_year", "sex"} & set(row.answers)
    assert Person.objects.get(pk=row.person).name.open() == "Nguyễn Văn An"
    assert (row.scope_path, row.scope_sector, row.flight, row.seat) == ("/01/gHAN/", "border", "VN36", "12A")
    assert AuditEvent.objects.filter(action="border:declaration:made").count() == 1


def test_the_result_is_explained_and_its_code_is_read_back() -> None:
    row = declare(near_ill=True)
    result = entries.current(row)
    assert result is not None
    assert result.class_id == "refer"
    said = results.explained(result, "vi")
    assert (said["name"], said["says"]) == ("Mời vào khám ngay", ["Đã ở gần người mắc bệnh truyền nhiễm"])
    text = results.code(result, masked([row.person], "vi")[row.person])
    assert "An" not in text
    assert results.read_code(text, timezone.now()) == (row.pk, "valid")
    assert results.read_code(text, result.expires_at + timedelta(minutes=2)) == (row.pk, "expired")
    assert results.read_code("VX1:BBB", timezone.now()) is None


def test_an_incomplete_declaration_is_refused_whole() -> None:
    with pytest.raises(UserError) as caught:
        declare(fever=None)
    assert caught.value.code == "border.not-complete"
    assert (Declaration.objects.count(), Person.objects.count()) == (0, 0)


def test_a_correction_is_a_new_row_and_the_old_one_stays() -> None:
    first = declare()
    second = entries.declare(given=Given(FORM, answers(fever=True, signs_since=timezone.localdate().isoformat())),
                             corrects=first)  # fmt: skip
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert (second.corrects_id, Declaration.objects.count()) == (first.pk, 2)


def test_the_same_person_under_two_passports_is_two_records_and_a_candidate() -> None:
    one, other = declare(), declare(document="C7654321")
    assert one.person != other.person
    assert one.document_hash != other.document_hash


def posted(page: str) -> dict[str, str]:
    """What a browser posts for a page when everything is answered as in `answers`."""
    said: dict[str, str] = {}
    form = entry_forms.form(FORM)
    for question in next(one for one in form.pages if one.id == page).questions:
        value = answers().get(question.id)
        if isinstance(value, bool):
            said[question.id] = "yes" if value else "no"
        elif isinstance(value, dict):
            said[question.id] = value["written"]
        elif value is not None:
            said[question.id] = str(value)
    return said


def test_the_pages_lead_to_a_result(client: Client) -> None:
    response = client.post(reverse("border:begin"))
    for page in entry_forms.form(FORM).pages:
        url = response["Location"]
        assert url.endswith(page.id)
        shown = [field["id"] for field in client.get(url).context["fields"]]
        response = client.post(url, posted(page.id) | {"shown": shown})
        if response.status_code == 200:  # the page asks for what its answers brought up
            shown = [field["id"] for field in response.context["fields"]]
            response = client.post(url, posted(page.id) | {"shown": shown})
        assert response.status_code == 302, (page.id, response.context and response.context["problems"])
    review = client.get(response["Location"])
    assert review.context["problems"] == []
    done = client.post(response["Location"])
    page_of_result = client.get(done["Location"])
    assert page_of_result.status_code == 200
    assert "Không có việc cần làm thêm" in page_of_result.content.decode()
    assert Draft.objects.count() == 0


def test_a_pre_arrival_record_is_brought_along(client: Client) -> None:
    response = client.post(reverse("border:begin"), {"record": '{"passport_number": "B1234567", "mode": "air"}'})
    assert response.status_code == 302
    assert entries.answers_of(Draft.objects.get()) == {
        "document": "B1234567", "document_kind": "passport", "mode": "air",
    }  # fmt: skip


def test_changing_the_means_drops_the_seat(client: Client) -> None:
    draft = entries.start(form=FORM, answers=answers())
    url = reverse("border:ask", args=[draft.token, "journey"])
    client.post(url, {"mode": "foot", "crew": "no", "shown": ["mode", "crew"]})
    draft.refresh_from_db()
    kept = entries.answers_of(draft)
    assert (kept["mode"], "seat" in kept, "flight" in kept) == ("foot", False, False)


def test_a_wrong_page_says_what_and_keeps_what_was_typed(client: Client) -> None:
    draft = entries.start(form=FORM, answers={"mode": "air"})
    url = reverse("border:ask", args=[draft.token, "journey"])
    response = client.post(url, {"mode": "air", "flight": "36", "seat": "00A", "crew": "no",
                                 "shown": ["mode", "flight", "seat", "crew"]})  # fmt: skip
    assert response.status_code == 422
    text = response.content.decode()
    assert "ví dụ: VN36" in text
    assert 'value="00A"' in text


def test_a_correction_asks_again_who_one_is(client: Client) -> None:
    row = declare()
    response = client.post(reverse("border:correct", args=[row.token]))
    problems = {page for page, _ in client.get(response["Location"]).context["problems"]}
    assert problems == {"name", "document", "about", "stay", "reach"}


# ------------------------------------------------------------------ the desk


MRZ = "P<VNMNGUYEN<<VAN<AN<<<<<<<<<<<<<<<<<<<<<<<<<\nB1234567<8VNM9002155M3002153<<<<<<<<<<<<<<02"


def test_a_scan_finds_the_entry_by_code_zone_number_or_seat(border: Officer) -> None:
    row = declare()
    result = entries.current(row)
    assert result is not None
    now = timezone.now()
    for text in (results.code(result, "N. V. An"), MRZ, "B1234567", "b 123 4567", "VN036 12a", "HVN36 12A"):
        found = queries.scanned(text, border, now)
        assert found is not None, text
        assert found.pk == row.pk
    assert queries.scanned("C0000000", border, now) is None


def test_another_gate_s_officer_finds_nothing() -> None:
    declare()
    other = officer("Nơi khác", path="/79/")
    assert queries.scanned("B1234567", other, timezone.now()) is None
    assert not queries.expected(other, timezone.localdate())


def test_a_release_is_written_once_and_the_commune_is_told(border: Officer) -> None:
    row = declare()
    made = desk.review(declaration=row, given=ReviewIn("release"), by=border)
    assert (made.class_before, made.outcome) == ("pass", "release")
    item = WorkItem.objects.get(kind="border-follow")
    assert (item.person, item.scope_path) == (row.person, "/19/05443/")
    result = entries.current(row)
    assert result is not None
    assert result.used_at is not None
    with pytest.raises(UserError) as caught:
        desk.review(declaration=row, given=ReviewIn("release"), by=border)
    assert caught.value.code == "border.already-reviewed"


def test_letting_go_whom_the_rule_would_not_needs_a_reason_and_a_second_officer(border: Officer) -> None:
    row, second = declare(near_ill=True), officer("Người thứ hai")
    for given, code in (
        (ReviewIn("release"), "border.reason-needed"),
        (ReviewIn("release", reason="đã khám"), "border.four-eyes"),
        (ReviewIn("release", reason="đã khám", second=border.pk), "border.four-eyes"),
    ):
        with pytest.raises(UserError) as caught:
            desk.review(declaration=row, given=given, by=border)
        assert caught.value.code == code
    made = desk.review(declaration=row, given=ReviewIn("release", reason="đã khám", second=second.pk), by=border)
    assert made.second_by == second.pk


def test_a_hold_runs_its_clocks_and_each_step_is_done_once(border: Officer) -> None:
    row = declare(near_ill=True)
    desk.review(declaration=row, given=ReviewIn("hold"), by=border)
    hold = Hold.objects.get()
    assert [one.state for one in queries.readings(hold, hold.started_at)] == [
        "running",
        "waiting",
        "running",
        "running",
    ]
    hold = desk.step(hold=hold, name="list", by=border)
    with pytest.raises(UserError) as caught:
        desk.step(hold=hold, name="decision", by=border)
    assert caught.value.code == "border.name-needed"
    hold = desk.step(hold=hold, name="decision", decided_by_name="Trần Thị B", by=border)
    with pytest.raises(UserError) as caught:
        desk.step(hold=hold, name="list", by=border)
    assert caught.value.code == "border.step-done"
    late = queries.readings(hold, hold.started_at + timedelta(minutes=2881))
    assert [one.state for one in late] == ["done", "done", "done", "over"]
    assert list(queries.held(border)) == [hold]
    desk.step(hold=hold, name="transfer", by=border)
    assert not queries.held(border)


def test_the_desk_s_pages(client: Client, border: Officer) -> None:
    row = declare(near_ill=True)
    client.force_login(border)
    assert "N. V. An" in client.get(reverse("border:desk")).content.decode()
    response = client.post(reverse("border:scan"), {"code": "B1234567"})
    screen = client.get(response["Location"]).content.decode()
    assert "Nguyễn Văn An" in screen
    assert "Mời vào khám ngay" in screen
    refused = client.post(response["Location"], {"outcome": "release"})
    assert refused.status_code == 422
    client.post(response["Location"], {"outcome": "hold", "temperature": "38.5"})
    assert "Lập danh sách" in client.get(response["Location"]).content.decode()
    assert client.post(reverse("border:scan"), {"code": "xyz"})["Location"].endswith("missing=1")
    client.post(reverse("border:step", args=[row.pk]), {"step": "list"})
    assert Hold.objects.get().list_at is not None


def test_nobody_sees_the_desk_without_the_permission(client: Client) -> None:
    declare()
    assert client.get(reverse("border:desk")).status_code == 302
    client.force_login(officer("truyền thông", "communicator", "/"))
    assert client.get(reverse("border:desk")).status_code == 403


def test_looking_at_an_entry_is_recorded(client: Client, border: Officer) -> None:
    row = declare()
    client.force_login(border)
    client.get(reverse("border:entry", args=[row.pk]))
    looked = AuditEvent.objects.get(action="people:person:revealed", by=border.pk)
    assert (looked.subject, looked.purpose) == (f"person:{row.person}", "entry review")


# ------------------------------------------------------------------ passenger lists


def test_a_carrier_s_list_says_who_has_not_declared(client: Client, border: Officer) -> None:
    row = declare()
    declare(full_name="Trần Thị Bình", document="C7654321", seat="14C", birth_year=1985, sex="2")
    raw = (
        b"Passenger name;Passport no;DOB;Seat\nNGUYEN/VAN AN MR;B1234567;15/02/1990;12A\n"
        b"TRAN THI BINH;C7654321;01/01/1985;15C\nLE VAN CUONG;P0000001;1/1/1970;1A\nPHAM D;1,2E+11;31/02/1990;2A\n"
    )
    taken = lists.take(content=raw, file_name="vn36.csv", gate="HAN", flight="HVN036",
                       entry_on=timezone.localdate(), by=border)  # fmt: skip
    found = {line.line: line for line in queries.lines(taken, border)}
    assert {number: line.state for number, line in found.items()} == {
        2: "declared",
        3: "differs",
        4: "missing",
        5: "fault",
    }
    assert (found[3].differences, found[2].declaration_id) == (["seat"], row.pk)
    assert found[5].person is None
    client.force_login(border)
    page = client.get(reverse("border:list", args=[taken.pk])).content.decode()
    assert "chưa khai" in page
    assert "L. V. CUONG" in page


# ------------------------------------------------------------------ recall


def exempting_rule() -> dict[str, Any]:
    """A wrong version: somebody forgot that only crew are exempt, and sends everybody to a health check."""
    import tomllib
    from importlib import resources

    raw = tomllib.loads(
        (resources.files("vungxanh.border") / "data" / "results" / "vn-entry-2026.toml").read_text("utf-8")
    )
    wrong = {"id": "everybody", "class": "refer", "says": {"vi": "Mọi người", "en": "Everybody"},
             "when": [{"question": "crew", "equals": False}]}  # fmt: skip
    return {**raw, "version": "2", "valid_from": "2026-07-02", "clauses": [wrong, *raw["clauses"]]}


def test_a_wrong_rule_is_withdrawn_and_everybody_it_touched_is_told(client: Client) -> None:
    director = officer("Giám đốc", "cdc-director", "/")
    before = declare(document="A0000001")
    rules.put_in_force(body=exempting_rule(), by=director)
    touched = [declare(document=f"D000000{number}") for number in range(3)]
    crew = declare(document="E0000001", crew=True)
    ill = declare(document="F0000001", near_ill=True)
    assert [entries.current(row).class_id for row in (before, *touched, crew, ill)] == [  # type: ignore[union-attr]
        "pass", "refer", "refer", "refer", "pass", "refer",
    ]  # fmt: skip
    recall = rules.withdraw(key="vn.entry.2026@2", reason="Quên điều kiện tổ bay", by=director)
    assert (recall.touched, recall.changed) == (5, 3)
    assert [entries.current(row).class_id for row in (before, *touched, crew, ill)] == [  # type: ignore[union-attr]
        "pass", "pass", "pass", "pass", "pass", "refer",
    ]  # fmt: skip
    items = WorkItem.objects.filter(kind="border-recall")
    assert {item.person for item in items} == {row.person for row in touched}
    assert {item.scope_path for item in items} == {"/19/05443/"}
    assert Result.objects.filter(recall=recall).count() == 5
    page = client.get(reverse("border:result", args=[touched[0].token])).content.decode()
    assert "Quên điều kiện tổ bay" in page
    result = entries.current(touched[0])
    assert result is not None
    assert result.told_at is not None
    event = AuditEvent.objects.get(action="border:rule:withdrawn")
    assert event.facts == {"changed": 3, "messages": 3, "touched": 5}


def test_the_last_rule_cannot_be_withdrawn_from_under_results() -> None:
    director = officer("Giám đốc", "cdc-director", "/")
    declare()
    with pytest.raises(UserError) as caught:
        rules.withdraw(key="vn.entry.2026@1", reason="x", by=director)
    assert caught.value.code == "border.no-rule"
    assert Recall.objects.count() == 0


def test_only_who_approves_rules_may_withdraw(border: Officer) -> None:
    with pytest.raises(UserError) as caught:
        rules.withdraw(key="vn.entry.2026@1", reason="x", by=border)
    assert caught.value.code == "people.not-allowed"


def test_a_certificate_of_an_unknown_signer_is_kept_with_its_verdict() -> None:
    from tests.unit.test_codes_certificates import P256, certified

    row = declare()
    shown = entries.add_certificate(declaration=row, text=certified(P256, b"12345678"))
    kept = row.certificates.get()
    assert (shown.verdict, kept.verdict, kept.name_agrees) == ("unknown-signer", "unknown-signer", False)
    assert "ci" not in kept.entry
    assert row.channel == Channel.WEB


def test_the_device_stands_for_the_traveller_on_the_first_page_until_it_is_wiped(client: Client) -> None:
    draft = entries.start(form=FORM, answers=answers())
    client.post(reverse("border:check", args=[draft.token]))
    row = Declaration.objects.get()
    link = reverse("border:result", args=[row.token])
    assert link in client.get("/").content.decode()
    assert link not in Client().get("/").content.decode()
    client.post(reverse("wipe"))
    assert link not in client.get("/").content.decode()
