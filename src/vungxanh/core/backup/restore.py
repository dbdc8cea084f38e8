"""Come back: a whole copy, the log up to a moment, the files as they were then. Into an empty home only."""

import os
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import BadGzipFile
from pathlib import Path, PurePosixPath

from vungxanh.core import database
from vungxanh.core.backup import files, server
from vungxanh.core.backup.backup import opened
from vungxanh.core.backup.vault import BackupFolder
from vungxanh.core.errors import OperatorError, UserError
from vungxanh.core.home import home


@dataclass(frozen=True, slots=True)
class Restored:
    """From which copy, with how many segments of log and files, in how many seconds."""

    base: str
    segments: int
    files: int
    seconds: float


def restore(folder: BackupFolder, at: datetime | None = None) -> Restored:
    """Bring this home to the moment `at`, or to the last that was shipped; the server runs afterwards.

    Raises OperatorError `core.restore-not-empty`, `.restore-no-copy`, `.restore-failed` and those of reading.
    """
    begun = time.monotonic()
    must_be_empty(home())
    base = copy_for(folder, at)
    kept = files.bring_back(folder, home(), at)
    (home() / "backup-folder.txt").unlink(missing_ok=True)
    _unpack(folder, base, database.data_dir())
    with tempfile.TemporaryDirectory(dir=home(), prefix="restore-log-") as log:
        count = _log(folder, base, Path(log))
        server.come_back(Path(log), at)
    return Restored(base.removeprefix("base/"), count, kept, round(time.monotonic() - begun, 2))


def must_be_empty(where: Path) -> None:
    if any(where.iterdir()):
        raise OperatorError("core.restore-not-empty", folder=str(where))


def copy_for(folder: BackupFolder, at: datetime | None) -> str:
    """The newest whole copy that was finished before `at`."""
    if at is not None and at > datetime.now(UTC):
        raise UserError("core.restore-future", field="at")
    found = [name for name in folder.names("base") if at is None or _made(name) < at]
    if not found:
        raise OperatorError("core.restore-no-copy", folder=str(folder.root))
    return found[-1]


def _made(name: str) -> datetime:
    return datetime.strptime(name.removeprefix("base/")[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _unpack(folder: BackupFolder, base: str, into: Path) -> None:
    into.mkdir(mode=0o700, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=home()) as plain:
            opened(folder, base, plain)
            plain.seek(0)
            with tarfile.open(fileobj=plain) as archive:
                archive.extractall(into, members=_inside(archive))  # noqa: S202  each member is looked at
    except (BadGzipFile, EOFError, zlib.error, tarfile.TarError) as exc:
        raise OperatorError("core.backup-altered", name=base) from exc
    for left in (*into.glob(".s.PGSQL*"), into / ".handle_pids.json", into / "log"):
        left.unlink(missing_ok=True)  # of the server that was copied


def _inside(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Plain files and folders below the target; whoever knows the recipient can forge an archive.

    The library's own filter is not in every Python 3.11.
    """
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise OperatorError("core.backup-altered", name=member.name[:80])
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        yield member


def _log(folder: BackupFolder, base: str, into: Path) -> int:
    """Segments from the first that the copy needs. The server reads them under a name of its own."""
    into.chmod(0o755)
    first = base.rsplit("-", 1)[1]
    wanted = [name for name in folder.names("wal") if name.removeprefix("wal/") >= first or ".history" in name]
    for name in wanted:
        target = into / name.removeprefix("wal/")
        target.write_bytes(folder.get_bytes(name))
        target.chmod(0o644)
    return len(wanted)
