"""Any table that people send: formats, encodings, heads in odd places, and files that mean harm."""

import unicodedata
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from vungxanh.core.errors import UserError
from vungxanh.exchange import bounds, legacy, tables, xlsx
from vungxanh.exchange.tables import Table, read
from vungxanh.exchange.xlsx import Column, Sheet

#: workbooks hold moments without a zone
MOMENT = datetime(2022, 1, 3, 9, 30)  # noqa: DTZ001
NAMES = {"họ và tên", "năm sinh", "điện thoại", "xã", "tỉnh", "số"}


def known(text: str) -> bool:
    return text.lower() in NAMES


def book(*rows: list[object], merge: tuple[str, ...] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    for row in rows:
        page.append(row)  # type: ignore[union-attr]
    for area in merge:
        page.merge_cells(area)  # type: ignore[union-attr]
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def one(content: bytes) -> Table:
    found = read(content, known)
    assert len(found) == 1
    return found[0]


def test_our_own_workbook_comes_back() -> None:
    columns = [Column("Họ và tên"), Column("Ngày", "date"), Column("Số", "number")]
    table = one(xlsx.write([Sheet("S", columns, [["Lan", date(2022, 1, 3), 5], ["Hà", None, 6]])]))
    assert (table.head, table.format) == (("Họ và tên", "Ngày", "Số"), "xlsx")
    assert table.rows == [["Lan", date(2022, 1, 3), 5], ["Hà", None, 6]]
    assert table.numbers == [2, 3]


def test_titles_above_the_head_and_empty_rows_between() -> None:
    table = one(book(
        ["SỞ Y TẾ TỈNH THÁI NGUYÊN"], ["DANH SÁCH NGƯỜI VỀ TỪ VÙNG DỊCH"], [None], [None, "Ngày 3/1/2022"],
        ["STT", "Họ và tên", "Năm sinh", "Điện thoại"], [1, "Lan", 1990, "0944713700"], [None], [2, "Hà", 1991],
        merge=("A1:D1", "A2:D2"),
    ))  # fmt: skip
    assert table.head == ("STT", "Họ và tên", "Năm sinh", "Điện thoại")
    assert (table.head_line, table.numbers) == (5, [6, 8])
    assert table.above[0] == "SỞ Y TẾ TỈNH THÁI NGUYÊN"


def test_a_head_of_two_storeys_and_a_province_merged_over_its_rows() -> None:
    table = one(book(
        ["Họ và tên", "Địa chỉ", None, "Điện thoại"], [None, "Tỉnh", "Xã", None],
        ["Lan", "Thái Nguyên", "Phúc Xuân", "1"], ["Hà", None, "Quyết Thắng", "2"],
        merge=("A1:A2", "B1:C1", "D1:D2", "B3:B4"),
    ))  # fmt: skip
    assert table.head == ("Họ và tên", "Địa chỉ / Tỉnh", "Địa chỉ / Xã", "Điện thoại")
    assert table.rows[1] == ["Hà", "Thái Nguyên", "Quyết Thắng", "2"]


def test_data_that_is_all_text_is_not_taken_for_a_second_storey() -> None:
    table = one(book(["Họ và tên", "Tỉnh", "Ghi chú"], ["Lan", "Thái Nguyên", "ho"], ["Hà", "Huế", None]))
    assert len(table.rows) == 2


TEXT = "Họ và tên;Năm sinh;Xã\nNguyễn Thị Lan;1990;Phường Phúc Xuân\nTrần Văn Đức;1985;Thị trấn Đu\n"


def to_1258(text: str) -> bytes:
    """Letters with their shape, then the tone as a mark of its own, as that code page writes."""
    out = b""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart[1:] if mark not in "\u0302\u0306\u031b")
        marks = "".join(mark for mark in apart[1:] if mark not in tones)
        shape = unicodedata.normalize("NFC", apart[0] + marks)
        out += (shape + tones).encode("cp1258")
    return out


# The same three lines typed in TCVN3 and VNI fonts, worked out by hand from the published tables.
TCVN3 = "Hä vµ tªn;N¨m sinh;X·\nNguyÔn ThÞ Lan;1990;Ph­êng Phóc Xu©n\nTrÇn V¨n §øc;1985;ThÞ trÊn §u\n"
VNI = "Hoï vaø teân;Naêm sinh;Xaõ\nNguyeãn Thò Lan;1990;Phöôøng Phuùc Xuaân\nTraàn Vaên Ñöùc;1985;Thò traán Ñu\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (to_1258(TEXT), "cp1258"),
        (TCVN3.encode("latin-1"), "tcvn3"),
        (VNI.encode("latin-1"), "vni"),
    ],
)
def test_every_encoding_gives_the_same_table(raw: bytes, encoding: str) -> None:
    table = one(raw)
    assert table.head == ("Họ và tên", "Năm sinh", "Xã")
    assert table.rows[1] == ["Trần Văn Đức", "1985", "Thị trấn Đu"]
    assert (table.encoding, table.delimiter) == (encoding, ";")


