"""Reading and writing single files so that neither a crash nor a damaged disk goes unnoticed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vungxanh.core.errors import UserError
from vungxanh.lake.manifest import File, sync_directory
from vungxanh.lake.schema import SCHEMAS


def day_text(day: int) -> str:
    """Days since the epoch -> `2022-01-03`."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


@contextmanager
def durable(path: Path) -> Iterator[Path]:
    """A draft beside `path` that takes its name, on disk for good, when the block ends well; else it is gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.tmp")
    try:
        yield draft
        handle = os.open(draft, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        draft.replace(path)
        sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def read(
    directory: Path, file: File, *, columns: list[str] | None = None, filters: pc.Expression | None = None
) -> pa.Table:
    """Rows of one file in the schema of its kind. Raises UserError `lake.damaged` naming the file."""
    schema = SCHEMAS[file.kind]
    wanted = columns or schema.names
    try:
        table = pq.read_table(
            directory / file.path,
            columns=wanted,
            filters=filters,
            partitioning=None,
            page_checksum_verification=True,
        )
    except (pa.ArrowException, OSError) as exc:
        reason = f"{file.path}: {str(exc).splitlines()[0]}"
        raise UserError("lake.damaged", where=str(directory), reason=reason) from exc
    return table.cast(pa.schema([schema.field(name) for name in wanted]))
