"""Official letters as DOCX by decree 30/2020/NĐ-CP: A4, margins 20-20-30-15 mm, Times New Roman 12-14 pt."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from vungxanh.exchange.letter import DRAFT, MOTTO, RECIPIENTS, Letter, is_heading
from vungxanh.exchange.safe import plain
from vungxanh.exchange.xlsx import DRILL

FONT = "Times New Roman"


def write(letters: Sequence[Letter], *, drill: bool = False) -> bytes:
    """One file for one letter or for hundreds, each from a new page."""
    from docx import Document

    paper: Any = Document()
    _styles(paper, drill=drill)
    for index, letter in enumerate(letters):
        if index:
            paper.add_page_break()
        _letter(paper, letter)
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def _styles(paper: Any, *, drill: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(15)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    page.different_first_page_header_footer = True  # pages are numbered from the second on
    for header in (page.first_page_header, page.header) if drill else ():
        _say(header.paragraphs[0], DRILL, size=14, bold=True, centre=True)
    _page_number(page.header.add_paragraph() if drill else page.header.paragraphs[0])


def _page_number(line: Any) -> None:
    """Arabic, 13 pt, centred in the upper margin (annex I, part I, II.1)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    _say(line, "", size=13, centre=True)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line.paragraph_format.element.append(field)


def _rule(line: Any, indent: float) -> None:
    """A thin line under the motto and under the issuing body: a border, so that it survives every editor."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Mm(indent)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line.paragraph_format.element.get_or_add_pPr().append(borders)


def _letter(paper: Any, letter: Letter) -> None:
    left, right = _pair(paper)
    if letter.superior:
        _say(left.paragraphs[0], letter.superior.upper(), size=12, centre=True)
        _line(left, letter.body_name.upper(), size=12, bold=True)
    else:
        _say(left.paragraphs[0], letter.body_name.upper(), size=12, bold=True, centre=True)
    _rule(left.add_paragraph(), 22)
    _line(left, f"Số: {letter.number}", size=13)
    _say(right.paragraphs[0], MOTTO[0], size=12, bold=True, centre=True)
    _line(right, MOTTO[1], size=13, bold=True)
    _rule(right.add_paragraph(), 20)
    _line(right, letter.place_and_date, size=13, italic=True)
    _title(paper, letter, left)
    for text in letter.paragraphs:
        _body(paper.add_paragraph(), text)
    _foot(paper, letter)


def _title(paper: Any, letter: Letter, left: Any) -> None:
    if letter.title:
        _line(paper, letter.title.upper(), size=14, bold=True)
        if letter.abstract:
            _line(paper, letter.abstract, size=14, bold=True)
    elif letter.abstract:
        _line(left, letter.abstract, size=12)
    if letter.addressees:
        _line(paper, "Kính gửi: " + "; ".join(letter.addressees), size=14)


def _foot(paper: Any, letter: Letter) -> None:
    left, right = _pair(paper)
    _say(left.paragraphs[0], RECIPIENTS, size=12, bold=True, italic=True)
    for one in letter.recipients:
        _say(left.add_paragraph(), f"- {one}", size=11)
    lines = [letter.capacity.upper(), letter.rank.upper()]
    _say(right.paragraphs[0], "\n".join(line for line in lines if line), size=13, bold=True, centre=True)
    _line(right, DRAFT if letter.draft else "", size=13, italic=True)
    _line(right, "", size=13)
    _line(right, letter.signer, size=14, bold=True)


def _pair(paper: Any) -> tuple[Any, Any]:
    """Two cells side by side without lines: the head and the foot of every official paper."""
    from docx.shared import Mm

    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(70), Mm(95)
    return left, right


def _line(place: Any, text: str, *, size: int, bold: bool = False, italic: bool = False) -> None:
    _say(place.add_paragraph(), text, size=size, bold=bold, italic=italic, centre=True)


def _say(
    line: Any, text: str, *, size: int, bold: bool = False, italic: bool = False, centre: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    run = line.add_run(plain(text))
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    line.paragraph_format.space_after = Pt(2)
    if centre:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _body(line: Any, text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    line.add_run(plain(text)).bold = is_heading(text) or None
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    line.paragraph_format.first_line_indent = Mm(12.7)
