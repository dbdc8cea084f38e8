"""From typed, photographed or scanned text to the two or three lines of a machine-readable zone."""

import re

from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import LONGEST, folded
from vungxanh.core.errors import UserError

#: number of lines and width of each format
SHAPES = ((3, 30), (2, 36), (2, 44))
_FILLERS = str.maketrans({"«": "<<", "‹": "<", "≤": "<", "＜": "<"})
_BAD = re.compile(r"[^A-Z0-9<]")
#: enough to try: starts as a document does and holds a run of fillers
FORM = re.compile(r"^\s*[PVIACpviac][A-Za-z0-9<«‹＜]", re.UNICODE)


def lines_of(text: str) -> tuple[list[str], list[Note]]:
    """Lines of capital letters, digits and `<`, with what had to be changed.

    Raises UserError `codes.mrz-character` naming the first letter that cannot stand in a zone.
    """
    notes: list[Note] = []
    raw = [line for line in text[:LONGEST].translate(_FILLERS).splitlines() if line.strip()]
    rows = [_row(line, notes) for line in raw[:6]]
    rows = _split(rows) if len(rows) == 1 else rows
    for number, row in enumerate(rows, 1):
        if bad := _BAD.search(row):
            raise UserError("codes.mrz-character", line=number, place=bad.start() + 1, letter=bad.group())
    return _padded(rows, notes), notes


def _row(line: str, notes: list[Note]) -> str:
    plain = "".join(line.split())
    if not plain.isascii():
        notes.append(note("mrz-diacritics"))
        plain = folded(plain).replace(" ", "")
    if plain != plain.upper():
        notes.append(note("mrz-lower-case"))
    return plain.upper()


def _split(rows: list[str]) -> list[str]:
    """A scanner without line ends gives one long line."""
    whole = rows[0]
    for lines, width in SHAPES:
        if len(whole) == lines * width:
            return [whole[start : start + width] for start in range(0, len(whole), width)]
    return rows


def _padded(rows: list[str], notes: list[Note]) -> list[str]:
    """Fillers that were dropped at the end of a line are put back; nothing is guessed inside one."""
    for lines, width in SHAPES:
        # A shorter line whose fellows are whole lost its fillers; longer lines belong to the next shape.
        if len(rows) == lines and max(len(row) for row in rows) <= width and _whole(rows, width):
            if any(len(row) < width for row in rows):
                notes.append(note("mrz-filler"))
            return [_refilled(row, width) for row in rows]
    return rows


def _whole(rows: list[str], width: int) -> bool:
    """Enough of every line is there, and one is complete or all nearly so."""
    if any(2 * len(row) < width for row in rows):
        return False
    return any(len(row) == width for row in rows) or all(len(row) > width - 8 for row in rows)


def _refilled(row: str, width: int) -> str:
    """Fillers before a closing check digit, else at the end."""
    missing = "<" * (width - len(row))
    tail = re.fullmatch(r"(.*<)(\d{1,2})", row)
    return tail.group(1) + missing + tail.group(2) if tail and missing else row + missing