@pytest.mark.parametrize("text", [TCVN3, VNI])
def test_old_fonts_inside_a_modern_workbook(text: str) -> None:
    table = one(book(*[line.split(";") for line in text.splitlines()]))
    assert table.rows[0][0] == "Nguyễn Thị Lan"


def test_other_languages_are_left_alone() -> None:
    assert legacy.repaired(["José García", "Zürich", "Škoda", "Ñandú"]) is None
    assert legacy.decoded("Müller;Zürich".encode("cp1252")) == ("Müller;Zürich", "cp1252")
    assert legacy.repaired(["Nguyễn Thị Hoà", "Đặng Ưng"]) is None


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    raw = f'Họ và tên{delimiter}Năm sinh\n"Lan{delimiter} Hà"{delimiter}1990\n'.encode()
    table = one(raw)
    assert (table.delimiter, table.rows) == (delimiter, [[f"Lan{delimiter} Hà", "1990"]])


def test_excel_s_own_line_about_the_delimiter() -> None:
    assert one(b"sep=;\r\na;b\r\n1;2\r\n").rows == [["1", "2"]]


def test_html_saved_as_xls() -> None:
    table = one(
        "<html><table><tr><th>Họ và tên<th>Năm sinh</tr><tr><td>Lan &amp; Hà</td><td>1990</table>".encode()
    )
    assert (table.format, table.rows) == ("html", [["Lan & Hà", "1990"]])


def test_dates_times_and_booleans_keep_their_kind() -> None:
    table = one(book(["Họ và tên", "Lúc", "Có"], ["Lan", MOMENT, True]))
    assert table.rows[0] == ["Lan", MOMENT, True]


def test_hidden_sheets_are_not_read() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Họ và tên", "Số"])  # type: ignore[union-attr]
    hidden = workbook.create_sheet("Ẩn")
    hidden.append(["Họ và tên", "Số"])
    hidden.sheet_state = "hidden"
    target = BytesIO()
    workbook.save(target)
    assert [table.sheet for table in read(target.getvalue(), known)] == ["Sheet"]


# ------------------------------------------------------------------ files that mean harm, or are no files


def refused(content: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(content, known)
    assert caught.value.text("vi")
    return caught.value.code.removeprefix("exchange.")


def replaced(content: bytes, name: str, new: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in old.infolist():
            made.writestr(entry.filename, new if entry.filename == name else old.read(entry.filename))
    return target.getvalue()


SMALL = book(["Họ và tên", "Số"], ["Lan", 1])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"PK\x03\x04 not a zip", "file-broken"),
        (SMALL[:-400], "file-broken"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "file-broken"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "file-locked"),
        (b"1,2\n3,4\n", "no-table"),
        (replaced(SMALL, SHEET, b"<worksheet"), "file-broken"),
    ],
)
def test_broken_files_are_named(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_workbook_of_200_megabytes_is_refused_unopened() -> None:
    assert refused(b"PK" + b"\0" * (200 * 1024 * 1024)) == "file-too-large"


def test_a_cell_in_the_last_corner_does_not_reserve_the_sheet() -> None:
    bomb = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refused(replaced(SMALL, SHEET, bomb)) == "too-many-cells"


def test_sixteen_thousand_columns_are_refused() -> None:
    assert refused(book([f"c{index}" for index in range(16_384)])) == "too-many-cells"
    assert refused((",".join(f"c{index}" for index in range(600))).encode()) == "too-many-cells"


def test_a_zip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "LARGEST_INFLATED", 10_000)
    assert refused(replaced(SMALL, SHEET, b"<x>" + b" " * 20_000)) == "zip-bomb"


URN = "urn:oasis:names:tc:opendocument:xmlns"
TEXT_CELL = '<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'
ODS = (
    f'<?xml version="1.0"?><office:document-content xmlns:office="{URN}:office:1.0" xmlns:table="{URN}:table:1.0"'
    f' xmlns:text="{URN}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row>'
    + TEXT_CELL.format(text="Họ và tên", more="")
    + TEXT_CELL.format(text="Số", more="")
    + "</table:table-row><table:table-row {rows}>"
    + TEXT_CELL.format(text="Lan", more=" {columns}")
    + "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    "</manifest:manifest>"
)


def ods(rows: str = "", columns: str = "") -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", MANIFEST)
        made.writestr("content.xml", ODS.format(rows=rows, columns=columns))
    return target.getvalue()


def test_open_documents() -> None:
    table = one(ods())
    assert (table.format, table.head, table.rows) == ("ods", ("Họ và tên", "Số"), [["Lan", None]])


def test_an_open_document_that_repeats_a_cell_for_ever_is_refused() -> None:
    wide = 'table:number-columns-repeated="400"'
    assert refused(ods('table:number-rows-repeated="1000000"', wide)) == "too-many-cells"


def test_a_head_is_looked_for_in_the_first_thirty_lines_only() -> None:
    grid: tables.Grid = [[1, 2]] * 40 + [["Họ và tên", "Số"]]
    assert tables.find_head(grid, known) is None
