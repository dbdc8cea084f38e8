"""The list of files that a server offers: `index.txt`, one path a line, oldest first, as in Google's server."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vungxanh.core.errors import UserError

NAME = re.compile(r"(?P<start>\d{10})-(?P<end>\d{10})-(?P<num>\d{5})\.zip")
MAX_LINES = 10_000


@dataclass(frozen=True, slots=True, order=True)
class IndexEntry:
    """One file: window (Unix s) and number within it."""

    start: int
    end: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.start:010d}-{self.end:010d}-{self.number:05d}.zip"


def write_index(folder: str, entries: Sequence[IndexEntry]) -> str:
    """Entries -> text, with the folder before each name."""
    return "".join(f"{folder}/{entry.name}\n" for entry in sorted(entries))


def read_index(text: str) -> list[IndexEntry]:
    """Text -> entries; a path may have any folders. Raises UserError `exposure.index-line`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise UserError("exposure.index-line", line=MAX_LINES + 1)
    return [_entry(line, number) for number, line in enumerate(lines, 1)]


def _entry(line: str, number: int) -> IndexEntry:
    found = NAME.fullmatch(line.rpartition("/")[2])
    if found is None:
        raise UserError("exposure.index-line", line=number)
    return IndexEntry(int(found["start"]), int(found["end"]), int(found["num"]))
