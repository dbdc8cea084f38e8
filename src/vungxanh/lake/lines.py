"""Lines of a text file that may be anything: gigabytes without a line end, cut, in another encoding, packed."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from vungxanh.core.errors import UserError

LONGEST = 65_536
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """`number` from 1; `refused` where the line cannot be read as text."""

    number: int
    text: str
    refused: UserError | None = None


@dataclass(slots=True)
class Reading:
    """What is known of a file after it was read. `unended`: its last line has no line end: it may be cut."""

    lines: int = 0
    unended: bool = False


def lines(path: Path, reading: Reading) -> Iterator[Line]:
    """Every line. Raises UserError `lake.unreadable` where the file as a whole cannot be read on."""
    try:
        with _opened(path) as file:
            if file.read(2) in UTF16:
                raise UserError("lake.unreadable", file=path.name, reason="UTF-16; save it as UTF-8")
            file.seek(0)
            yield from _lines(file, reading)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        reason = f"the packed file is cut or damaged after line {reading.lines}"
        raise UserError("lake.unreadable", file=path.name, reason=reason) from exc
    except OSError as exc:
        raise UserError("lake.unreadable", file=path.name, reason=exc.strerror or str(exc)) from exc


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _lines(file: IO[bytes], reading: Reading) -> Iterator[Line]:
    while raw := file.readline(LONGEST):
        reading.lines += 1
        number = reading.lines
        reading.unended = not raw.endswith(b"\n")
        if reading.unended and len(raw) == LONGEST:
            reading.unended = not _skip(file)
            yield Line(number, decode(raw[:80]), UserError("lake.line-too-long", longest=LONGEST))
            continue
        yield text_line(number, raw)


def text_line(number: int, raw: bytes) -> Line:
    if b"\x00" in raw:
        return Line(number, decode(raw[:80]), UserError("lake.not-text"))
    try:
        return Line(number, raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n"))
    except UnicodeDecodeError:
        return Line(number, decode(raw[:80]), UserError("lake.wrong-encoding"))


def decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").rstrip("\r\n")


def _skip(file: IO[bytes]) -> bool:
    """Read on to the end of the line; whether there was one."""
    while raw := file.readline(LONGEST):
        if raw.endswith(b"\n"):
            return True
    return False
