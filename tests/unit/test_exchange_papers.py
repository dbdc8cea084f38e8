"""Letters say the same as DOCX and as PDF; maps and calendars keep their standards."""

import json
import re
from datetime import UTC, date, datetime
from io import BytesIO

import pypdf
from docx import Document
from shapely.geometry import Point

from vungxanh.exchange import docx, geojson, icalendar, letter
from vungxanh.exchange.geojson import Feature
from vungxanh.exchange.icalendar import Event
from vungxanh.exchange.letter import Letter

DECISION = Letter(
    superior="UBND tỉnh Thái Nguyên", body_name="Sở Y tế", number="…/QĐ-SYT",
    place_and_date="Thái Nguyên, ngày 03 tháng 01 năm 2022", title="Quyết định",
    abstract="Về việc cách ly y tế", paragraphs=("Điều 1. Cách ly tại nhà 14 ngày.", "Điều 2. #hiệu lực *ngay*."),
    recipients=("Như Điều 2;", "Lưu: VT."), rank="Giám đốc", signer="Nguyễn Văn A",
)  # fmt: skip


def words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text))


def docx_text(content: bytes) -> str:
    paper = Document(BytesIO(content))
    cells = [line.text for table in paper.tables for cell in table.rows[0].cells for line in cell.paragraphs]
    return "\n".join([line.text for line in paper.paragraphs] + cells)


def test_docx_and_pdf_say_the_same_words() -> None:
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(letter.as_pdf([DECISION]))).pages)
    # the reader of PDF doubles a vowel that the font draws with its mark; compare consonants and plain vowels
    assert len(words(printed)) == len(words(docx_text(docx.write([DECISION]))))
    for text in ("QUYẾT ĐỊNH", "Điều 2. #hiệu lực *ngay*.", "GIÁM ĐỐC", "(DỰ THẢO)"):
        assert text in printed
        assert text in docx_text(docx.write([DECISION]))


def test_the_sheet_has_the_margins_and_the_font_of_the_decree() -> None:
    paper = Document(BytesIO(docx.write([DECISION], drill=True)))
    page = paper.sections[0]
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [round(length.mm) for length in (page.page_width, page.page_height, *margins)] == [
        210,
        297,
        20,
        20,
        30,
        15,
    ]
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert "DIỄN TẬP" in page.header.paragraphs[0].text
    first = paper.tables[0].rows[0].cells[1].paragraphs
    assert [line.text for line in first[:2]] == list(letter.MOTTO)


def test_hundreds_of_letters_are_one_file_each_from_page_one() -> None:
    reader = pypdf.PdfReader(BytesIO(letter.as_pdf([DECISION] * 5)))
    assert len(reader.pages) == 5


def test_maps() -> None:
    made = json.loads(geojson.write([Feature(Point(105.8412345678, 21.5), {"n": 3}), Feature(None, id=7)], 3))
    assert made["features"][0]["geometry"] == {"type": "Point", "coordinates": [105.841, 21.5]}
    assert made["features"][1] == {"type": "Feature", "geometry": None, "properties": {}, "id": 7}


def test_calendars() -> None:
    stamp = datetime(2022, 1, 3, tzinfo=UTC)
    raw = icalendar.write(
        [
            Event("1@vx", "Hết cách ly; " + "ở " * 40, date(2022, 1, 17), text="dòng 1\ndòng 2"),
            Event("2@vx", "Gọi", datetime(2022, 1, 4, 2, 30, tzinfo=UTC), cancelled=True),
        ],
        "Theo dõi",
        stamp,
    )
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    whole = raw.decode().replace("\r\n ", "").split("\r\n")
    assert "DTSTART;VALUE=DATE:20220117" in whole
    assert "DTSTART:20220104T023000Z" in whole
    assert "SUMMARY:Hết cách ly\\; " + "ở " * 40 in whole
    assert "DESCRIPTION:dòng 1\\ndòng 2" in whole
    assert (whole[0], whole[-2], "STATUS:CANCELLED" in whole) == ("BEGIN:VCALENDAR", "END:VCALENDAR", True)
