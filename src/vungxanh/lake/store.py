"""A lake on disk, opened for reading: one state of Parquet files, and the live tail on top of it."""

import time
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from vungxanh.core.errors import UserError
from vungxanh.lake import manifest
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.files import read
from vungxanh.lake.held import held_manifest, hold
from vungxanh.lake.live import Tail, tail_of
from vungxanh.lake.manifest import File
from vungxanh.lake.presence import Longs
from vungxanh.lake.schema import KINDS, ORDERS, PERSON_COLUMNS, SCHEMAS
from vungxanh.lake.segment import Segment
from vungxanh.lake.segment_cache import fresh, kept


class LakeStore:
    """One state of a lake directory. `live` adds what registered sources hold beyond it, read once."""

    def __init__(
        self, directory: Path, *, live: bool = False, now: int | None = None, state: str | None = None
    ) -> None:
        self.directory, self._held = directory, state
        self.manifest = manifest.load(directory) if state is None else held_manifest(directory, state)
        manifest.check(directory, self.manifest)
        self._live, self._now = live, now

    def paths(self, kind: str) -> list[Path]:
        """The Parquet files of a kind (by person, where there are two orders)."""
        order = "person" if kind in ORDERS else None
        return [self.directory / file.path for file in self.manifest.of(kind, order=order)]

    def table(self, kind: str) -> pa.Table:
        """All exported rows of a kind."""
        order = "person" if kind in ORDERS else None
        files = self.manifest.of(kind, order=order)
        return pa.concat_tables([SCHEMAS[kind].empty_table(), *(read(self.directory, f) for f in files)])

    def evidence_of(self, persons: Iterable[int]) -> Evidence:
        """The rows of some persons, and every place, tail included; reads only row groups that may hold them."""
        wanted = pa.array(sorted(set(persons)), type=pa.int64())
        tables = {kind: pa.concat_tables([self._filtered(kind, wanted)]) for kind in KINDS if kind != "places"}
        tail = {
            kind: table.filter(mask)
            for kind, table in self.tail.tables()
            if (mask := _mentions(kind, table, wanted)) is not None
        }
        found = Evidence(**tables, places=self.table("places"))
        return found.joined(Evidence(**tail, places=self.tail.places))

    def _filtered(self, kind: str, persons: pa.Array) -> pa.Table:
        order = "person" if kind in ORDERS else None
        test = pc.is_in(pc.field(PERSON_COLUMNS[kind][0]), persons)
        for name in PERSON_COLUMNS[kind][1:]:
            test |= pc.is_in(pc.field(name), persons)
        files = self.manifest.of(kind, order=order)
        return pa.concat_tables(
            [SCHEMAS[kind].empty_table(), *(read(self.directory, file, filters=test) for file in files)]
        )

    @cached_property
    def _tail(self) -> Tail | None:
        if not self._live:
            return None
        now = int(time.time() // 60) if self._now is None else self._now
        return tail_of(self.directory.resolve(), self.manifest.watermarks, now)

    @cached_property
    def tail(self) -> Evidence:
        """What is not exported yet."""
        return self._tail.evidence if self._tail is not None else Evidence.empty()

    def evidence(self) -> Evidence:
        """Every row, tail included. Raises UserError `lake.damaged`."""
        return self._stored().joined(self.tail)

    def _stored(self) -> Evidence:
        return Evidence(**{kind: self.table(kind) for kind in KINDS})

    def _read(self, files: list[File]) -> Evidence:
        tables = {
            kind: [SCHEMAS[kind].empty_table(), *(read(self.directory, f) for f in files if f.kind == kind)]
            for kind in KINDS
        }
        return Evidence(**{kind: pa.concat_tables(found) for kind, found in tables.items()})

    def _visits_of(self, persons: Longs) -> pa.Table:
        return self._filtered("visits", pa.array(persons))

    @cached_property
    def _segment(self) -> Segment:
        base = kept(self.directory, self.manifest, self._read, self._visits_of)
        if self._tail is None or not self._tail.num_rows:
            return base
        return self._tail.keeper.segment(self._tail, base, self._visits_of, self.evidence)

    def segment(self) -> Segment:
        """The same rows as index arrays."""
        return self._segment

    def index(self) -> bool:
        """Make the segment on disk that of this state; False where it is."""
        return fresh(self.directory, self.manifest, self._read)

    def hold(self, until: date) -> None:
        """Keep this state, tail included, up to and including a day."""
        hold(self.directory, self.manifest, self.state, self.tail, until)

    @property
    def state(self) -> str:
        """A name for exactly these rows."""
        if self._held is not None:
            return self._held
        if self._tail is None or not self._tail.num_rows:
            return self.manifest.state
        return f"{self.manifest.state}+{self._tail.fingerprint}"


def _mentions(kind: str, table: pa.Table, persons: pa.Array) -> pa.Array | None:
    """Which rows speak of these persons; None for places, which speak of nobody."""
    if kind == "places":
        return None
    found = pc.is_in(table.column(PERSON_COLUMNS[kind][0]), persons)
    for name in PERSON_COLUMNS[kind][1:]:
        found = pc.or_(found, pc.is_in(table.column(name), persons))
    return found


def open_lake(
    directory: Path | str, *, live: bool = False, now: int | None = None, state: str | None = None
) -> LakeStore:
    """Open a lake as it is now, or in a state that is held.

    Raises UserError `lake.no-lake`, `lake.damaged`, `lake.not-held`.
    """
    path = Path(directory)
    if not path.is_dir():
        raise UserError("lake.no-lake", where=str(path))
    return LakeStore(path, live=live, now=now, state=state)
