"""Everybody's files through the upload page: their layout, their program, their fonts; what is wrong comes back at
its cell in a file; what would do harm is refused in words and leaves nothing behind.

Each list holds one sound case (Lan, onset 3 May 2022, reported 5 May) and one with an impossible day of onset.
"""

import csv
import io
import unicodedata
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from tests import foreign_files
from tests.outbreak_world import make_officer

from vungxanh.outbreak.intake import run
from vungxanh.outbreak.models import Case, Contact, ImportFile
from vungxanh.people.models import Officer, Person

pytestmark = pytest.mark.django_db
VI = {"Accept-Language": "vi"}
ONSET, REPORTED = date(2022, 5, 3), date(2022, 5, 5)
BAD = "31/02/2022"
VN = [
    ["Mã BN", "Họ và tên", "Giới tính", "Năm sinh", "Ngày khởi phát", "Ngày công bố"],
    ["BN1", "Nguyễn Thị Lan", "Nữ", "1990", "03/05/2022", "05/05/2022"],
    ["BN2", "Trần Văn Đức", "Nam", "1985", BAD, "05/05/2022"],
]
SORMAS = [
    ["uuid", "disease", "caseClassification", "person.firstName", "person.lastName", "person.sex",
     "person.birthdateYYYY", "symptoms.onsetDate", "reportDate"],
    ["Case ID", "Disease", "Case classification", "First name", "Last name", "Sex", "Year of birth",
     "Date of symptom onset", "Date of report"],
    ["SVQ7RX-1", "CORONAVIRUS", "CONFIRMED", "Thị Lan", "Nguyễn", "FEMALE", "1990", "03/05/2022", "05/05/2022"],
    ["SVQ7RX-2", "CORONAVIRUS", "CONFIRMED", "Văn Đức", "Trần", "MALE", "1985", BAD, "05/05/2022"],
]  # fmt: skip
GODATA_EN = [
    ["Visual ID", "First name", "Last name", "Gender", "Date of birth", "Classification", "Date of onset",
     "Date of reporting"],
    ["CASE-0001", "Thị Lan", "Nguyễn", "Female", "1990-02-01", "Confirmed", "2022-05-03", "2022-05-05"],
    ["CASE-0002", "Văn Đức", "Trần", "Male", "1985-02-01", "Confirmed", "2022-02-31", "2022-05-05"],
]  # fmt: skip
GODATA_ES = [
    ["ID del caso", "Nombre", "Apellido", "Género", "Fecha de nacimiento", "Clasificación", "Fecha de inicio",
     "Fecha de notificación"],
    ["CASO-0001", "Thị Lan", "Nguyễn", "Femenino", "1990-02-01", "Confirmado", "2022-05-03", "2022-05-05"],
    ["CASO-0002", "Văn Đức", "Trần", "Masculino", "1985-02-01", "Confirmado", "2022-02-31", "2022-05-05"],
]  # fmt: skip
#: typed in TCVN3 and VNI fonts, worked out by hand from the published tables
TCVN3 = (
    "M· BN;Hä vµ tªn;Giíi tÝnh;N¨m sinh;Ngµy khëi ph¸t;Ngµy c«ng bè\n"
    "BN1;NguyÔn ThÞ Lan;N÷;1990;03/05/2022;05/05/2022\nBN2;TrÇn V¨n §øc;Nam;1985;31/02/2022;05/05/2022\n"
)
VNI = (
    "Maõ BN;Hoï vaø teân;Giôùi tính;Naêm sinh;Ngaøy khôûi phaùt;Ngaøy coâng boá\n"
    "BN1;Nguyeãn Thò Lan;Nöõ;1990;03/05/2022;05/05/2022\nBN2;Traàn Vaên Ñöùc;Nam;1985;31/02/2022;05/05/2022\n"
)


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return target.getvalue()


