"""Files of three formats -> rows, one at a time, each with the number of its line."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id
from vungxanh.lake.lines import Line, Reading, lines
from vungxanh.lake.parse import OPTIONAL, REQUIRED, Parser, Record
from vungxanh.lake.rows import Encounter, Flag, Row

FORMATS = ("csv", "parquet", "sociopatterns")
STEP = 20  # seconds between two rows of a SocioPatterns file; a row speaks of the 20 s before its time
SENSOR_REACH_M = 1.5  # such badges hear each other face to face within 1 to 1.5 m


@dataclass(frozen=True, slots=True)
class Read:
    """A row, or why there is none. `text`: what stood there."""

    line: int
    row: Row | None
    refused: UserError | None = None
    text: str = ""


def kind_of(columns: list[str]) -> str:
    """What a file is about, from its heads."""
    for kind in ("encounters", "visits", "seats", "households", "rosters", "isolations", "places"):
        if all(name in columns for name in REQUIRED[kind]):
            return kind
    heads = ", ".join(columns)[:200]
    raise UserError("lake.columns", missing="person, place, start, end", heads=heads)


def format_of(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    if name.endswith(".parquet"):
        return "parquet"
    return "sociopatterns" if name.endswith(".dat") else "csv"


def check_columns(kind: str, columns: list[str]) -> None:
    missing = [name for name in REQUIRED[kind] if name not in columns]
    if missing:
        raise UserError("lake.columns", missing=", ".join(missing), heads=", ".join(columns)[:200])


def unused(kind: str, columns: list[str]) -> list[str]:
    """Heads that mean nothing here; named, never guessed at."""
    return [name for name in columns if name not in REQUIRED[kind] and name not in OPTIONAL[kind]]


@dataclass
class Table:
    """A file with heads, opened: its columns are known, its rows are still to come."""

    columns: list[str]
    records: Iterator[tuple[int, Record | UserError, str]]

    def rows(self, parser: Parser) -> Iterator[Read]:
        for number, record, text in self.records:
            if isinstance(record, UserError):
                yield Read(number, None, record, text)
                continue
            try:
                yield Read(number, parser.row(record), None, text)
            except UserError as exc:
                yield Read(number, None, exc, text)


def open_csv(path: Path, reading: Reading) -> Table:
    """Comma, semicolon or tab; the first line holds the heads."""
    source = lines(path, reading)
    head = next(source, None)
    if head is None:
        raise UserError("lake.unreadable", file=path.name, reason="the file is empty")
    if head.refused:
        raise UserError("lake.unreadable", file=path.name, reason=head.refused.text("en")) from head.refused
    mark = max(",;\t", key=head.text.count)
    columns = [name.strip().lower() for name in next(csv.reader([head.text], delimiter=mark), [])]
    return Table(columns, csv_records(source, columns, mark))


def csv_records(
    source: Iterator[Line], columns: list[str], mark: str
) -> Iterator[tuple[int, Record | UserError, str]]:
    for line in source:
        if line.refused:
            yield line.number, line.refused, line.text
        elif line.text.strip():
            cells = next(csv.reader([line.text], delimiter=mark), [])
            if len(cells) != len(columns):
                found = UserError("lake.cells", found=len(cells), wanted=len(columns))
                yield line.number, found, line.text
            else:
                yield line.number, dict(zip(columns, cells, strict=True)), line.text


def open_parquet(path: Path, reading: Reading) -> Table:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as exc:
        raise UserError("lake.unreadable", file=path.name, reason=str(exc).splitlines()[0]) from exc
    return Table([name.lower() for name in file.schema_arrow.names], parquet_records(path, file, reading))


def parquet_records(
    path: Path, file: pq.ParquetFile, reading: Reading
) -> Iterator[tuple[int, Record | UserError, str]]:
    try:
        for batch in file.iter_batches(batch_size=65_536):
            for record in batch.to_pylist():
                reading.lines += 1
                words = {name.lower(): as_word(value) for name, value in record.items()}
                yield reading.lines, words, ",".join(words.values())
    except (pa.ArrowException, OSError) as exc:
        raise UserError("lake.unreadable", file=path.name, reason=str(exc).splitlines()[0]) from exc


def as_word(value: object) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def sociopatterns(path: Path, reading: Reading, source: str, zero: int) -> Iterator[Read]:
    """`t i j …` in steps of 20 s: consecutive rows of a pair are one encounter with its true seconds.

    `zero`: minute of t = 0. Format: sociopatterns.org, "the contact was active in [t - 20 s, t]".
    """
    running: dict[tuple[int, int], tuple[int, int, int]] = {}  # pair -> (first t, last t, line)
    newest = 0
    for line in lines(path, reading):
        try:
            t, pair = sighting(line)
        except UserError as exc:
            yield Read(line.number, None, exc, line.text)
            continue
        if t < newest:
            yield Read(line.number, None, UserError("lake.out-of-order", t=t, newest=newest), line.text)
            continue
        newest = t
        known = running.get(pair)
        if known and t - known[1] > STEP:
            yield Read(known[2], meeting(pair, known, source, zero))
            known = None
        running[pair] = (known[0], t, known[2]) if known else (t, t, line.number)
    for pair, span in running.items():
        yield Read(span[2], meeting(pair, span, source, zero))


def sighting(line: Line) -> tuple[int, tuple[int, int]]:
    if line.refused:
        raise line.refused
    words = line.text.split()
    if len(words) < 3:
        raise UserError("lake.cells", found=len(words), wanted=3)
    if not all(word.isdecimal() and len(word) < 19 for word in words[:3]):
        raise UserError("lake.not-a-number", name="t i j", value=line.text[:40])
    t, one, other = map(int, words[:3])
    if one == other:
        raise UserError("lake.with-oneself", person=one)
    return t, (min(one, other), max(one, other))


def meeting(pair: tuple[int, int], span: tuple[int, int, int], source: str, zero: int) -> Encounter:
    begin, finish = span[0] - STEP, span[1]
    start, end = zero + begin // 60, zero + -(-finish // 60)
    row = content_id("encounters", *pair, start, end, begin, finish)
    return Encounter(
        *pair,
        start,
        end,
        finish - begin,
        SENSOR_REACH_M,
        flags=int(Flag.DISTANCE_AT_MOST),
        source=source,
        row=row,
    )


OPENERS: dict[str, Callable[[Path, Reading], Table]] = {"csv": open_csv, "parquet": open_parquet}
