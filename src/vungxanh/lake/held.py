"""States of a lake that are held: their files stay, through exports and compactions, until a day is over.

A state with a live tail is held with the tail written out beside it, so that it can be asked again years later.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from vungxanh.core.errors import UserError
from vungxanh.lake import manifest as states
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.files import durable
from vungxanh.lake.manifest import File, Manifest
from vungxanh.lake.schema import ORDERS

FOLDER = "states"


def hold(directory: Path, manifest: Manifest, state: str, tail: Evidence, until: date) -> None:
    """Keep what this state consists of up to and including the day `until`; again only lengthens the time."""
    with states.locked(directory):
        there = directory / FOLDER / f"{state}.json"
        if there.exists():
            raw = json.loads(there.read_text("utf-8"))
            until = max(until, date.fromisoformat(raw["until"]))
            whole = read_manifest(raw["manifest"])
        else:
            files = [written(directory, state, kind, table) for kind, table in tail.tables() if table.num_rows]
            whole = manifest.with_files(files, {})
        with durable(there) as draft:
            draft.write_text(json.dumps({"until": until.isoformat(), "manifest": asdict(whole)}), "utf-8")


def written(directory: Path, state: str, kind: str, table: object) -> File:
    """One file of the tail."""
    path = Path(FOLDER) / state / f"{kind}.parquet"
    with durable(directory / path) as draft:
        pq.write_table(table, draft, compression="zstd", write_page_checksum=True)
    order = "person" if kind in ORDERS else None
    rows = pq.read_metadata(directory / path).num_rows
    return File(str(path), kind, rows, (directory / path).stat().st_size, None, order)


def held_manifest(directory: Path, state: str) -> Manifest:
    """Raises UserError `lake.not-held` where the state is not held (any more)."""
    try:
        raw = json.loads((directory / FOLDER / f"{state}.json").read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise UserError("lake.not-held", where=str(directory), state=state[:80]) from exc
    return read_manifest(raw["manifest"])


def read_manifest(raw: dict[str, object]) -> Manifest:
    files = raw["files"]
    assert isinstance(files, list)
    return replace(Manifest(**{**raw, "files": tuple(File(**f) for f in files)}))  # type: ignore[arg-type]


def held_files(directory: Path, today: date) -> Iterator[str]:
    """Files of every state that is held on `today`; those whose time is over are let go."""
    for there in (directory / FOLDER).glob("*.json"):
        raw = json.loads(there.read_text("utf-8"))
        if date.fromisoformat(raw["until"]) < today:
            there.unlink()
            continue
        yield from (file.path for file in read_manifest(raw["manifest"]).files)
