"""What a file may cost before it is opened: size, inflated size, cells. Measured without building the table.

A sheet that names one cell in its last corner would make a reader reserve seventeen billion cells.
"""

import re
import zipfile
from io import BytesIO
from typing import IO
from xml.etree import ElementTree as ET

from vungxanh.core.errors import UserError

MEBI = 1024 * 1024
#: an officer's line list of 100,000 rows is 20 MB; above this, send CSV
LARGEST_FILE = 64 * MEBI
#: old binary workbooks cannot be measured first, so they may be only this large
LARGEST_XLS = 20 * MEBI
LARGEST_INFLATED = 1024 * MEBI
MOST_ENTRIES = 2_000
MOST_COLUMNS = 512
MOST_ROWS = 1_048_576
MOST_CELLS = 30_000_000
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_CHUNK = MEBI
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def check_size(content: bytes) -> None:
    """Raises UserError `exchange.file-too-large` or `exchange.file-empty`."""
    if not content:
        raise UserError("exchange.file-empty")
    if len(content) > LARGEST_FILE:
        raise UserError("exchange.file-too-large", megabytes=len(content) // MEBI, most=LARGEST_FILE // MEBI)


def check_zip(content: bytes) -> zipfile.ZipFile:
    """An archive that may be unpacked. Raises UserError `exchange.file-broken` or `exchange.zip-bomb`."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
        raise UserError("exchange.file-broken") from exc
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_INFLATED:
        raise UserError("exchange.zip-bomb", most=LARGEST_INFLATED // MEBI)
    return archive


def check_workbook(archive: zipfile.ZipFile) -> None:
    """Extent of every sheet of an .xlsx. Raises UserError `exchange.too-many-cells`, `file-broken`, `zip-bomb`."""
    for entry in archive.infolist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename, re.IGNORECASE):
            _check_extent(*_extent(archive, entry))


def check_document(archive: zipfile.ZipFile) -> None:
    """Cells of an .ods with their repetitions counted. Raises UserError `exchange.too-many-cells`."""
    try:
        with archive.open("content.xml") as stream:
            _check_ods(stream)
    except (KeyError, ET.ParseError, zipfile.BadZipFile, OSError, EOFError, RuntimeError) as exc:
        raise UserError("exchange.file-broken") from exc


def _extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Last row and column that any cell of a sheet names."""
    rows = columns = unpacked = 0
    tail = b""
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > LARGEST_INFLATED:
                    raise UserError("exchange.zip-bomb", most=LARGEST_INFLATED // MEBI)
                for letters, digits in _REF.findall(tail + chunk):
                    rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                tail = chunk[-32:]
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as exc:
        raise UserError("exchange.file-broken") from exc
    return rows, columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_extent(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS or rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise UserError("exchange.too-many-cells", rows=rows, columns=columns, most=MOST_COLUMNS)


def _check_ods(stream: IO[bytes]) -> None:
    rows = width = 0
    wide = 0
    for _, element in ET.iterparse(stream):  # noqa: S314 - expat bounds entity expansion itself
        if element.tag == _ODS + "table-cell" and len(element):
            wide += int(element.get(_ODS + "number-columns-repeated", "1"))
        elif element.tag == _ODS + "table-row":
            if wide:
                rows += int(element.get(_ODS + "number-rows-repeated", "1"))
                width = max(width, wide)
            wide = 0
            element.clear()
        elif element.tag == _ODS + "table":
            _check_extent(rows, width)
            rows = width = 0
            element.clear()
