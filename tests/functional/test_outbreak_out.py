"""What leaves: lists that come back unchanged, R, map, FHIR, calendar, pseudonyms, reports on their way."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.functional.test_outbreak_import import ROWS, bring, workbook
from tests.outbreak_world import make_officer

from vungxanh.core.models import AuditEvent
from vungxanh.exchange import xlsx
from vungxanh.outbreak.models import Case, Submission
from vungxanh.outbreak.out import report_actions, reports
from vungxanh.people.models import Officer
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db: None, client: Client) -> Officer:
    made = make_officer()
    client.force_login(made)
    bring(made, workbook(ROWS))
    return made


def test_our_own_export_comes_back_unchanged(client: Client, officer: Officer) -> None:
    content = client.get("/cases/export/cases.xlsx?names=1").content
    again = bring(officer, content, sender="somebody else")
    assert again.counts["same"] == 2, again.counts
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    onset = sheet.cell(2, head.index("ngày khởi phát") + 1)
    assert onset.value.date() == date(2022, 5, 3)  # a real date, not text
    assert sheet.cell(2, head.index("CCCD/CMND") + 1).value == "019090001234"


def test_pseudonymised_export_names_nobody(client: Client, officer: Officer) -> None:
    before = AuditEvent.objects.filter(action="people:person:revealed").count()
    text = client.get("/cases/export/cases.csv").content.decode()
    assert "P-" in text
    for secret in ("Nguyễn Thị Lan", "+84912345678", "019090001234"):
        assert secret not in text
    assert AuditEvent.objects.filter(action="people:person:revealed").count() == before
    assert text == client.get("/cases/export/cases.csv").content.decode()
    assert "Nguyễn Thị Lan" in client.get("/cases/export/cases.csv?names=1").content.decode()
    assert AuditEvent.objects.filter(action="people:person:revealed").count() == before + 2


def test_tables_for_r(client: Client, officer: Officer) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get("/cases/export/linelist.zip").content))
    linelist = list(csv.DictReader(io.StringIO(archive.read("linelist.csv").decode())))
    assert [row["date_onset"] for row in linelist] == ["2022-05-03", "2022-05-06"]
    contacts = list(csv.DictReader(io.StringIO(archive.read("contacts.csv").decode())))
    assert [(row["from"], row["to"]) for row in contacts] == [(linelist[0]["id"], linelist[1]["id"])]


def test_map_of_counts(client: Client, officer: Officer) -> None:
    found = json.loads(client.get("/cases/export/areas.geojson").content)
    [feature] = found["features"]
    assert feature["properties"]["cases"] == 2
    assert feature["geometry"]["type"] == "Point"


def test_more_cases_than_a_bundle_holds_are_several_bundles(
    client: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cases, one a bundle: no case is left out silently; beyond the archive's bound it says so."""
    from vungxanh.outbreak.out import pages

    monkeypatch.setattr(pages, "MOST_IN_BUNDLE", 1)
    refused = client.get("/cases/export/bundle.json", headers={"Accept-Language": "vi"})
    assert "bundles.zip" in refused.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(client.get("/cases/export/bundles.zip").content))
    assert archive.namelist() == ["bundle-001.json", "bundle-002.json"]
    kinds = [
        [entry["resource"]["resourceType"] for entry in json.loads(archive.read(name))["entry"]]
        for name in archive.namelist()
    ]
    assert [one.count("Patient") for one in kinds] == [1, 1]
    monkeypatch.setattr(pages, "MOST_IN_BUNDLES", 1)
    refused = client.get("/cases/export/bundles.zip", headers={"Accept-Language": "vi"})
    assert "2 ca; tệp này chứa tối đa 1 ca" in refused.content.decode()


