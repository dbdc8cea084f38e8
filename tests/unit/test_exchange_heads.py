"""Which column holds which field: ready mappings, remembered corrections, guesses; and faults given back."""

import csv
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from vungxanh.exchange import faults, heads, tables
from vungxanh.exchange.faults import Fault


def fields_of(*titles: str) -> list[str | None]:
    return [match.field for match in heads.guess(titles)]


def test_a_commune_s_list() -> None:
    assert fields_of("STT", "Họ và tên (*)", "Năm sinh", "Giới", "SĐT", "Xã/Phường", "Ngày về", "Ghi chú") == [
        "number", "name", "birth_year", "sex", "phone", "commune", "arrival", "note",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("HO_VA_TEN", "name"), ("hoVaTen", "name"), ("Họ & tên", "name"), ("Ngay khoi phat", "onset"),
        ("Ngày khởi phát triệu chứng", "onset"), ("Địa chỉ / Tỉnh", "province"), ("Số điện thoai", "phone"),
        ("dateOfBirth", "birth"), ("Fecha de nacimiento", "birth"), ("xyz", None), ("", None), ("Ngày", None),
    ],
)  # fmt: skip
def test_ways_of_writing_a_title(title: str, field: str | None) -> None:
    assert fields_of(title) == [field]


def test_a_field_is_taken_once_by_the_surest_column() -> None:
    found = heads.guess(["Điện thoại liên hệ", "Số điện thoại"])
    assert [match.field for match in found] == [None, "phone"]


def test_what_the_sender_corrected_wins() -> None:
    found = heads.guess(["Ngày", "Tên"], remembered={"ngay": "onset"})
    assert [(match.field, match.why) for match in found] == [("onset", "remembered"), ("name", "same")]


def test_only_wanted_fields_are_offered() -> None:
    assert [match.field for match in heads.guess(["Họ và tên", "CT"], wanted=["name"])] == ["name", None]


@pytest.mark.parametrize(
    ("titles", "key"),
    [
        (
            ["uuid", "caseClassification", "person.firstName", "person.lastName", "symptoms.onsetDate"],
            "sormas_case",
        ),
        (["contactClassification", "person.firstName", "lastContactDate"], "sormas_contact"),
        (["eventStatus", "eventTitle", "startDate"], "sormas_event"),
        (["Visual ID", "Classification", "Date of reporting", "First name"], "godata_case_en"),
        (["Clasificación", "Fecha de notificación", "Fecha de inicio", "Nombre"], "godata_case_es"),
        (["id", "date_onset", "gender"], "linelist"),
        (["from", "to"], "epicontacts"),
        (["STT", "Họ và tên", "Ngày khởi phát"], "vn_daily_cases"),
    ],
)
def test_ready_mappings_are_recognised(titles: list[str], key: str) -> None:
    found = heads.recognised(titles)
    assert found is not None
    assert found.key == key
    assert None not in [match.field for match in heads.guess(titles)]


def test_ready_mappings_name_only_known_fields() -> None:
    known = set(heads.fields())
    assert heads.ready()
    for one in heads.ready().values():
        assert set(one.columns.values()) <= known, one.key
        assert one.sure <= set(one.columns), one.key


@pytest.mark.needs_data
def test_published_feeds(data: Path) -> None:
    raw = (data / "linelists" / "SDX-Format.csv").read_bytes()
    (table,) = tables.read(raw, heads.known)
    found = heads.recognised(table.head)
    assert found is not None
    assert (found.key, found.date_order) == ("sdx_traveller", "mdy")
    by_field = {match.field: match.index for match in heads.guess(table.head) if match.field}
    assert table.rows[0][by_field["flight"]] == "500"
    assert table.rows[0][by_field["birth"]] == "05/29/2000"
    with (data / "linelists" / "COVID-19_Singapore_data_revised.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.reader(file))
    (table,) = tables.read((data / "linelists" / "COVID-19_Singapore_data_revised.csv").read_bytes(), heads.known)
    assert (table.head, len(table.rows)) == (tuple(rows[0]), len(rows) - 1)
    by_field = {match.field: match.title for match in heads.guess(table.head) if match.field}
    assert by_field["onset"] == "date_onset_symptoms"
    assert by_field["source_case"] == "Related cases"


# ------------------------------------------------------------------ faults


def book() -> bytes:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "Danh sách"
    for row in (["DANH SÁCH"], ["Họ và tên", "Ngày sinh", "Ghi chú"], ["Lan", "31/02/1990", "giữ"]):
        page.append(row)
    page.merge_cells("A1:C1")
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


FAULTS = [
    Fault("Danh sách", 3, 1, "exchange.cell-date", "31/02/1990"),
    Fault("Danh sách", 3, 1, "exchange.cell-date-ahead"),
]


def test_the_sender_s_own_workbook_comes_back_marked() -> None:
    content = book()
    made = faults.marked(content, tables.read(content, heads.known), FAULTS)
    page = openpyxl.load_workbook(BytesIO(made))["Danh sách"]
    assert page["B3"].comment.text == "Không phải ngày. Ví dụ đúng: 03/01/2022.\nNgày ở tương lai."
    assert page["B3"].fill.fgColor.rgb.endswith(faults.FILL)
    assert (page["C3"].value, page["C3"].comment) == ("giữ", None)
    assert "A1:C1" in [str(area) for area in page.merged_cells.ranges]


def test_a_csv_comes_back_as_a_marked_workbook() -> None:
    raw = "Họ và tên;Ngày sinh\nLan;31/02/1990\n=1+1;03/01/1990\n".encode()
    made = faults.marked(raw, tables.read(raw, heads.known), [Fault("", 2, 1, "exchange.cell-date")], "en")
    page = openpyxl.load_workbook(BytesIO(made)).worksheets[0]
    assert page["B2"].value == "31/02/1990"
    assert "Not a date" in page["B2"].comment.text
    assert (page["A3"].value, page["A3"].data_type) == ("=1+1", "s")


def test_a_very_large_file_gets_a_list() -> None:
    made = faults.marked(b"x" * (faults.LARGEST_MARKED + 1), [], FAULTS)
    page = openpyxl.load_workbook(BytesIO(made)).worksheets[0]
    assert [cell.value for cell in page[2]][:3] == ["Danh sách", "B3", "31/02/1990"]


def test_names_of_cells() -> None:
    assert [faults.letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
