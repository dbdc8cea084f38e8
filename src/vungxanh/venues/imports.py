"""Lists that come in: stalls, rooms or floors, one row each; people of a market, a meeting, a paper register."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vungxanh.codes.identity import parse as parse_identity
from vungxanh.codes.phone import parse_or_none
from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import clean, fold
from vungxanh.exchange.cells import text
from vungxanh.exchange.tables import Table, read
from vungxanh.venues.schemas import Guest

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


#: what a column of a list of people means, by its head
PEOPLE_HEADS = {
    "name": ("ho va ten", "ho ten", "ten", "ten nguoi ban", "nguoi ban", "full name", "name"),
    "birth_year": ("nam sinh", "ngay sinh", "birth year", "year of birth"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "phone", "mobile"),
    "document": ("cccd", "so cccd", "cmnd", "so giay to", "identity number", "document"),
    "stall": ("quay", "sap", "ten quay", "so quay", "gian hang", "stall"),
    "role": ("vai tro", "cong viec", "role"),
    "seat": ("ghe", "so ghe", "cho ngoi", "seat"),
    "at": ("gio vao", "thoi gian", "gio den", "ngay gio", "time in", "at"),
    "left": ("gio ra", "gio ve", "time out", "left"),
}
_ROLES = {
    "ban hang": "trader",
    "nguoi ban": "trader",
    "boc xep": "porter",
    "nhan vien": "staff",
    "lai xe": "driver",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a list of people: traders, guests of a meeting, a paper register."""

    line: int
    guest: Guest
    stall: str = ""
    role: str = "trader"
    seat: str = ""
    at: str = ""
    left: str = ""


def is_people_head(title: str) -> bool:
    return any(fold(title) in heads for heads in PEOPLE_HEADS.values())


def people_rows(content: bytes) -> list[PersonRow]:
    """A workbook or CSV of people. Raises UserError `venues.no-person-column`."""
    for table in read(content, is_people_head):
        columns = _people_columns(table)
        if "name" in columns:
            return [row for n, cells in enumerate(table.rows, 2) if (row := _person(n, cells, columns))]
    raise UserError("venues.no-person-column", field="file")


def _people_columns(table: Table) -> dict[str, int]:
    heads = [fold(title) for title in table.head]
    found = {}
    for field, known in PEOPLE_HEADS.items():
        column = next((heads.index(one) for one in known if one in heads), None)
        if column is not None:
            found[field] = column
    return found


def _person(line: int, cells: Sequence[Any], columns: dict[str, int]) -> PersonRow | None:
    def said(field: str) -> str:
        place = columns.get(field)
        return clean(text(cells[place])) if place is not None and place < len(cells) else ""

    if not said("name"):
        return None
    year = re.search(r"(?:19|20)\d{2}", said("birth_year"))
    called = parse_or_none(said("phone")) if said("phone") else None
    guest = Guest(
        name=said("name")[:120],
        birth_year=int(year.group()) if year else None,
        phone=called.e164 if called else "",
        document=_document(said("document")),
    )
    role = _ROLES.get(fold(said("role")), said("role") if said("role") in _ROLES.values() else "trader")
    return PersonRow(line, guest, said("stall"), role, said("seat").upper(), said("at"), said("left"))


def _document(number: str) -> str:
    """A number that has the shape of none is left out: a list is not refused for a digit."""
    try:
        return parse_identity(number).number if number else ""
    except UserError:
        return ""
