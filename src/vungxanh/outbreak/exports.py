"""The exposed of a case as a workbook: what each column means."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from vungxanh.exchange import xlsx
from vungxanh.exchange.xlsx import Column, Sheet
from vungxanh.outbreak import times, words
from vungxanh.outbreak.words import Book
from vungxanh.tracing.model import ContactRow

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def contacts_workbook(rows: Sequence[ContactRow], book: Book, title: str) -> bytes:
    """XLSX; ids as text, local times as real dates, people masked."""
    columns = (
        Column(_("Number"), width=12),
        Column(_("Person"), width=28),
        Column(_("Class"), width=8),
        Column(_("First exposed"), "moment"),
        Column(_("Last exposed"), "moment"),
        Column(_("Minutes"), "number"),
        Column(_("Certainty"), width=16),
        Column(_("Rule"), width=24),
        Column(_("Through"), width=36),
        Column(_("Evidence"), width=90),
    )
    sheet = Sheet(_("Contacts"), columns, (_contact(row, book) for row in rows), heading=(title,))
    return xlsx.write([sheet], drill=settings.DEMO)


def _contact(row: ContactRow, book: Book) -> tuple[str | float | datetime, ...]:
    return (
        str(row.contact),
        book.person(row.contact),
        words.called(row),
        times.local(row.first_exposed),
        times.local(row.last_exposed),
        round(row.seconds / 60, 2),
        words.certainty(row.certainty),
        row.rule,
        book.chain(row),
        "\n".join(book.item(item) for item in row.evidence),
    )
