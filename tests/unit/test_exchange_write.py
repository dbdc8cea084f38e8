"""What we write opens right elsewhere: workbooks, CSV, papers."""

import csv
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO

import openpyxl
import polars as pl
import pypdf
import pytest

from vungxanh.core.errors import UserError
from vungxanh.exchange import csv as csv_files
from vungxanh.exchange import pdf, safe, xlsx
from vungxanh.exchange.xlsx import Column, Sheet

COLUMNS = [
    Column("Họ và tên"),
    Column("CCCD"),
    Column("Ngày sinh", "date"),
    Column("Lúc", "moment"),
    Column("Số", "number"),
]
ROW = ['=HYPERLINK("http://x")', "001090000017", date(1990, 2, 15), datetime(2022, 1, 3, 2, 30, tzinfo=UTC), 7]


#: workbooks hold moments without a zone
BIRTH, MOMENT = datetime(1990, 2, 15), datetime(2022, 1, 3, 9, 30)  # noqa: DTZ001


def opened(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    return page  # type: ignore[return-value]


def test_dates_are_dates_ids_are_text_and_a_formula_is_text() -> None:
    page = opened(xlsx.write([Sheet("Ca bệnh", COLUMNS, [ROW])]))
    cells = page[2]
    assert [cell.value for cell in cells] == [
        "=HYPERLINK(\"http://x\")", "001090000017", BIRTH, MOMENT, 7,
    ]  # fmt: skip
    assert [cell.data_type for cell in cells] == ["s", "s", "d", "d", "n"]
    assert cells[0].quotePrefix
    assert not cells[1].quotePrefix


def test_a_second_reader_sees_the_same() -> None:
    frame = pl.read_excel(xlsx.write([Sheet("S", COLUMNS[:3], [ROW[:3]])]), engine="openpyxl")
    assert frame.row(0) == (ROW[0], ROW[1], BIRTH)


def test_a_drill_is_marked_on_sheet_and_print() -> None:
    page = opened(xlsx.write([Sheet("S", COLUMNS[:1], [["Lan"]], heading=["Danh sách"])], drill=True))
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == [xlsx.DRILL, "Danh sách", "Họ và tên"]
    assert xlsx.DRILL in str(page.oddHeader.center.text)


def test_titles_that_no_sheet_may_have_and_titles_twice() -> None:
    content = xlsx.write([Sheet(title, COLUMNS[:1], []) for title in ("a/b[c]", "a b c", "x" * 40, "")])
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["a b c", "a b c (2)", "x" * 31, "Sheet"]


@pytest.mark.parametrize(
    "value", ["\x00\x01bell\x07", "\ud800", "x" * 40_000, date(1899, 12, 31), time(17, 30), True]
)
def test_values_that_no_cell_may_hold_do_not_break_the_book(value: safe.Value) -> None:
    assert opened(xlsx.write([Sheet("S", COLUMNS[:1], [[value]])]))["A2"].value is not None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("+84944713700", "+84944713700"),
        ("-12,5", "-12,5"),
        ("Lan", "Lan"),
        ("＝1", "'＝1"),
    ],
)
def test_csv_never_hands_a_formula_on_and_never_spoils_a_telephone(text: str, written: str) -> None:
    rows = list(csv.reader(StringIO(csv_files.write(["a"], [[text]]).decode("utf-8-sig"))))
    assert rows == [["a"], [written]]
    assert safe.unquoted(written) == text


def test_csv_dates_and_empty_cells() -> None:
    raw = csv_files.write(["a", "b", "c"], [[date(2022, 1, 3), None, True]], delimiter=";", mark=False)
    assert raw == b"a;b;c\r\n2022-01-03;;true\r\n"


TEMPLATE = """#import "/vx.typ": *
#show: paper
= #data.name
#image("/qr.svg", width: 3cm)
"""


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def test_a_name_is_never_markup() -> None:
    name = "Nguyễn #panic() Văn *A* $x$ ỵẽ"
    made = pdf.render(TEMPLATE, {"name": name}, pictures={"qr.svg": pdf.qr_svg("https://x.vn")})
    assert made.startswith(b"%PDF")
    assert name in text_of(made)


def test_a_drill_is_marked_on_paper() -> None:
    template = '#import "/vx.typ": *\n#show: paper\nx'
    assert "THẬT" not in text_of(pdf.render(template, {}))
    assert "THẬT" in text_of(pdf.render(template, {}, drill=True))


def test_an_official_letter_has_its_blocks() -> None:
    template = """#import "/vx.typ": *
#show: official
#official-head(superior: "UBND tỉnh Thái Nguyên", body-name: "Sở Y tế", number: "…/QĐ-SYT",
  place-and-date: "Thái Nguyên, ngày 03 tháng 01 năm 2022", title: "Quyết định", abstract: "Về việc cách ly y tế")
#lorem(50)
#official-foot(recipients: ("Như Điều 3;", "Lưu: VT."), rank: "Giám đốc", signer: "Nguyễn Văn A")
"""
    text = text_of(pdf.render(template, {}))
    for block in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỞ Y TẾ", "QUYẾT ĐỊNH",
                  "nhận:", "GIÁM ĐỐC", "(DỰ THẢO)"):  # fmt: skip
        assert block in text


def test_a_template_that_fails_says_so() -> None:
    with pytest.raises(UserError) as caught:
        pdf.render("#unknown", {})
    assert caught.value.code == "exchange.paper-failed"


def test_a_letter_cannot_read_files_of_the_machine() -> None:
    with pytest.raises(UserError):
        pdf.render('#read("/etc/passwd")', {})
