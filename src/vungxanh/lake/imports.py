"""A file into the lake: every row taken, known already, or refused by name; in whole batches; twice is as once."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np

from vungxanh.core import minutes
from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id
from vungxanh.lake.evidence import Evidence, table_of
from vungxanh.lake.files import durable
from vungxanh.lake.lines import Reading
from vungxanh.lake.parse import Parser
from vungxanh.lake.readers import OPENERS, Read, check_columns, format_of, kind_of, sociopatterns, unused
from vungxanh.lake.rows import Visit
from vungxanh.lake.schema import KINDS
from vungxanh.lake.stays import closed
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter

BATCH = 250_000
Say = Callable[[str], None]


@dataclass
class Summary:
    """What became of a file. `refused`: code -> rows; `rejects`: where they are listed with line and reason."""

    file: str
    kind: str
    format: str
    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    assumed_ends: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    rejects: str | None = None
    unused_columns: list[str] = field(default_factory=list)
    unended: bool = False

    @property
    def refusals(self) -> int:
        return sum(self.refused.values())


@dataclass(frozen=True, slots=True)
class Import:
    """One file and how it is meant."""

    path: Path
    lake: Path
    kind: str | None = None
    format: str | None = None
    day0: date | None = None
    source: str = "file"
    strict: bool = False

    @property
    def zero(self) -> int:
        """The minute that bare numbers count from."""
        return minutes.day_start(self.day0) if self.day0 else 0


def run(wanted: Import, say: Say = lambda _: None) -> Summary:
    """Import a file. Raises UserError `lake.unreadable`, `lake.columns`, and with `strict` `lake.refused`, before
    anything was written."""
    if wanted.strict:
        check = Taking(wanted, dry=True)
        check.take(say)
        if check.summary.refusals:
            raise UserError("lake.refused", count=check.summary.refusals, rejects=check.summary.rejects)
    taking = Taking(wanted, dry=False)
    taking.take(say)
    return taking.summary


class Taking:
    """One pass over a file; `dry` only looks."""

    def __init__(self, wanted: Import, *, dry: bool) -> None:
        self.wanted, self.dry = wanted, dry
        self.reading = Reading()
        self.open_visits: list[tuple[int, Visit]] = []
        self.rejected: list[tuple[int, UserError, str]] = []
        form = wanted.format or format_of(wanted.path)
        self.summary = Summary(str(wanted.path), wanted.kind or "", form)
        self.reads = self._reads(form)

    def _reads(self, form: str) -> Iterator[Read]:
        wanted = self.wanted
        if form == "sociopatterns":
            self.summary.kind = "encounters"
            return sociopatterns(wanted.path, self.reading, wanted.source, wanted.zero)
        table = OPENERS[form](wanted.path, self.reading)
        kind = wanted.kind or kind_of(table.columns)
        check_columns(kind, table.columns)
        self.summary.kind, self.summary.unused_columns = kind, unused(kind, table.columns)
        return table.rows(Parser(kind, wanted.source, wanted.zero))

    def take(self, say: Say) -> None:
        try:
            while batch := list(islice(self.reads, BATCH)):
                self.store(self.sorted_out(batch))
                say(f"{self.summary.accepted + self.summary.duplicates:,} …")
            self.store_open()
        finally:
            self.summary.lines, self.summary.unended = self.reading.lines, self.reading.unended
            self.write_rejects()
        if not self.dry:
            LakeWriter(self.wanted.lake).compact()

    def sorted_out(self, batch: Iterable[Read]) -> list[Read]:
        """The rows that can be stored; refusals and open visits are put aside."""
        good = []
        for read in batch:
            if read.refused:
                self.refuse(read.line, read.refused, read.text)
            elif isinstance(read.row, Visit) and read.row.end == read.row.start:
                self.open_visits.append((read.line, read.row))
            else:
                good.append(read)
        return good

    def refuse(self, line: int, why: UserError, text: str) -> None:
        self.summary.refused[why.code] = self.summary.refused.get(why.code, 0) + 1
        self.rejected.append((line, why, text))

    def store(self, reads: list[Read]) -> None:
        """One durable batch; an id that comes again with other content is refused."""
        unique: dict[int, Read] = {}
        for read in reads:
            assert read.row is not None
            first = unique.setdefault(read.row.row, read)
            if first is not read and first.row == read.row:
                self.summary.duplicates += 1
            elif first is not read:
                self.refuse(read.line, UserError("lake.id-with-other-content"), read.text)
        if not unique:
            return
        kind = self.summary.kind
        rows = (read.row for read in unique.values() if read.row)
        evidence = Evidence.empty().with_tables(**{kind: table_of(kind, rows)})
        writer = LakeWriter(self.wanted.lake)
        done = writer.check(evidence) if self.dry else writer.append(evidence)
        self.summary.accepted += done.new
        self.summary.duplicates += done.same
        for _, row in done.conflicts:
            self.refuse(unique[row].line, UserError("lake.id-with-other-content"), unique[row].text)

    def store_open(self) -> None:
        """Visits without an end get an assumed one, once everything else is known."""
        if not self.open_visits or self.dry:
            return
        writer = LakeWriter(self.wanted.lake)
        if not (self.wanted.lake / "manifest.json").exists():
            writer.append(Evidence.empty())
        visits = closed((visit for _, visit in self.open_visits), open_lake(self.wanted.lake))
        known = set(writer.known("visits", np.array([visit.row for visit in visits], dtype=np.int64)).tolist())
        done = writer.append(Evidence.of(visits=[visit for visit in visits if visit.row not in known]))
        self.summary.accepted += done.new
        self.summary.assumed_ends += done.new
        self.summary.duplicates += len(visits) - done.new

    def write_rejects(self) -> None:
        """Line, code, reason in both languages, and what stood there."""
        if not self.rejected:
            return
        name = f"{self.wanted.path.name}-{content_id(str(self.wanted.path.resolve())):016x}.rejects.csv"
        path = self.wanted.lake / "rejects" / name
        with durable(path) as draft, draft.open("w", encoding="utf-8", newline="") as out:
            sheet = csv.writer(out)
            sheet.writerow(["line", "code", "reason", "ly_do", "text"])
            for line, why, text in sorted(self.rejected, key=lambda r: r[0]):
                sheet.writerow([line, why.code, why.text("en"), why.text("vi"), text[:200]])
        self.summary.rejects = str(path)


__all__ = ["KINDS", "Import", "Summary", "run"]
