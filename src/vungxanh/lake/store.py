"""A lake on disk, opened for reading: one state of Parquet files, and the live tail on top of it."""

import time
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id
from vungxanh.lake import manifest, sources
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.files import read
from vungxanh.lake.schema import KINDS, ORDERS, SCHEMAS
from vungxanh.lake.segment import Segment
from vungxanh.lake.segment_build import build
from vungxanh.lake.segment_cache import kept


class LakeStore:
    """One state of a lake directory. `live` adds what registered sources hold beyond it, read once."""

    def __init__(self, directory: Path, *, live: bool = False, now: int | None = None) -> None:
        self.directory = directory
        self.manifest = manifest.load(directory)
        manifest.check(directory, self.manifest)
        self._live, self._now = live, now

    def table(self, kind: str) -> pa.Table:
        """All exported rows of a kind."""
        order = "person" if kind in ORDERS else None
        files = self.manifest.of(kind, order=order)
        return pa.concat_tables([SCHEMAS[kind].empty_table(), *(read(self.directory, f) for f in files)])

    @cached_property
    def tail(self) -> Evidence:
        """What is not exported yet."""
        if not self._live:
            return Evidence.empty()
        now = int(time.time() // 60) if self._now is None else self._now
        return sources.live(self.manifest.watermarks, now)

    def evidence(self) -> Evidence:
        """Every row, tail included. Raises UserError `lake.damaged`."""
        return Evidence(**{kind: self.table(kind) for kind in KINDS}).joined(self.tail)

    @cached_property
    def _segment(self) -> Segment:
        if self.tail.num_rows:
            return build(self.evidence())
        return kept(self.directory, self.manifest.state, self.evidence)

    def segment(self) -> Segment:
        """The same rows as index arrays."""
        return self._segment

    @property
    def state(self) -> str:
        """A name for exactly these rows."""
        if not self.tail.num_rows:
            return self.manifest.state
        ids = (content_id(kind, *sorted(t.column("row").to_pylist())) for kind, t in self.tail.tables())
        return f"{self.manifest.state}+{content_id(*ids):016x}"


def open_lake(directory: Path | str, *, live: bool = False, now: int | None = None) -> LakeStore:
    """Open a lake. Raises UserError `lake.no-lake`, `lake.damaged`."""
    path = Path(directory)
    if not path.is_dir():
        raise UserError("lake.no-lake", where=str(path))
    return LakeStore(path, live=live, now=now)