def test_fhir_bundle_is_valid_and_pseudonymous(client: Client, officer: Officer) -> None:
    text = client.get("/cases/export/bundle.json").content.decode()
    kinds = [entry["resource"]["resourceType"] for entry in json.loads(text)["entry"]]
    assert kinds.count("Patient") == 2
    assert kinds.count("Observation") == 2  # the test and its Ct value
    assert "Provenance" in kinds
    assert "Lan" not in text


def test_calendar_has_no_name(client: Client, officer: Officer) -> None:
    text = client.get("/cases/export/calendar.ics").content.decode()
    assert text.startswith("BEGIN:VCALENDAR")
    assert "Lan" not in text


def test_another_province_takes_nothing(client: Client, officer: Officer) -> None:
    client.force_login(make_officer("far", path="/01/"))
    assert "P-" not in client.get("/cases/export/cases.csv").content.decode()


def test_reports_are_due_by_the_list_of_diseases() -> None:
    found = timezone.make_aware(timezone.datetime(2026, 7, 6, 8))  # a Monday
    assert reports.deadline("covid19", found) - found == timedelta(hours=48)
    assert reports.deadline("measles", found) - found == timedelta(hours=24)
    due = timezone.localtime(reports.deadline("influenza", found))
    assert (due.date(), due.hour) == (date(2026, 7, 15), 0)  # before Wednesday of the week after


def test_report_from_due_to_accepted(client: Client, officer: Officer) -> None:
    Case.objects.update(reported_at=timezone.now() - timedelta(hours=47))
    assert report_actions.prepare() == 4  # two cases, one spot today, one week of one commune
    assert report_actions.prepare() == 0
    assert WorkItem.objects.filter(kind="report.send", state="open").exists()
    cases = list(Submission.objects.filter(form="vn.case").order_by("pk"))
    ticked = {"report": [row.pk for row in cases]}
    book = load_workbook(io.BytesIO(client.post("/cases/reports/act", {**ticked, "step": "file"}).content)).active
    assert book is not None
    lines = [[cell.value for cell in row] for row in book.iter_rows()]
    assert lines[2][:2] == ["Mã Vùng Xanh", "Họ và tên"]
    assert lines[3][1] == "Nguyễn Thị Lan"
    client.post("/cases/reports/act", {**ticked, "step": "sent"})
    assert set(Submission.objects.filter(form="vn.case").values_list("state", flat=True)) == {"sent"}
    client.post("/cases/reports/act", {"report": [cases[1].pk], "step": "returned", "why": "thiếu ngày sinh"})
    national = xlsx.write(
        [
            xlsx.Sheet(
                "1",
                [xlsx.Column(t) for t in ("Mã số", "Họ và tên", "Năm sinh", "Ngày khởi phát")],
                [
                    ["QG-1", "NGUYỄN THỊ LAN", "1990", "03/05/2022"],
                    ["QG-9", "Ai Đó", "1970", "03/05/2022"],
                ],
            )
        ]
    )
    client.post("/cases/reports/act", {"file": SimpleUploadedFile("n.xlsx", national), "step": "match"})
    one, other = Submission.objects.filter(form="vn.case").order_by("pk")
    assert (one.state, one.national) == ("accepted", "QG-1")
    assert (other.state, other.why) == ("returned", "thiếu ngày sinh")
    page = client.get("/cases/reports?state=returned", headers={"Accept-Language": "vi"})
    assert "thiếu ngày sinh" in page.content.decode()


def test_spot_and_week_count(officer: Officer) -> None:
    Case.objects.update(reported_at=timezone.now(), outcome="deceased", outcome_on=timezone.localdate())
    spot = Case.objects.all()[0].spot
    assert spot is not None
    told = reports.spot_values(spot, timezone.localdate())
    assert (told["cases"], told["new"], told["deaths"], told["first"]) == (2, 2, 2, date(2022, 5, 3))
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    [week] = reports.week_values("/19/", monday)
    assert (week["cases"], week["deaths"], week["year_cases"], week["icd"]) == (2, 2, 2, "U07.1")
