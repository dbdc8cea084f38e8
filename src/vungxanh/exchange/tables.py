"""Read any table that people send: XLSX, XLSM, XLSB, XLS, ODS, CSV and its cousins, HTML saved as .xls.

`read` gives one `Table` a sheet: where the head stands, what is under it, and for each row its number in the
sender's file, so that a fault can be shown where the sender will look. What a column means is not known here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from vungxanh.core.errors import UserError
from vungxanh.exchange import bounds, legacy, text_tables
from vungxanh.exchange.safe import Value

Grid = list[list[Value]]
#: how far down a head may stand under titles, ministries' names and dates
DEEPEST_HEAD = 30
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `head` as written, two-storeyed heads joined by " / "; `rows[i]` stands in line `numbers[i]`."""

    sheet: str
    head: tuple[str, ...]
    head_line: int
    rows: list[list[Value]]
    numbers: list[int]
    format: str
    encoding: str = ""
    delimiter: str = ""
    above: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Raw:
    """A sheet before its head is found; `merged` are 0-based (top, left, bottom, right), inclusive."""

    name: str
    grid: Grid
    format: str
    encoding: str = ""
    delimiter: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read(content: bytes, known: Callable[[str], bool] | None = None) -> list[Table]:
    """Every sheet of `content` that has a head. `known` says whether a word is the name of a column somewhere.

    Raises UserError `exchange.file-empty`, `file-too-large`, `file-broken`, `file-locked`, `zip-bomb`,
    `too-many-cells`, `no-table`.
    """
    bounds.check_size(content)
    tables = [table for raw in _sheets(content) if (table := _table(raw, known or _unknown))]
    if not tables:
        raise UserError("exchange.no-table")
    return tables


def _unknown(_: str) -> bool:
    return False


