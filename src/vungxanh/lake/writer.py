"""The only writer of a lake: both sort orders, UTC-day partitions, whole states or nothing.

Files are written under new names and made durable; then the manifest is replaced. A kill at any point leaves the
state before or the state after, and the next writer sweeps what belongs to neither.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake import manifest as state
from vungxanh.lake.evidence import Evidence, unique_rows
from vungxanh.lake.files import day_text, durable, read
from vungxanh.lake.held import held_files
from vungxanh.lake.manifest import File, Manifest
from vungxanh.lake.presence import Longs
from vungxanh.lake.schema import DAILY, ORDERS, SCHEMAS

ROW_GROUP = 122_880
SIEVE = 1 << 22


@dataclass(frozen=True, slots=True)
class Written:
    """What an append did: new rows, rows that were there already, and ids that came with other content."""

    new: int
    same: int
    conflicts: tuple[tuple[str, int], ...] = ()


class LakeWriter:
    """Writes into `directory`, which is made if absent. One process at a time; others wait."""

    def __init__(self, directory: Path | str) -> None:
        self.directory = Path(directory)

    def append(
        self, evidence: Evidence, watermarks: dict[str, int] | None = None, *, final: bool = False
    ) -> Written:
        """Add rows. A row whose id is there already is left alone; with other content it is named, not taken.

        `final`: the sender vouches that an id never comes with another day, so only the days of the rows are read.
        """
        with state.locked(self.directory):
            manifest = self.manifest()
            self.sweep(manifest)
            done, fresh = self.sorted_out(manifest, evidence, final=final)
            files = [file for kind, table in fresh.items() for file in self.write(kind, table)]
            if files or watermarks or not manifest.generation:
                state.save(self.directory, manifest.with_files(files, watermarks or {}))
        return done

    def sweep(self, manifest: Manifest) -> None:
        """Files that neither this state nor a held one names go."""
        state.sweep(self.directory, manifest, held_files(self.directory, date.today()))  # noqa: DTZ011 - a local day

    def check(self, evidence: Evidence) -> Written:
        """What `append` would do."""
        return self.sorted_out(self.manifest(), evidence)[0]

    def sorted_out(
        self, manifest: Manifest, evidence: Evidence, *, final: bool = False
    ) -> tuple[Written, dict[str, pa.Table]]:
        """What is new, and how much of the rest is the same."""
        found: dict[str, pa.Table] = {}
        same, conflicts = 0, []
        for kind, table in evidence.tables():
            if table.num_rows:
                found[kind], differing = self.fresh(
                    on_days(manifest, kind, table) if final else manifest, kind, table
                )
                conflicts += [(kind, row) for row in differing]
                same += table.num_rows - found[kind].num_rows - len(differing)
        return Written(sum(t.num_rows for t in found.values()), same, tuple(conflicts)), found

    def known(self, kind: str, ids: Longs) -> Longs:
        """Those of `ids` that the lake holds."""
        return self.among(self.manifest(), kind, ids)

    def among(self, manifest: Manifest, kind: str, ids: Longs) -> Longs:
        found, sieve = [np.zeros(0, dtype=np.int64)], np.zeros(SIEVE, dtype=bool)
        sieve[ids & (SIEVE - 1)] = True  # almost all rows of a lake fall through it, unsearched
        for file in manifest.of(kind, order="person" if kind in ORDERS else None):
            there = read(self.directory, file, columns=["row"]).column("row").to_numpy()
            there = there[sieve[there & (SIEVE - 1)]]
            found.append(there[np.isin(there, ids)])
        return np.concatenate(found)

    def manifest(self) -> Manifest:
        if not (self.directory / state.NAME).exists():
            return Manifest()
        return state.load(self.directory)

    def fresh(self, manifest: Manifest, kind: str, table: pa.Table) -> tuple[pa.Table, list[int]]:
        """(rows whose id the lake does not have, ids that it has with other content)."""
        first = unique_rows(table)
        inner = differing_rows(first, table) if first.num_rows < table.num_rows else []
        order = "person" if kind in ORDERS else None
        known = self.among(manifest, kind, first.column("row").to_numpy())
        if not len(known):
            return first, inner
        seen = pa.array(np.isin(first.column("row").to_numpy(), known))
        old = pa.concat_tables(
            read(self.directory, f, filters=pc.is_in(pc.field("row"), pa.array(known)))
            for f in manifest.of(kind, order=order)
        )
        return first.filter(pc.invert(seen)), [*inner, *differing_rows(old, first.filter(seen))]

    def write(self, kind: str, table: pa.Table) -> list[File]:
        """Parquet files of new rows, one a day and order."""
        if not table.num_rows:
            return []
        if kind not in DAILY:
            return [self.write_file(kind, table, None, None)]
        days = table.column("start").to_numpy() // MINUTES_A_DAY
        found = []
        for order, keys in ORDERS.get(kind, {None: (SCHEMAS[kind].names[0], "start")}).items():
            columns = [table.column(key).to_numpy() for key in reversed(keys)]
            sequence = np.lexsort([*columns, days])
            ordered, of_day = table.take(pa.array(sequence)), days[sequence]
            bounds = np.flatnonzero(np.diff(of_day)) + 1
            for start, end in zip([0, *bounds], [*bounds, len(of_day)], strict=True):
                part = ordered.slice(start, end - start)
                found.append(self.write_file(kind, part, int(of_day[start]), order))
        return found

    def write_file(self, kind: str, table: pa.Table, day: int | None, order: str | None) -> File:
        parts = [kind, *([order] if order else []), *([f"day={day_text(day)}"] if day is not None else [])]
        path = Path(*parts) / f"{uuid.uuid4().hex}.parquet"
        with durable(self.directory / path) as draft:
            pq.write_table(table, draft, compression="zstd", row_group_size=ROW_GROUP, write_page_checksum=True)
        return File(str(path), kind, table.num_rows, (self.directory / path).stat().st_size, day, order)

    def compact(self, most_files: int = 8) -> int:
        """Join the files of a kind, order and day where there are more than `most_files`; how many files went."""
        with state.locked(self.directory):
            manifest = self.manifest()
            groups: dict[tuple[str, str | None, int | None], list[File]] = {}
            for file in manifest.files:
                groups.setdefault((file.kind, file.order, file.day), []).append(file)
            gone: set[str] = set()
            new: list[File] = []
            for (kind, order, day), files in groups.items():
                if len(files) > most_files:
                    gone |= {f.path for f in files}
                    new.append(self.join(kind, order, day, files))
            if new:
                state.save(self.directory, manifest.with_files(new, {}, frozenset(gone)))
                self.sweep(self.manifest())
        return len(gone) - len(new)

    def join(self, kind: str, order: str | None, day: int | None, files: list[File]) -> File:
        table = pa.concat_tables(read(self.directory, f) for f in files)
        keys = ORDERS[kind][order] if order else SCHEMAS[kind].names[:2]
        return self.write_file(kind, table.sort_by([(key, "ascending") for key in keys]), day, order)


def on_days(manifest: Manifest, kind: str, table: pa.Table) -> Manifest:
    """The manifest with only those files that hold a day of these rows."""
    if kind not in DAILY:
        return manifest
    days = set(np.unique(table.column("start").to_numpy() // MINUTES_A_DAY).tolist())
    return replace(manifest, files=tuple(file for file in manifest.files if file.day in days))


def differing_rows(old: pa.Table, new: pa.Table) -> list[int]:
    """Ids of rows of `new` whose content is not that of the row of `old` with the same id; `source` may differ."""
    old_ids, new_ids = old.column("row").to_numpy(), new.column("row").to_numpy()
    order = np.argsort(old_ids, kind="stable")
    match = order[np.searchsorted(old_ids, new_ids, sorter=order)]
    aligned = old.take(pa.array(match))
    differs = np.zeros(len(new_ids), dtype=bool)
    for name in new.schema.names:
        if name not in {"row", "source"}:
            equal = pc.equal(aligned.column(name), new.column(name))
            both_null = pc.and_(pc.is_null(aligned.column(name)), pc.is_null(new.column(name)))
            differs |= ~pc.or_(pc.fill_null(equal, fill_value=False), both_null).to_numpy()
    return [int(row) for row in new_ids[differs]]
