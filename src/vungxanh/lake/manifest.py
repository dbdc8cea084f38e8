"""What a lake consists of: one JSON file, replaced by rename, so that a lake is always one whole state."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from vungxanh.core.errors import UserError
from vungxanh.lake.schema import VERSION

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class File:
    """A Parquet file of the lake. `path` is relative; `day` is the UTC day of its rows, None for kinds in one
    piece; `order` is the sort order ("place", "person") of kinds that have two."""

    path: str
    kind: str
    rows: int
    size: int
    day: int | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state. `watermarks`: how far each source was exported."""

    files: tuple[File, ...] = ()
    watermarks: dict[str, int] = field(default_factory=dict)
    generation: int = 0
    version: int = VERSION

    def of(self, kind: str, *, order: str | None = None, day: int | None = None) -> list[File]:
        """Files of a kind; of one order where it has two, of one day where asked."""
        return [f for f in self.files if f.kind == kind and f.order == order and (day is None or f.day == day)]

    @property
    def state(self) -> str:
        """A name for exactly these rows."""
        return hashlib.blake2b(json.dumps([f.path for f in self.files]).encode(), digest_size=8).hexdigest()

    def with_files(
        self, new: list[File], watermarks: dict[str, int], without: frozenset[str] = frozenset()
    ) -> "Manifest":
        kept = [f for f in self.files if f.path not in without]
        files = tuple(sorted([*kept, *new], key=lambda f: f.path))
        return replace(
            self, files=files, watermarks={**self.watermarks, **watermarks}, generation=self.generation + 1
        )


def load(directory: Path) -> Manifest:
    """The lake's state. Raises UserError `lake.no-lake`, `lake.damaged`."""
    try:
        raw = json.loads((directory / NAME).read_text("utf-8"))
        manifest = Manifest(
            tuple(File(**f) for f in raw["files"]), raw["watermarks"], raw["generation"], raw["version"]
        )
    except FileNotFoundError:
        raise UserError("lake.no-lake", where=str(directory)) from None
    except (ValueError, KeyError, TypeError) as exc:
        raise UserError("lake.damaged", where=str(directory), reason=f"{NAME}: {exc}") from exc
    if manifest.version != VERSION:
        raise UserError("lake.damaged", where=str(directory), reason=f"version {manifest.version}, not {VERSION}")
    return manifest


def check(directory: Path, manifest: Manifest) -> None:
    """Every file is there in its full size. Raises UserError `lake.damaged` naming the first that is not."""
    for file in manifest.files:
        try:
            size = (directory / file.path).stat().st_size
        except FileNotFoundError:
            raise UserError("lake.damaged", where=str(directory), reason=f"{file.path} is missing") from None
        if size != file.size:
            reason = f"{file.path} has {size} bytes instead of {file.size}"
            raise UserError("lake.damaged", where=str(directory), reason=reason)


def save(directory: Path, manifest: Manifest) -> None:
    """Durable before it returns; a reader sees the old state or the new one."""
    draft = directory / f"{NAME}.tmp"
    with draft.open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(directory / NAME)
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """One writer at a time; the lock goes with the process."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def sweep(directory: Path, manifest: Manifest, held: Iterable[str] = ()) -> None:
    """Remove Parquet files that no state names: what a killed writer left. Only under the lock."""
    known = {directory / f.path for f in manifest.files} | {directory / path for path in held}
    for path in directory.rglob("*.parquet*"):
        if path not in known and "rejects" not in path.name:
            path.unlink()
