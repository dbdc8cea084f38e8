"""A numbered list that comes back with what was found: read by its own columns, answered line by line in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from vungxanh.codes.parts import folded
from vungxanh.core.errors import UserError, message
from vungxanh.exchange import cells, heads, tables
from vungxanh.exchange.safe import Value
from vungxanh.exchange.xlsx import Column, Sheet, write

#: as our own list heads them, without marks; "note" is what police write beside it
HEADS = {"line": ("stt", "so thu tu", "no"), "outcome": ("ket qua tim", "ket qua"), "note": ("ghi chu", "noi den")}
#: an outcome and the words for it, without marks; longer words first, "khong thay" holds "thay"
WORDS = (
    ("not-found", ("khong thay", "khong tim thay", "khong gap", "not found", "chua thay")),
    ("moved", ("da chuyen di", "chuyen di", "di noi khac", "moved")),
    ("found", ("da thay", "tim thay", "thay", "da gap", "gap", "co nha", "found")),
)


@dataclass(frozen=True, slots=True)
class CameLine:
    """One line: `number` in the sender's file, `line` of our list, what was written and what it means."""

    number: int
    line: int | None
    written: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class Came:
    """The file: its table and its lines."""

    table: tables.Table
    lines: list[CameLine]


def read(content: bytes) -> Came:
    """Raises what `tables.read` raises, `declarations.no-outcome-column`."""
    for table in tables.read(content, heads.known):
        place = _columns(table.head)
        if {"line", "outcome"} <= place.keys():
            lines = [_line(n, row, place) for n, row in zip(table.numbers, table.rows, strict=True)]
            return Came(table, lines)
    raise UserError("declarations.no-outcome-column", field="file")


def _columns(head: tuple[str, ...]) -> dict[str, int]:
    plain = [folded(title).lower().strip(" .:") for title in head]
    return {name: index for name, known in HEADS.items() for index, title in enumerate(plain) if title in known}


def _line(number: int, row: list[Value], place: Mapping[str, int]) -> CameLine:
    told = {name: cells.text(row[index]) if index < len(row) else "" for name, index in place.items()}
    line = told["line"].removesuffix(".0")
    written = told["outcome"]
    return CameLine(
        number, int(line) if line.isdecimal() else None, written, meaning(written), told.get("note", "")[:300]
    )


def meaning(written: str) -> str:
    """`Đã chuyển đi` -> `moved`; empty where it says none of the three."""
    plain = folded(written).lower().strip(" .")
    return next((outcome for outcome, words in WORDS if any(plain.startswith(one) for one in words)), "")


def answered(came: Came, answers: Mapping[int, str], language: str) -> bytes:
    """The same lines with one more column that says what became of each."""
    table = came.table
    title = "Hệ thống trả lời" if language == "vi" else "Answer"
    columns = [*(Column(head) for head in table.head), Column(title, width=60)]
    rows: list[list[Value]] = [
        [*("" if value is None else str(value) for value in row), message(answers[number], language)]
        for number, row in zip(table.numbers, table.rows, strict=True)
    ]
    return write([Sheet(table.sheet[:31] or "1", columns, rows, list(table.above))])
