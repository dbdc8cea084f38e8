"""Lists that come in: understood, written once, brought up to date by id, held where perhaps known, resumed."""

from datetime import date

import pytest
from tests.outbreak_world import COMMUNE, PROVINCE, make_officer

from vungxanh.exchange import xlsx
from vungxanh.exchange.xlsx import Column, Sheet
from vungxanh.outbreak.intake import actions, reading, run, understand
from vungxanh.outbreak.models import Case, CaseChange, Contact, HeadMemory, ImportFile, ImportRow, LabResult, Link
from vungxanh.people.actions import register_person
from vungxanh.people.models import Officer, Person

pytestmark = pytest.mark.django_db
SENDER = "TYT Phan Đình Phùng"
HEAD = (
    "STT", "Mã BN", "Họ và tên", "Giới tính", "Năm sinh", "SĐT", "CCCD", "Xã/Phường", "Tỉnh/TP", "Ngày khởi phát",
    "Ngày lấy mẫu", "Kết quả", "CT", "Ngày công bố", "Nguồn lây", "Ổ dịch", "Tình trạng",
)  # fmt: skip
WARD = "Phường Phan Đình Phùng"
ROWS = [
    [1, "BN1", "Nguyễn Thị Lan", "Nữ", 1990, "912345678", "019090001234", WARD, "Thái Nguyên", "03/05/2022",
     "04/05/2022", "Dương tính", "24,5", "05/05/2022", "", "Chợ Thái", "Đang điều trị"],
    [2, "BN2", "Trần Văn Hùng", "Nam", 1985, "0987654321", "", WARD, "Thái Nguyên", date(2022, 5, 6),
     None, "", "", "07/05/22", "BN1", "CHO THAI", "Khỏi"],
]  # fmt: skip


@pytest.fixture
def officer(db: None) -> Officer:
    return make_officer()


def workbook(rows: list[list[object]], head: tuple[str, ...] = HEAD, titles: tuple[str, ...] = ()) -> bytes:
    made = [Column(title) for title in head]
    return xlsx.write([Sheet("Ca bệnh", made, rows, heading=titles)])  # type: ignore[arg-type]


def bring(officer: Officer, content: bytes, sender: str = SENDER, kind: str = "") -> ImportFile:
    """Take in, accept the guess, import to the end."""
    file = actions.take_in(by=officer, name="ds.xlsx", content=content, sender=sender, kind=kind)
    mapping = {int(place): name for place, name in file.mapping.items()}
    actions.settle_columns(by=officer, file=file, mapping=mapping, kind=file.kind)
    actions.start(by=officer, file=file)
    assert run.run(file.pk)
    file.refresh_from_db()
    return file


def test_daily_list_becomes_cases(officer: Officer) -> None:
    file = bring(officer, workbook(ROWS, titles=("SỞ Y TẾ", "DANH SÁCH CA BỆNH NGÀY 07/05/2022")))
    assert (file.state, file.counts) == ("done", {"new": 2, "links": 1, "links_missing": 0})
    lan, hung = Case.objects.order_by("pk")
    assert (lan.onset, lan.onset_provenance, lan.outcome) == (date(2022, 5, 3), "list", "treated")
    assert lan.scope_path == f"{PROVINCE}{COMMUNE}/"
    assert hung.spot_id == lan.spot_id is not None
    person = Person.objects.get(pk=lan.person)
    assert (person.name.open(), person.sex, person.birth_year) == ("Nguyễn Thị Lan", 2, 1990)
    assert person.phones.get().number.open() == "+84912345678"
    test = LabResult.objects.get()
    assert (test.result, float(test.ct or 0), test.sampled_on) == ("positive", 24.5, date(2022, 5, 4))
    assert Link.objects.get().source == lan


def test_same_list_again_changes_nothing(officer: Officer) -> None:
    bring(officer, workbook(ROWS))
    again = bring(officer, workbook(ROWS))
    assert again.counts == {"same": 2, "links": 0, "links_missing": 0}
    assert (Case.objects.count(), Person.objects.count(), CaseChange.objects.count()) == (2, 2, 0)


def test_edited_list_updates_by_id_and_an_empty_cell_says_nothing(officer: Officer) -> None:
    bring(officer, workbook(ROWS))
    edited = [list(row) for row in ROWS]
    edited[0][9] = "02/05/2022"
    edited[0][5] = ""
    edited[1][16] = "Tử vong"
    assert bring(officer, workbook(edited)).counts["updated"] == 2
    lan, hung = Case.objects.order_by("pk")
    assert (lan.onset, hung.outcome) == (date(2022, 5, 2), "deceased")
    assert Person.objects.get(pk=lan.person).phones.count() == 1
    change = CaseChange.objects.get(case=lan, field="onset")
    assert (change.before, change.after, change.why) == ("2022-05-03", "2022-05-02", "list")


def test_columns_are_corrected_once_and_remembered_for_the_sender(officer: Officer) -> None:
    head = (*HEAD[:2], "Bệnh nhân ghi theo sổ", *HEAD[3:])
    file = actions.take_in(by=officer, name="a.xlsx", content=workbook(ROWS, head), sender=SENDER)
    assert "name" not in file.mapping.values()
    mapping = {int(place): name for place, name in file.mapping.items()} | {2: "name", 16: ""}
    actions.settle_columns(by=officer, file=file, mapping=mapping, kind="cases")
    assert set(HeadMemory.objects.values_list("field", flat=True)) == {"name", ""}
    again = actions.take_in(by=officer, name="b.xlsx", content=workbook(ROWS, head), sender=SENDER)
    assert again.mapping["2"] == "name"
    assert "16" not in again.mapping
    other = actions.take_in(by=officer, name="b.xlsx", content=workbook(ROWS, head), sender="another")
    assert "2" not in other.mapping


