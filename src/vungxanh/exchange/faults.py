"""Give the sender's file back with every fault where it stands: a comment and a fill on the cell.

An .xlsx comes back as itself, marked; anything else as a new .xlsx with the same rows; a very large one as a list
"sheet, cell, value, reason", because opening it whole would take the machine's memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from vungxanh.core.errors import message
from vungxanh.exchange import xlsx
from vungxanh.exchange.bounds import MEBI
from vungxanh.exchange.safe import Value, plain
from vungxanh.exchange.tables import Table

#: above this the sender's workbook is not opened again
LARGEST_MARKED = 20 * MEBI
FILL, AUTHOR = "FFF4CC", "Vùng Xanh"


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong cell: `line` as the sender counts (1 is the first), `column` from 0, `code` with its package."""

    sheet: str
    line: int
    column: int
    code: str
    value: str = ""
    params: tuple[tuple[str, object], ...] = ()

    @property
    def cell(self) -> str:
        """`C17`."""
        return f"{letters(self.column)}{self.line}"

    def text(self, language: str = "vi") -> str:
        return message(self.code, language).format(**dict(self.params))


def letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def marked(content: bytes, tables: Sequence[Table], faults: Sequence[Fault], language: str = "vi") -> bytes:
    """An .xlsx to give back. `content`: the sender's file, `tables`: what `tables.read` made of it."""
    if len(content) > LARGEST_MARKED:
        return listed(faults, language)
    if tables and tables[0].format == "xlsx" and content.startswith(b"PK"):
        return _copy(content, faults, language)
    return _anew(tables, faults, language)


def listed(faults: Iterable[Fault], language: str = "vi") -> bytes:
    """A sheet of faults: sheet, cell, value, reason."""
    titles = ("Trang", "Ô", "Giá trị", "Lý do") if language == "vi" else ("Sheet", "Cell", "Value", "Reason")
    columns = [
        xlsx.Column(titles[0]),
        xlsx.Column(titles[1], width=8),
        xlsx.Column(titles[2]),
        xlsx.Column(titles[3], width=80),
    ]
    rows = [[fault.sheet, fault.cell, fault.value, fault.text(language)] for fault in faults]
    return xlsx.write([xlsx.Sheet("Lỗi" if language == "vi" else "Faults", columns, rows)])


def _reasons(faults: Iterable[Fault], language: str) -> dict[tuple[str, int, int], str]:
    """All reasons of a cell in one comment."""
    found: dict[tuple[str, int, int], str] = {}
    for fault in faults:
        place = (fault.sheet, fault.line, fault.column)
        found[place] = f"{found[place]}\n{fault.text(language)}" if place in found else fault.text(language)
    return found


def _copy(content: bytes, faults: Sequence[Fault], language: str) -> bytes:
    """The sender's own workbook. Macros are not kept: what comes back is an .xlsx."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = load_workbook(BytesIO(content), keep_vba=False, keep_links=False)
    fill = PatternFill("solid", fgColor=FILL)
    for (sheet, line, column), reason in _reasons(faults, language).items():
        if sheet in book.sheetnames:
            cell: Any = _corner(book[sheet], line, column + 1)
            cell.fill = fill
            cell.comment = Comment(plain(reason), AUTHOR, width=280, height=90)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _corner(page: Any, line: int, column: int) -> Any:
    """The cell, or the top left one of the merged area it lies in."""
    cell = page.cell(line, column)
    if type(cell).__name__ != "MergedCell":
        return cell
    area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
    return page.cell(area.min_row, area.min_col)


def _anew(tables: Sequence[Table], faults: Sequence[Fault], language: str) -> bytes:
    """The same rows in a new workbook, each on its own line."""
    import xlsxwriter

    reasons = _reasons(faults, language)
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = {"text": book.add_format({"num_format": "@"}), "wrong": book.add_format({"bg_color": "#" + FILL})}
        for number, table in enumerate(tables, 1):
            page = book.add_worksheet(f"{number}" if not table.sheet else table.sheet[:31])
            _rows(page, table, reasons, styles)
    return target.getvalue()


def _rows(page: Any, table: Table, reasons: dict[tuple[str, int, int], str], styles: dict[str, Any]) -> None:
    lines: list[tuple[int, Sequence[Value]]] = [
        (table.head_line, list(table.head)),
        *zip(table.numbers, table.rows, strict=True),
    ]
    for line, row in lines:
        for column, value in enumerate(row):
            reason = reasons.get((table.sheet, line, column))
            style = styles["wrong" if reason else "text"]
            if value is not None or reason:
                page.write_string(line - 1, column, plain("" if value is None else str(value)), style)
            if reason:
                page.write_comment(line - 1, column, plain(reason), {"author": AUTHOR, "x_scale": 2})
