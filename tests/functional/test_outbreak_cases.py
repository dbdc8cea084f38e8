"""The workbench's first storey: a case in, the exposed out with reasons, corrections, the workbook."""

import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from django.shortcuts import resolve_url
from django.test import Client
from pytest_django import Settings
from python_calamine import CalamineWorkbook
from tests.outbreak_world import PROVINCE, World, make_officer, make_world

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.outbreak import actions, exposed
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import NewCase
from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db
VI = {"Accept-Language": "vi"}
EN = {"Accept-Language": "en"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.officer)
    return client


def actions_of(case: Case) -> list[str]:
    found = AuditEvent.objects.filter(subject=f"case:{case.pk}").order_by("seq")
    return list(found.values_list("action", flat=True))


def test_case_needs_a_day_and_who_says_so(world: World) -> None:
    with pytest.raises(UserError, match="day of onset") as missing:
        actions.create_case(by=world.officer, new=NewCase(person=world.lan))
    assert (missing.value.code, missing.value.field) == ("outbreak.day-needed", "onset")
    with pytest.raises(UserError) as unsaid:
        actions.create_case(by=world.officer, new=NewCase(person=world.lan, onset=date(2022, 5, 3)))
    assert unsaid.value.code == "outbreak.provenance-needed"
    with pytest.raises(UserError) as future:
        actions.create_case(by=world.officer, new=NewCase(person=world.lan, sampled=date(2999, 1, 1)))
    assert future.value.code == "outbreak.day-to-come"
    assert Case.objects.count() == 0


def test_second_open_case_of_one_disease_is_refused_and_named(world: World) -> None:
    case = world.open_case()
    with pytest.raises(UserError) as twice:
        world.open_case()
    assert twice.value.params["case"] == case.pk
    actions.withdraw_case(by=world.officer, case=case, why="false positive")
    assert world.open_case().pk != case.pk


def test_case_lies_where_its_person_lives(world: World) -> None:
    assert world.open_case().scope_path == f"{PROVINCE}05443/"


def test_corrections_keep_history_and_are_audited(world: World) -> None:
    case = world.open_case()
    with pytest.raises(UserError) as silent:
        actions.correct_onset(
            by=world.officer, case=case, onset=date(2022, 5, 1), provenance="record", sampled=None, why=" "
        )
    assert silent.value.code == "outbreak.reason-needed"
    actions.correct_onset(
        by=world.officer, case=case, onset=date(2022, 5, 1), provenance="record", sampled=None, why="chart"
    )
    change = case.changes.get(field="onset")
    assert (change.before, change.after, change.why, change.by) == (
        "2022-05-03",
        "2022-05-01",
        "chart",
        world.officer.pk,
    )
    assert actions_of(case) == ["outbreak:case:created", "outbreak:case:corrected"]
    actions.withdraw_case(by=world.officer, case=case, why="wrong sample")
    with pytest.raises(UserError) as gone:
        actions.isolate(by=world.officer, case=case, at=datetime(2022, 5, 4).astimezone(), why="late")
    assert gone.value.code == "outbreak.case-withdrawn"


def test_case_page_names_the_exposed_with_evidence_in_words(desk: Client, world: World) -> None:
    case = world.open_case()
    page = desk.get(f"/cases/{case.pk}", headers=VI).content.decode()
    assert "N. T. Lan, nữ, 1990" in page
    assert "36 phút tại Sạp 12, Chợ Thái, Thứ Ba 3/5, 09:10–09:46" in page
    assert "20 phút tại Phòng họp tầng 2, Thứ Hai 2/5, 14:40–15:00; quy tắc vn.covid19.f1.1909 c" in page
    assert "sống cùng hộ gia đình" in page
    assert "Nguyễn Thị Lan" not in page
    english = desk.get(f"/cases/{case.pk}", headers=EN).content.decode()
    assert "36 minutes at Sạp 12, Chợ Thái, Tue 3 May, 09:10–09:46" in english


def test_window_stands_with_its_rule_and_basis(desk: Client, world: World) -> None:
    page = desk.get(f"/cases/{world.open_case().pk}", headers=VI).content.decode()
    assert "Chủ nhật 1/5, 00:00" in page
    assert "CV 1909/BYT-DP" in page


def test_classes_follow_the_chain(desk: Client, world: World) -> None:
    case = world.open_case()
    answer = desk.get(f"/cases/{case.pk}", headers=VI)
    classes = {row.contact: row.generation for row in answer.context["seen"].result.rows}
    assert classes == {world.hung: 1, world.mai: 1, world.nam: 1, world.binh: 2}
    only = desk.get(f"/cases/{case.pk}?generation=2", headers=VI)
    assert [row.contact for row in only.context["seen"].rows] == [world.binh]
    sure = desk.get(f"/cases/{case.pk}?generation=1&certainty=0", headers=VI)
    assert {row.contact for row in sure.context["seen"].rows} == {world.mai, world.nam}


def test_more_minutes_trace_again_and_show_the_difference(desk: Client, world: World) -> None:
    """25 minutes asked: Mai's 20 fall away, and with her Bình; Hùng's 36 and the household stay."""
    case = world.open_case()
    answer = desk.get(f"/cases/{case.pk}/exposed?least=25", headers=VI)
    assert {row.contact for row in answer.context["seen"].rows} == {world.hung, world.nam}
    assert {row.contact for row in answer.context["seen"].change.gone} == {world.mai, world.binh}
    assert "0 người thêm, 2 người bớt" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_another_rule_may_be_tried(desk: Client, world: World) -> None:
    case = world.open_case()
    answer = desk.get(f"/cases/{case.pk}/exposed?rule=vn.covid19.f1.3468", headers=VI)
    assert answer.context["seen"].rule.id == "vn.covid19.f1.3468"
    nonsense = desk.get(f"/cases/{case.pk}/exposed?rule=no.such&generations=99", headers=VI)
    assert nonsense.context["seen"].rule.id == "vn.covid19.f1.1909"