def test_faulty_cells_are_named_and_the_other_lines_go_in(officer: Officer) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][9], rows[0][3], rows[0][12] = "32/13/2022", "QQ", "-4"
    file = bring(officer, workbook(rows))
    assert file.counts == {"fault": 1, "new": 1, "links": 0, "links_missing": 1}
    table = reading.sheets(reading.content(file))[0]
    told = reading.context(file, table, "/")
    found = reading.faults(file, table, list(reading.lines(file, table, told)))
    assert {(f.cell, f.code) for f in found if f.line == 2} == {
        ("J2", "exchange.cell-date"),
        ("D2", "exchange.cell-sex"),
        ("M2", "outbreak.ct-impossible"),
    }


def test_id_twice_in_one_list_is_a_fault(officer: Officer) -> None:
    rows = [list(ROWS[0]), [*ROWS[1]]]
    rows[1][1] = "bn 1"
    assert bring(officer, workbook(rows)).counts["fault"] == 1


def test_known_person_is_held_and_decided(officer: Officer) -> None:
    lan = register_person(
        name="Nguyen Lan",
        sex=2,
        birth_year=1990,
        phones=["0912345678"],
        scope_path=f"{PROVINCE}{COMMUNE}/",
        by=officer,
        purpose="test",
    )
    file = bring(officer, workbook(ROWS))
    assert file.counts["held"] == 1
    row = ImportRow.objects.get(verdict="held")
    assert row.matches[0]["person"] == lan
    actions.decide(by=officer, rows=[row.pk], file=file, same=True)
    assert Case.objects.get(person=lan).onset == date(2022, 5, 3)
    file.refresh_from_db()
    assert file.counts == {"new": 2, "links": 1, "links_missing": 0}
    assert bring(officer, workbook(ROWS)).counts["same"] == 2


def test_held_line_may_be_somebody_new(officer: Officer) -> None:
    register_person(
        name="Nguyễn Thị Lan", sex=2, birth_year=1990, phones=["0912345678"], by=officer, purpose="test"
    )
    file = bring(officer, workbook(ROWS))
    row = ImportRow.objects.get(verdict="held")
    actions.decide(by=officer, rows=[row.pk], file=file, same=False)
    assert Person.objects.count() == 3


def test_two_lines_of_one_list_that_may_be_one_person(officer: Officer) -> None:
    rows = [list(ROWS[0]), list(ROWS[0])]
    rows[1][1], rows[1][2], rows[1][6] = "BN9", "NGUYEN THI LAN", ""
    file = bring(officer, workbook(rows))
    assert file.counts == {"new": 1, "held": 1, "links": 0, "links_missing": 0}


def test_killed_import_goes_on_behind_the_last_chunk(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[n, f"BN{n}", "", "Nam", 1980, "", "", "", "", "03/05/2022", *[""] * 7] for n in range(1, 8)]
    file = actions.take_in(by=officer, name="a.xlsx", content=workbook(rows), sender=SENDER)
    actions.settle_columns(
        by=officer, file=file, mapping={int(p): f for p, f in file.mapping.items()}, kind="cases"
    )
    actions.start(by=officer, file=file)
    monkeypatch.setattr(run, "CHUNK", 3)
    calls = iter([False, True])

    def dies(*args: object) -> object:
        if next(calls):
            raise KeyboardInterrupt
        return whole(*args)  # type: ignore[arg-type]

    whole = run.write_actions.write
    monkeypatch.setattr(run.write_actions, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        run.run(file.pk)
    file.refresh_from_db()
    assert (file.state, file.done, Case.objects.count()) == ("running", 3, 3)
    monkeypatch.setattr(run.write_actions, "write", whole)
    assert run.run_waiting() == 1
    file.refresh_from_db()
    assert (file.state, file.done, Case.objects.count(), file.counts["new"]) == ("done", 7, 7, 7)


def test_contacts_with_the_id_of_their_case(officer: Officer) -> None:
    bring(officer, workbook(ROWS))
    head = ("Họ và tên", "Năm sinh", "Tiếp xúc với ca", "Ngày tiếp xúc cuối")
    rows: list[list[object]] = [["Lê Thị Mai", 1979, "BN1", "04/05/2022"], ["Vũ An", 1999, "BN77", "04/05/2022"]]
    file = bring(officer, workbook(rows, head))
    assert (file.kind, file.counts) == ("contacts", {"new": 1, "fault": 1})
    contact = Contact.objects.get()
    assert (contact.case.references.get().own.open(), contact.path[0]) == ("BN1", contact.case.person)


def test_circular_and_missing_links_are_counted(officer: Officer) -> None:
    rows = [[n, f"BN{n}", "", "Nam", 1980, "", "", "", "", f"0{n}/05/2022", *[""] * 7] for n in (1, 2, 3)]
    rows[0][14], rows[1][14], rows[2][14] = "BN3", "BN1", "BN2, BN99"
    counts = bring(officer, workbook(rows)).counts
    assert (counts["links"], counts["links_missing"], counts["links_circular"]) == (3, 1, 3)


def test_sources_are_ids_and_not_words() -> None:
    assert understand.sources_of("2,3") == ("2", "3")
    assert understand.sources_of("TJ5; tj7 và BN12") == ("TJ5", "TJ7", "BN12")
    assert understand.sources_of("Wuhan; train import") == ()
    assert understand.sources_of("NA") == ()
