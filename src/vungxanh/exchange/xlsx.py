"""Write a workbook that opens right everywhere: real dates, identifiers as text, nothing that runs.

write([Sheet("Ca bệnh", [Column("Mã"), Column("Ngày khởi phát", "date")], rows)])
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Literal

import xlsxwriter

from vungxanh.core.errors import UserError
from vungxanh.exchange.safe import FIRST_DAY, Value, dangerous, local, plain

Kind = Literal["text", "number", "date", "moment", "time"]
#: printed on everything made in a drill
DRILL = "DIỄN TẬP – KHÔNG CÓ THẬT"
MOST_ROWS = 1_000_000
_FORMATS = {"date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "time": "hh:mm"}
_WIDTHS = {"text": 22, "number": 12, "date": 12, "moment": 17, "time": 8}
_BAD_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` "text" also for identifiers and telephones, so that no zero is lost."""

    title: str
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `heading` lines above the head, `rows` in the order of `columns`."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    heading: Sequence[str] = field(default=())


def write(sheets: Sequence[Sheet], *, drill: bool = False) -> bytes:
    """The workbook's bytes. Raises UserError `exchange.too-many-rows` above a million rows a sheet."""
    target = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        styles = _styles(book)
        titles: set[str] = set()
        for sheet in sheets:
            _sheet(book.add_worksheet(_title(sheet.title, titles)), sheet, styles, drill=drill)
    return target.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    styles = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMATS.items()}
    styles["text"] = book.add_format({"num_format": "@", "valign": "top"})
    # The mark by which a program knows that the text is text, though it looks like a formula.
    styles["quoted"] = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
    styles["number"] = book.add_format({"valign": "top"})
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E9EBF8", "bottom": 1}
    styles["head"] = book.add_format(head)
    styles["heading"] = book.add_format({"bold": True, "font_size": 13})
    return styles


def _sheet(page: Any, sheet: Sheet, styles: dict[str, Any], *, drill: bool) -> None:
    lines = [*([DRILL] if drill else []), *sheet.heading]
    if drill:
        page.set_header(f"&C&B{DRILL}")
        page.set_footer(f"&C&B{DRILL}")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width or _WIDTHS[column.kind])
    for row, line in enumerate(lines):
        page.write_string(row, 0, plain(line), styles["heading"])
    _table(page, sheet, styles, len(lines))


def _table(page: Any, sheet: Sheet, styles: dict[str, Any], head: int) -> None:
    for index, column in enumerate(sheet.columns):
        page.write_string(head, index, plain(column.title), styles["head"])
    page.freeze_panes(head + 1, 0)
    page.repeat_rows(head)
    row = head
    for row, values in enumerate(sheet.rows, head + 1):
        if row > MOST_ROWS:
            raise UserError("exchange.too-many-rows", most=MOST_ROWS)
        for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            _cell(page, row, index, column.kind, value, styles)
    page.autofilter(head, 0, max(row, head), max(len(sheet.columns) - 1, 0))


def _cell(page: Any, row: int, index: int, kind: Kind, value: Value, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = local(value)
    if _dated(value):
        style = styles["moment" if isinstance(value, datetime) and kind != "date" else "date"]
        page.write_datetime(row, index, value, styles["time"] if isinstance(value, time) else style)
    elif isinstance(value, int | float) and not isinstance(value, bool) and kind == "number":
        page.write_number(row, index, value, styles["number"])
    else:
        text = plain(str(value))
        page.write_string(row, index, text, styles["quoted" if dangerous(text) else "text"])


def _dated(value: Value) -> bool:
    if isinstance(value, datetime):
        return value.date() >= FIRST_DAY
    return isinstance(value, time) or (isinstance(value, date) and value >= FIRST_DAY)


def _title(title: str, taken: set[str]) -> str:
    """At most 31 letters, none of those a sheet's name may not have, each name once."""
    base = plain(title).translate(_BAD_TITLE).strip("' ")[:31] or "Sheet"
    name, number = base, 2
    while name.lower() in taken:
        tail = f" ({number})"
        name, number = base[: 31 - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name
