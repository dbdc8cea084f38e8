"""Tables in plain text: CSV with any of four delimiters, and HTML that programs save as .xls."""

import csv
import re
from html.parser import HTMLParser
from io import StringIO

from vungxanh.core.errors import UserError
from vungxanh.exchange import bounds
from vungxanh.exchange.safe import Value

Grid = list[list[Value]]
DELIMITERS = ";,\t|"
_SAMPLE = 30
_HTML = re.compile(r"^\s*(?:<!doctype html|<html|<table|<\?xml[^>]*\?>\s*<html)", re.IGNORECASE)


def is_html(text: str) -> bool:
    return bool(_HTML.match(text))


def delimited(text: str) -> tuple[Grid, str]:
    """Rows of text and the delimiter. Raises UserError `exchange.file-broken` or `exchange.too-many-cells`."""
    bare = text.replace("\0", "")
    first, _, rest = bare.partition("\n")
    # Excel's own way to name the delimiter.
    named = re.fullmatch(r"sep=(.)\r?", first)
    delimiter = named.group(1) if named else _delimiter(bare)
    rows: Grid = [[]] if named else []
    reader = csv.reader(StringIO(rest if named else bare, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            _bounded(len(rows), len(row))
            rows.append([cell or None for cell in row])
    except csv.Error as exc:
        raise UserError("exchange.file-broken") from exc
    return rows, delimiter


def _bounded(rows: int, columns: int) -> None:
    if columns > bounds.MOST_COLUMNS or rows >= bounds.MOST_ROWS:
        raise UserError("exchange.too-many-cells", rows=rows, columns=columns, most=bounds.MOST_COLUMNS)


def _delimiter(text: str) -> str:
    """The one that cuts the most lines into the same number of columns, and into more than one."""
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    best, score = ",", 0.0
    for candidate in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1 and (mark := widths.count(usual) * (usual - 1) ** 0.5) > score:
            best, score = candidate, mark
    return best


def html(text: str) -> list[Grid]:
    """Every `<table>` of a page; cells that span are repeated empty."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [grid for grid in parser.tables if grid]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Grid] = []
        self.cell: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._close()
            span = dict(attrs).get("colspan") or "1"
            self.cell, self.span = [], int(span) if span.isascii() and span.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _close(self) -> None:
        if self.cell is None or not self.tables or not self.tables[-1]:
            return
        row = self.tables[-1][-1]
        _bounded(len(self.tables[-1]), len(row) + self.span)
        row += [" ".join("".join(self.cell).split()) or None, *([None] * (self.span - 1))]
        self.cell = None
