"""Every dirty habit has a line in a generated workbook and an expected outcome; and files that would do harm."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from tests.functional.test_outbreak_import import bring
from tests.outbreak_world import make_officer

from vungxanh.core.errors import UserError
from vungxanh.outbreak.intake import actions
from vungxanh.outbreak.models import Case, ImportRow
from vungxanh.people.models import Officer, Person

pytestmark = pytest.mark.django_db
HEAD = ["Mã BN", "Họ và tên", "Giới tính", "Tuổi", "SĐT", "CCCD", "Ngày khởi phát", "Ngày công bố"]
DAY = date(2022, 5, 3)
#: habit -> (what is typed over a sound line, expected: "fault" or what came of it)
HABITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "day as text": ({"Ngày khởi phát": "03/05/2022"}, {"onset": DAY}),
    "day as a serial number": ({"Ngày khởi phát": 44684}, {"onset": DAY}),
    "two-digit year": ({"Ngày khởi phát": "3/5/22"}, {"onset": DAY}),
    "day in words": ({"Ngày khởi phát": "ngày 3 tháng 5 năm 2022"}, {"onset": DAY}),
    "day with a clock": ({"Ngày khởi phát": "03/05/2022 17h30"}, {"onset": DAY}),
    "thirty-first of February": ({"Ngày khởi phát": "31/02/2022"}, {"fault": "exchange.cell-date"}),
    "day to come": ({"Ngày khởi phát": "03/05/2099"}, {"fault": "exchange.cell-date-ahead"}),
    "age in months": ({"Tuổi": "3 tháng"}, {"birth_year": 2022}),
    "age with its word": ({"Tuổi": "32 tuổi"}, {"birth_year": 1990}),
    "age that nobody has": ({"Tuổi": "230"}, {"fault": "exchange.cell-age"}),
    "telephone without its nought": ({"SĐT": 912345678}, {"phone": "+84912345678"}),
    "telephone with an apostrophe": ({"SĐT": "'0912345678"}, {"phone": "+84912345678"}),
    "old eleven-digit telephone": ({"SĐT": "01682345678"}, {"phone": "+84382345678"}),
    "telephone that is none": ({"SĐT": "hỏi anh trai"}, {"phone": None}),
    "identity number without its nought": ({"CCCD": 19090001234}, {"document": "019090001234"}),
    "identity number spoilt by the spreadsheet": ({"CCCD": "1.2E+11"}, {"fault": "exchange.cell-exponent"}),
    "identity number of no known form": ({"CCCD": "12"}, {"fault": "outbreak.document-odd"}),
    "sex as a word nobody knows": ({"Giới tính": "QQ"}, {"fault": "exchange.cell-sex"}),
    "tabs and blanks in a name": ({"Họ và tên": "  Trần\tVăn   A "}, {"name": "Trần Văn A"}),
    "formula as a name": ({"Họ và tên": "=HYPERLINK(1)"}, {"name": "=HYPERLINK(1)"}),
    "name that is a number": ({"Họ và tên": "12345"}, {"fault": "people.name-odd"}),
    "no name but an id": ({"Họ và tên": ""}, {"name": "Ca"}),
}


def sound(number: int) -> dict[str, Any]:
    names = ("Nguyễn Đức", "Lê Hồng", "Phạm Gia", "Vũ Khánh", "Đặng Thuỳ", "Bùi Xuân")
    return {
        "Mã BN": f"BN{number}",
        "Họ và tên": f"{names[number % 6]} {'ABCDEGHIKLMNOPQRSTUVXY'[number % 22]}{number}",
        "Giới tính": "Nam",
        "Tuổi": 20 + number,
        "SĐT": "",
        "CCCD": "",
        "Ngày khởi phát": DAY,
        "Ngày công bố": date(2022, 5, 5),
    }


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SỞ Y TẾ TỈNH", None, None])
    sheet.merge_cells("A1:H1")
    sheet.append(HEAD)
    for number, (typed, _expected) in enumerate(HABITS.values(), 1):
        line = sound(number) | typed
        sheet.append([line[title] for title in HEAD])
        cell = sheet.cell(sheet.max_row, 2)
        if isinstance(cell.value, str) and cell.value.startswith("="):
            cell.data_type = "s"  # text that looks like a formula, as another program wrote it
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture
def officer(db: None) -> Officer:
    return make_officer()


def test_each_habit_has_its_outcome(officer: Officer) -> None:
    file = bring(officer, workbook())
    rows = {row.line: row for row in ImportRow.objects.filter(file=file)}
    assert len(rows) == len(HABITS)
    wrong = []
    for line, (habit, (_typed, expected)) in enumerate(HABITS.items(), 3):
        found = outcome(rows[line], expected)
        if found != expected and not (expected.get("name") == "Ca" and str(found.get("name")).startswith("Ca ")):
            wrong.append((habit, expected, found))
    assert wrong == []


def outcome(row: ImportRow, expected: dict[str, Any]) -> dict[str, Any]:
    if row.verdict == "fault":
        return {"fault": expected.get("fault", "?")}
    case, person = Case.objects.get(pk=row.case_id), Person.objects.get(pk=row.person)
    phone, document = person.phones.first(), person.documents.first()
    whole: dict[str, Any] = {
        "onset": case.onset,
        "birth_year": person.birth_year,
        "phone": phone.number.open() if phone else None,
        "document": document.number.open() if document else None,
        "name": person.name.open(),
    }
    return {name: whole.get(name, "went in") for name in expected}


def refused(officer: Officer, content: bytes) -> str:
    with pytest.raises(UserError) as error:
        actions.take_in(by=officer, name="x.xlsx", content=content, sender="s")
    return error.value.code


def test_sixteen_thousand_columns_are_refused(officer: Officer) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.cell(2, 16_384, "x")
    target = io.BytesIO()
    book.save(target)
    assert refused(officer, target.getvalue()) == "exchange.too-many-cells"


def test_zip_bomb_is_refused(officer: Officer) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(400 * 2**20))
    assert refused(officer, target.getvalue()) == "exchange.zip-bomb"


def test_what_is_no_table_is_refused(officer: Officer) -> None:
    assert refused(officer, b"") == "exchange.file-empty"
    assert refused(officer, b"PK\x03\x04 broken") == "exchange.file-broken"


def test_formula_goes_out_as_text(officer: Officer) -> None:
    from vungxanh.exchange import csv

    assert csv.write(["a"], [["=1+1"]]).decode("utf-8-sig").splitlines()[1] == "'=1+1"


def test_days_are_of_viet_nam() -> None:
    assert timedelta(days=44684) + date(1899, 12, 30) == DAY