def test_corrected_onset_moves_the_window_and_the_exposed(desk: Client, world: World) -> None:
    case = world.open_case()
    fields = {"onset": "2022-05-05", "onset_provenance": "record", "sampled": "", "why": "second interview"}
    assert desk.post(f"/cases/{case.pk}/days", fields).status_code == 302
    answer = desk.get(f"/cases/{case.pk}", headers=VI)
    assert {row.contact for row in answer.context["seen"].rows} == {world.hung, world.nam}


def test_days_on_which_someone_was_where_with_how_many(desk: Client, world: World) -> None:
    days = desk.get(f"/cases/{world.open_case().pk}", headers=VI).context["seen"].days
    assert [(day.date, [item.text for item in day.items]) for day in days] == [
        ("Thứ Hai 2/5", ["14:00–15:00 (60 phút) Phòng họp tầng 2"]),
        ("Thứ Ba 3/5", ["09:00–10:00 (60 phút) Sạp 12, Chợ Thái"]),
    ]
    assert [item.note for day in days for item in day.items] == ["1 người tiếp xúc", "1 người tiếp xúc"]


def test_officer_of_another_province_sees_nothing(client: Client, world: World) -> None:
    case = world.open_case()
    client.force_login(make_officer("other", path="/01/"))
    assert client.get(f"/cases/{case.pk}").status_code == 404
    assert client.get(f"/cases/{case.pk}/exposed").status_code == 404
    assert client.get(f"/cases/{case.pk}/contacts.xlsx").status_code == 404
    assert client.get("/cases/").context["listing"].total == 0


@pytest.mark.parametrize("role", ["chairman", "industry-trade-officer", "operator", "auditor"])
def test_who_may_see_no_medical_row_may_open_no_page(client: Client, world: World, role: str) -> None:
    case = world.open_case()
    client.force_login(make_officer("someone", role=role))
    assert client.get("/cases/").status_code == 403
    assert client.get(f"/cases/{case.pk}").status_code == 403


def test_nobody_enters_without_logging_in(client: Client, world: World, settings: Settings) -> None:
    answer = client.get("/cases/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(resolve_url(settings.LOGIN_URL))
    assert answer["Location"].endswith("?next=/cases/")


def test_opening_a_case_by_the_forms(desk: Client, world: World) -> None:
    found = desk.get("/cases/new", {"q": "le thi mai"}, headers=VI).content.decode()
    assert f"/cases/new/{world.mai}" in found
    refused = desk.post(f"/cases/new/{world.mai}", {"onset": "2022-05-06"}, headers=VI)
    assert "Hãy cho biết ai nói ngày khởi phát" in refused.content.decode()
    done = desk.post(f"/cases/new/{world.mai}", {"onset": "2022-05-06", "onset_provenance": "patient"})
    assert done["Location"] == f"/cases/{Case.objects.get(person=world.mai).pk}"


def test_registering_somebody_new_on_the_way(desk: Client, world: World) -> None:
    answer = desk.post("/cases/new", {"name": "Y Blô", "sex": "1", "birth_year": "1999", "phone": ""})
    assert answer["Location"].startswith("/cases/new/")


def test_reading_a_case_is_recorded(desk: Client, world: World) -> None:
    case = world.open_case()
    desk.get(f"/cases/{case.pk}")
    assert actions_of(case)[-1] == "outbreak:case:read"


def test_case_without_any_evidence_says_what_to_do(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.open_case()
    monkeypatch.setattr(exposed, "lake_dir", lambda: Path("/nonexistent"))
    assert "Chưa có dữ liệu tiếp xúc" in desk.get(f"/cases/{case.pk}", headers=VI).content.decode()


def test_workbook_is_read_alike_by_two_readers(desk: Client, world: World, settings: Settings) -> None:
    settings.DEMO = True
    case = world.open_case()
    content = desk.get(f"/cases/{case.pk}/contacts.xlsx", headers=VI).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert str(sheet["A1"].value).startswith("DIỄN TẬP – KHÔNG CÓ THẬT")
    assert "DIỄN TẬP" in str(sheet.oddHeader.center.text)
    first = rows[0]
    assert first[0] == str(world.nam)  # ids are text, so that no digit is lost
    hung = next(row for row in rows if row[0] == str(world.hung))
    assert (hung[1], hung[2], hung[5]) == ("T. V. Hùng, nam, 1985", "F1", 36)
    assert hung[3] == datetime.fromisoformat("2022-05-03T09:10")
    other = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[3:]
    assert [list(row) for row in rows] == [[as_openpyxl(cell) for cell in row] for row in other]


def as_openpyxl(cell: object) -> object:
    """The second reader gives a midnight as a date and an empty cell as empty text."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return None if cell == "" else cell


def test_export_needs_its_permission_and_is_recorded(client: Client, desk: Client, world: World) -> None:
    case = world.open_case()
    desk.get(f"/cases/{case.pk}/contacts.xlsx")
    assert actions_of(case)[-1] == "outbreak:contacts:exported"
    station: Officer = make_officer("station", role="commune-health", path=f"{PROVINCE}05443/")
    client.force_login(station)
    assert client.get(f"/cases/{case.pk}/contacts.xlsx").status_code == 403
