"""A workbook of stalls, rooms or floors, one row each. Only the name of the part is taken, no name of a person."""

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import clean, fold
from vungxanh.exchange.cells import text
from vungxanh.exchange.tables import Table, read

#: heads that name the part, best first
HEADS = (
    "ten quay", "ten sap", "ten gian hang", "ten phong", "ten tang", "so quay", "so sap", "quay", "sap",
    "gian hang",
    "phong", "tang", "ten", "stall", "room", "floor", "name",
)  # fmt: skip


def is_head(title: str) -> bool:
    return fold(title) in HEADS


def part_names(content: bytes) -> list[str]:
    """Names in the order of the rows, repeated ones once. Raises UserError `venues.no-part-column`."""
    for table in read(content, is_head):
        column = _column(table)
        if column is not None:
            names = (clean(text(row[column])) for row in table.rows if column < len(row))
            return list(dict.fromkeys(name for name in names if name))
    raise UserError("venues.no-part-column", field="file")


def _column(table: Table) -> int | None:
    heads = [fold(title) for title in table.head]
    return next((heads.index(wanted) for wanted in HEADS if wanted in heads), None)
