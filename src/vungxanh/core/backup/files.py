"""Every file of the home outside the database: each content once, and listings of which file had it when."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vungxanh.core.backup.vault import BackupFolder
from vungxanh.core.errors import OperatorError

#: what is not backed up as files: the database has its own way, indexes of the lake are built again from it
LEFT_OUT = frozenset({"postgres", "postgres.old", ".postgres-new", "backup-spool", "index"})
TRIES = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """One file at one moment: its path in the home, its content's digest, its permissions."""

    path: str
    digest: str
    mode: int


def files_of(home: Path) -> Iterator[Path]:
    """Regular files, in order; drafts that a writer renames when whole are left out."""
    for folder, folders, names in os.walk(home):
        folders[:] = sorted(f for f in folders if f not in LEFT_OUT and not f.endswith(".tmp"))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink() and not name.endswith((".tmp", ".sock")):
                yield path


def keep(folder: BackupFolder, home: Path, now: datetime | None = None) -> tuple[int, int]:
    """Keep all contents that are new, and a listing where anything changed. -> (files, new contents).

    A file that goes away meanwhile (the lake was compacted) makes the walk begin again.
    Raises OperatorError `core.backup-moving`.
    """
    for _ in range(TRIES):
        try:
            return _keep(folder, home, now or datetime.now(UTC))
        except FileNotFoundError:
            continue
    raise OperatorError("core.backup-moving", folder=str(home))


def _keep(folder: BackupFolder, home: Path, now: datetime) -> tuple[int, int]:
    rows, fresh = [], 0
    for path in files_of(home):
        digest = _digest(path)
        if not folder.path(f"files/{digest}").exists():
            with path.open("rb") as source:
                folder.put(f"files/{digest}", source)
            fresh += 1
        rows.append([path.relative_to(home).as_posix(), digest, path.stat().st_mode & 0o777])
    content = json.dumps(rows, ensure_ascii=False).encode()
    stamp, mark = f"{now:%Y%m%dT%H%M%S%f}", hashlib.blake2b(content, digest_size=8).hexdigest()
    known = folder.names("listing")
    if not known or not known[-1].endswith(mark):
        folder.put_bytes(f"listing/{stamp}-{mark}", content)
        _needs(folder, f"listing/{stamp}-{mark}").write_text("\n".join(sorted({str(row[1]) for row in rows})))
    return len(rows), fresh


def _needs(folder: BackupFolder, name: str) -> Path:
    """The digests that a listing names, in the open: the house cannot read its own listings, and must let go."""
    return folder.root / f"{name}.needs"


def not_needed(folder: BackupFolder, stamp: str) -> list[str]:
    """Listings older than the newest before `stamp`, and contents that none of the others names."""
    names = folder.names("listing")
    gone = [name for name in names if name.removeprefix("listing/") < stamp][:-1]
    needed = {digest for name in names if name not in gone for digest in _needs(folder, name).read_text().split()}
    for name in gone:
        _needs(folder, name).unlink()
    return gone + [name for name in folder.names("files") if names and name.removeprefix("files/") not in needed]


def moment(name: str) -> datetime:
    """When a listing was made."""
    return datetime.strptime(name.removeprefix("listing/").split("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def listing(folder: BackupFolder, at: datetime | None) -> list[Kept]:
    """The newest listing that is not later than `at`; the oldest where all are later."""
    names = folder.names("listing")
    before = [name for name in names if at is None or moment(name) <= at] or names[:1]
    return [Kept(*row) for row in json.loads(folder.get_bytes(before[-1]))] if before else []


def bring_back(folder: BackupFolder, home: Path, at: datetime | None) -> int:
    """Write the files as they were. -> how many. Raises OperatorError `core.backup-altered`."""
    rows = listing(folder, at)
    for row in rows:
        target = home / row.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            folder.copy_out(f"files/{row.digest}", out)
        target.chmod(row.mode)
        if _digest(target) != row.digest:
            raise OperatorError("core.backup-altered", name=row.path)
    if (home / "secrets").exists():
        (home / "secrets").chmod(0o700)
    return len(rows)


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, lambda: hashlib.blake2b(digest_size=20)).hexdigest()