def _sheets(content: bytes) -> list[_Raw]:
    if content.startswith(b"PK"):
        return _zipped(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _old(content)
    text, encoding = legacy.decoded(content)
    if text_tables.is_html(text):
        return [_Raw(f"{index}", grid, "html", encoding) for index, grid in enumerate(text_tables.html(text), 1)]
    grid, delimiter = text_tables.delimited(text)
    return [_Raw("", grid, "csv", encoding, delimiter)]


def _zipped(content: bytes) -> list[_Raw]:
    archive = bounds.check_zip(content)
    names = set(archive.namelist())
    if "mimetype" in names or "content.xml" in names:
        bounds.check_document(archive)
        return _workbook(content, "ods")
    bounds.check_workbook(archive)
    return _workbook(content, "xlsx")


def _old(content: bytes) -> list[_Raw]:
    """Binary workbooks; a locked .xlsx wears the same coat."""
    if len(content) > bounds.LARGEST_XLS:
        raise UserError(
            "exchange.file-too-large",
            megabytes=len(content) // bounds.MEBI,
            most=bounds.LARGEST_XLS // bounds.MEBI,
        )
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UserError("exchange.file-locked")
    return _workbook(content, "xls")


def _workbook(content: bytes, form: str) -> list[_Raw]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        shown = [item.name for item in book.sheets_metadata if _is_shown(item)]
        return [_sheet(book, name, form) for name in shown]
    except python_calamine.PasswordError as exc:
        raise UserError("exchange.file-locked") from exc
    except (python_calamine.CalamineError, OSError, ValueError) as exc:
        raise UserError("exchange.file-broken") from exc


def _is_shown(item: Any) -> bool:
    return str(item.visible).endswith(".Visible") and str(item.typ).endswith(".WorkSheet")


def _sheet(book: CalamineWorkbook, name: str, form: str) -> _Raw:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_width > bounds.MOST_COLUMNS or sheet.total_height * sheet.total_width > bounds.MOST_CELLS:
        raise UserError(
            "exchange.too-many-cells", rows=sheet.total_height, columns=sheet.total_width, most=bounds.MOST_COLUMNS
        )
    grid = [[_value(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    return _Raw(name, grid, form, merged=merged)


def _value(value: Any) -> Value:
    if value == "" or value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, str | int | float | bool | date | datetime | time) else str(value)


# ------------------------------------------------------------------ the head, and what stands under it


def _table(raw: _Raw, known: Callable[[str], bool]) -> Table | None:
    reading = legacy.repaired(cell for row in raw.grid for cell in row if isinstance(cell, str))
    grid = _repaired(raw.grid, reading)
    place = find_head(grid, known)
    if place is None:
        return None
    first, last = place
    _fill_merged(grid, raw.merged, last)
    head = _head(grid, first, last, raw.merged)
    width = len(head)
    body = [(number, (row + [None] * width)[:width]) for number, row in enumerate(grid[last + 1 :], last + 2)]
    kept = [(number, row) for number, row in body if any(not blank(cell) for cell in row)]
    return Table(
        sheet=raw.name,
        head=head,
        head_line=last + 1,
        rows=[row for _, row in kept],
        numbers=[number for number, _ in kept],
        format=raw.format,
        encoding=reading or raw.encoding,
        delimiter=raw.delimiter,
        above=tuple(" ".join(str(cell) for cell in row if not blank(cell)) for row in grid[:first] if any(row)),
    )


def _repaired(grid: Grid, reading: str | None) -> Grid:
    if reading is None:
        return [list(row) for row in grid]
    fix = legacy.READERS[reading]
    return [[fix(cell) if isinstance(cell, str) else cell for cell in row] for row in grid]


def blank(cell: Value) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def find_head(grid: Grid, known: Callable[[str], bool]) -> tuple[int, int] | None:
    """First and last row (0-based) of the head: of the first thirty rows the one most like names of columns."""
    scores = [(_head_score(row, known), -index) for index, row in enumerate(grid[:DEEPEST_HEAD])]
    best = max(scores, default=(0.0, 0))
    if best[0] <= 0:
        return None
    last = -best[1]
    first = last
    # A second storey: the row below names more columns, all text, under merged names above.
    if last + 1 < len(grid) and _is_second_storey(grid[last], grid[last + 1], known):
        last += 1
    elif (
        last > 0
        and _head_score(grid[last - 1], known) >= 2
        and _is_second_storey(grid[last - 1], grid[last], known)
    ):
        first -= 1
    return first, last


def _head_score(row: Sequence[Value], known: Callable[[str], bool]) -> float:
    """How much a row looks like a head: different texts, known words; numbers and dates speak against it."""
    cells = [cell for cell in row if not blank(cell)]
    if not cells:
        return 0.0
    texts = [title(cell) for cell in cells if isinstance(cell, str)]
    distinct = len({text.lower() for text in texts if not re.fullmatch(r"[\d\s/.:,-]+", text)})
    others = len(cells) - len(texts)
    hits = sum(known(text) for text in texts)
    lengthy = sum(len(text) > 80 for text in texts)
    if len(cells) == 1 and not hits:
        return 0.1 if texts and len(row) == 1 else 0.0
    return distinct + 3 * hits - 2 * others - 2 * lengthy


def _is_second_storey(upper: Sequence[Value], lower: Sequence[Value], known: Callable[[str], bool]) -> bool:
    """Gaps above are filled by text below, and below is nothing that looks like data."""
    texts = [cell for cell in lower if not blank(cell)]
    if not texts or not all(isinstance(cell, str) and not re.search(r"\d{2}", cell) for cell in texts):
        return False
    gaps = [index for index, cell in enumerate(upper) if blank(cell)]
    filled = [index for index in gaps if index < len(lower) and not blank(lower[index])]
    pairs = zip(upper, lower, strict=False)
    both = sum(not blank(above) and not blank(below) for above, below in pairs)
    hits = sum(known(title(cell)) for cell in texts)
    return len(filled) >= 1 and both <= len(filled) + 1 and (hits >= 1 or both < len(filled))


def title(cell: Value) -> str:
    """The name of a column as one line."""
    return _SPACES.sub(" ", str(cell)).strip() if cell is not None else ""


def _head(grid: Grid, first: int, last: int, merged: Sequence[tuple[int, int, int, int]]) -> tuple[str, ...]:
    width = max(len(row) for row in grid[first:])
    lower = [title(cell) for cell in grid[last]] + [""] * (width - len(grid[last]))
    if first < last:
        upper = _spread(grid[first], width, first, merged)
        lower = [_joined(above, below) for above, below in zip(upper, lower, strict=True)]
    while lower and not lower[-1] and _is_empty(grid[last:], len(lower) - 1):
        lower.pop()
    return tuple(lower)


def _is_empty(rows: Grid, index: int) -> bool:
    return all(blank(row[index]) for row in rows if index < len(row))


def _spread(row: Sequence[Value], width: int, line: int, merged: Sequence[tuple[int, int, int, int]]) -> list[str]:
    """The upper storey, each merged name over all of its columns; with no merges, up to the next name."""
    names = [title(cell) for cell in row] + [""] * (width - len(row))
    spans = [(left, right) for top, left, bottom, right in merged if top <= line <= bottom]
    for left, right in spans:
        for index in range(left + 1, min(right + 1, width)):
            names[index] = names[index] or names[left]
    if not spans:
        for index in range(1, width):
            names[index] = names[index] or names[index - 1]
    return names


def _joined(above: str, below: str) -> str:
    return f"{above} / {below}" if above and below and above != below else above or below


def _fill_merged(grid: Grid, merged: Sequence[tuple[int, int, int, int]], head: int) -> None:
    """A value merged over several rows of the body (a province, a household) belongs to each of them."""
    for top, left, bottom, right in merged:
        if top <= head or top >= len(grid) or left >= len(grid[top]):
            continue
        value = grid[top][left]
        for row in grid[top : bottom + 1]:
            for index in range(left, min(right + 1, len(row))):
                row[index] = value if blank(row[index]) else row[index]
