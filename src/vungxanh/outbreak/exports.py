"""The exposed of a case as a workbook: real dates, text ids, nothing that a spreadsheet would run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from vungxanh.outbreak import times, words
from vungxanh.outbreak.words import Book
from vungxanh.tracing.model import ContactRow

DRILL = "DIỄN TẬP – KHÔNG CÓ THẬT"
#: a cell that begins with one of these is taken for a formula when the sheet is saved as CSV and opened again
RISKY = ("=", "+", "-", "@", "\t", "\r")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """A table to write. A value is text, a number, a local datetime or None."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file; in a drill every sheet and every printed page says so."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    for sheet in sheets:
        _write(book, sheet)
    book.close()
    return out.getvalue()


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name[:31])
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    if settings.DEMO:
        page.set_header(f"&C&B{DRILL}")
        page.set_footer(f"&C&B{DRILL}")
    title = f"{DRILL} – {sheet.title}" if settings.DEMO else sheet.title
    page.write_string(0, 0, title, bold)
    for column, head in enumerate(sheet.heads):
        page.write_string(2, column, head, bold)
        page.set_column(column, column, sheet.widths[column] if column < len(sheet.widths) else 16)
    count = 0
    for number, row in enumerate(sheet.rows, 3):
        count = number
        for column, value in enumerate(row):
            _cell(page, number, column, value, date)
    page.autofilter(2, 0, max(count, 3), len(sheet.heads) - 1)
    page.freeze_panes(3, 0)
    page.set_landscape()
    page.repeat_rows(2)


def _cell(page: Any, row: int, column: int, value: object, date: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), date)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, harmless(str(value)))


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, now or after a round trip through CSV."""
    return f"'{text}" if text.startswith(RISKY) else text


def contacts_sheet(rows: Sequence[ContactRow], book: Book, title: str) -> Sheet:
    """The exposed as rows; times are local."""
    heads = (
        _("Number"),
        _("Person"),
        _("Class"),
        _("First exposed"),
        _("Last exposed"),
        _("Minutes"),
        _("Certainty"),
        _("Rule"),
        _("Through"),
        _("Evidence"),
    )
    return Sheet(
        _("Contacts"),
        title,
        heads,
        (_contact(row, book) for row in rows),
        widths=(12, 28, 8, 18, 18, 10, 16, 24, 36, 90),
    )


def _contact(row: ContactRow, book: Book) -> tuple[object, ...]:
    return (
        str(row.contact),
        book.person(row.contact),
        f"F{row.generation}",
        times.local(row.first_exposed),
        times.local(row.last_exposed),
        round(row.seconds / 60, 2),
        words.certainty(row.certainty),
        row.rule,
        book.chain(row),
        "\n".join(book.item(item) for item in row.evidence),
    )