def xlsx_of(rows: list[list[str]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_macros(rows: list[list[str]]) -> bytes:
    """The workbook of a sender whose Excel keeps macros in it."""
    source, target = zipfile.ZipFile(io.BytesIO(xlsx_of(rows))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            raw = source.read(name)
            if name == "[Content_Types].xml":
                plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                raw = raw.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
            made.writestr(name, raw)
        made.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()")
    return target.getvalue()


def to_1258(text: str) -> bytes:
    """Letters with their shape, then the tone as a mark of its own, as that code page writes."""
    out = b""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart[1:] if mark not in "\u0302\u0306\u031b")
        shape = unicodedata.normalize("NFC", apart[0] + "".join(mark for mark in apart[1:] if mark not in tones))
        out += (shape + tones).encode("cp1258")
    return out


#: what comes -> (name of the file, its bytes, cell in which the fault is to be found in the file that goes back)
FILES: dict[str, tuple[str, bytes, str]] = {
    "daily list, XLSX": ("ds.xlsx", xlsx_of(VN), "E3"),
    "daily list, XLS of 1997": ("ds.xls", foreign_files.xls(VN), "E3"),
    "daily list, ODS": ("ds.ods", foreign_files.ods(VN), "E3"),
    "daily list, macros": ("ds.xlsm", with_macros(VN), "E3"),
    "daily list, TCVN3": ("ds.csv", TCVN3.encode("latin-1"), "E3"),
    "daily list, VNI": ("ds.csv", VNI.encode("latin-1"), "E3"),
    "daily list, CP1258": ("ds.csv", to_1258(text_of(VN, ";")), "E3"),
    "daily list, tabs": ("ds.txt", text_of(VN, "\t").encode("utf-16"), "E3"),
    "TCVN3 inside XLSX": ("ds.xlsx", xlsx_of([line.split(";") for line in TCVN3.splitlines()]), "E3"),
    "SORMAS, CSV": ("cases.csv", text_of(SORMAS).encode(), "H4"),
    "Go.Data English, XLSX": ("cases.xlsx", xlsx_of(GODATA_EN), "G3"),
    "Go.Data English, CSV": ("cases.csv", text_of(GODATA_EN).encode("utf-8-sig"), "G3"),
    "Go.Data Spanish, XLSX": ("casos.xlsx", xlsx_of(GODATA_ES), "G3"),
    "Go.Data Spanish, ODS": ("casos.ods", foreign_files.ods(GODATA_ES), "G3"),
}


@pytest.fixture
def officer(db: None, client: Client) -> Officer:
    made = make_officer()
    client.force_login(made)
    return made


def upload(client: Client, name: str, content: bytes) -> int:
    given = {"file": SimpleUploadedFile(name, content), "sender": "nơi khác"}
    answer = client.post("/cases/import", given, headers=VI)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rpartition("/")[2])


def settle(client: Client, number: int) -> None:
    """The officer agrees with every guess."""
    page = client.get(f"/cases/import/{number}")
    mapping = {f"column-{column.index}": field for column, field, _why in page.context["columns"]}
    kind = page.context["file"].kind
    client.post(f"/cases/import/{number}", {"step": "columns", "kind": kind, **mapping})


@pytest.mark.parametrize("what", FILES)
def test_foreign_file_goes_in_and_its_fault_comes_back_at_its_cell(
    client: Client, officer: Officer, what: str
) -> None:
    name, content, cell = FILES[what]
    number = upload(client, name, content)
    settle(client, number)
    page = client.get(f"/cases/import/{number}", headers=VI)
    assert (page.context["good"], page.context["faulty"]) == (1, 1)
    assert cell in {fault[0] for fault in page.context["faults"]}
    client.post(f"/cases/import/{number}", {"step": "start"})
    run.run_waiting()
    case = Case.objects.get()
    person = Person.objects.get(pk=case.person)
    assert (case.onset, case.status, timezone.localdate(case.reported_at)) == (ONSET, "confirmed", REPORTED)
    assert (person.name.open(), person.sex, person.birth_year) == ("Nguyễn Thị Lan", 2, 1990)
    raw = client.get(f"/cases/import/{number}/marked.xlsx").content
    marked = load_workbook(io.BytesIO(raw), keep_vba=True).worksheets[0][cell]
    assert marked.comment is not None
    assert marked.fill.fgColor.rgb.endswith("FFF4CC")
    assert str(marked.value) in {BAD, "2022-02-31"}
    assert not any("vba" in part for part in zipfile.ZipFile(io.BytesIO(raw)).namelist())


def test_go_data_contacts_find_the_case_that_came_before(client: Client, officer: Officer) -> None:
    settle(client, number := upload(client, "cases.xlsx", xlsx_of(GODATA_EN[:2])))
    client.post(f"/cases/import/{number}", {"step": "start"})
    run.run_waiting()
    rows = [
        ["Visual ID", "First name", "Last name", "Gender", "Date of birth", "Date of last contact",
         "Relationship / Source person"],
        ["CONT-1", "Thị Mai", "Lê", "Female", "1979-01-01", "2022-05-02", "CASE-0001"],
        ["CONT-2", "Bình", "Phạm", "Male", "1966-01-01", "2022-05-02", "CASE-0099"],
    ]  # fmt: skip
    settle(client, number := upload(client, "contacts.xlsx", xlsx_of(rows)))
    client.post(f"/cases/import/{number}", {"step": "start"})
    run.run_waiting()
    contact = Contact.objects.get()
    assert contact.case == Case.objects.get()
    marked = load_workbook(io.BytesIO(client.get(f"/cases/import/{number}/marked.xlsx").content)).worksheets[0]
    assert marked["G3"].comment is not None


def too_wide() -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in VN:
        book.active.append(row)
    book.active.cell(2, 16_384, "x")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(400 * 2**20))
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (too_wide, "16384"),
        (bomb, "1024"),
        (lambda: foreign_files.large_xlsx(200, VN), "64"),
        (lambda: b"", "rỗng"),
        (lambda: b"PK\x03\x04 broken", "Không mở được"),
    ],
    ids=["16,384 columns", "zip bomb", "200 MB", "empty", "broken"],
)
def test_what_would_do_harm_is_refused_in_words(client: Client, officer: Officer, make, said: str) -> None:  # type: ignore[no-untyped-def]
    given = {"file": SimpleUploadedFile("ds.xlsx", make()), "sender": "nơi khác"}
    answer = client.post("/cases/import", given, headers=VI)
    assert answer.status_code == 200
    assert said in " ".join(message for errors in answer.context["form"].errors.values() for message in errors)
    assert not ImportFile.objects.exists()


def test_large_workbook_of_our_making_can_be_read_where_it_is_small(client: Client, officer: Officer) -> None:
    """The 200 MB are refused for their size, not because the file is no workbook."""
    settle(client, upload(client, "ds.xlsx", foreign_files.large_xlsx(0, VN[:2])))
    assert ImportFile.objects.get().total >= 1
