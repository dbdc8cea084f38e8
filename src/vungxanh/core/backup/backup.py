"""Make a backup and keep it going: a whole copy, then the log and the files as they come."""

import gzip
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from vungxanh.core.backup import files, server
from vungxanh.core.backup.vault import BackupFolder
from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home

#: whole copies older than this are let go, with the log and the contents that only they need. Ours: what is erased
#: from the house by law stays readable in its backups no longer than this
KEEP_DAYS = 14
PIECE = 1 << 20
#: tenths of a second to wait for the server to hand over a segment
PATIENCE = 600


@dataclass(frozen=True, slots=True)
class Made:
    """What one run did; sizes in bytes as stored."""

    base: str
    size: int
    segments: int
    files: int
    seconds: float


def place_file() -> Path:
    """Says where this house's backups go; there is none until the first."""
    return home() / "backup-folder.txt"


def configured() -> BackupFolder | None:
    """The backup folder of this house."""
    file = place_file()
    return BackupFolder(Path(file.read_text().strip())) if file.exists() else None


def begin(root: Path) -> tuple[BackupFolder, str | None]:
    """Take a folder into use. -> (it, the new identity where it was empty).

    Raises OperatorError `core.backup-own-server`, `core.backup-folder-used`.
    """
    server.must_be_embedded()
    folder = BackupFolder(root.resolve())
    before = configured()
    if folder.exists and (before is None or before.root != folder.root):
        raise OperatorError("core.backup-folder-used", folder=str(root))
    identity = None if folder.exists else BackupFolder.create(folder.root)
    place_file().write_text(f"{folder.root}\n")
    server.hand_over_log()
    return folder, identity


def make(folder: BackupFolder, now: datetime | None = None) -> Made:
    """A whole copy of the database, then everything that is waiting; old copies go."""
    moment, begun = now or datetime.now(UTC), time.monotonic()
    name = f"base/{moment:%Y%m%dT%H%M%SZ}-{server.first_segment()}"
    size = _whole(folder, name)
    segments, kept = ship_all(folder)
    prune(folder, moment - timedelta(days=KEEP_DAYS))
    return Made(name, size, segments, kept, round(time.monotonic() - begun, 2))


def _whole(folder: BackupFolder, name: str) -> int:
    running = server.whole_copy()
    said: list[bytes] = []
    assert running.stdout
    assert running.stderr
    errors = threading.Thread(target=lambda pipe: said.append(pipe.read()), args=(running.stderr,))
    errors.start()
    size = folder.put(name, Squeezed(running.stdout))
    errors.join()
    if running.wait():
        folder.path(name).unlink()
        raise OperatorError(
            "core.backup-copy-failed", reason=b"".join(said).decode(errors="replace").strip()[-200:]
        )
    return size


class Squeezed:
    """A stream, compressed as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._ready, self._over = source, bytearray(), False
        self._pack = zlib.compressobj(1, wbits=31)

    def read(self, size: int = -1) -> bytes:
        while not self._over and (size < 0 or len(self._ready) < size):
            piece = self._source.read(PIECE)
            self._ready += self._pack.compress(piece) if piece else self._pack.flush()
            self._over = not piece
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken


def ship(folder: BackupFolder) -> tuple[int, int]:
    """Encrypt what the server handed over, then the files. -> (segments, files).

    A segment leaves the spool only when it stands in the backup: cut off between the two, it is shipped again.
    """
    waiting = sorted(p for p in server.spool().iterdir() if p.is_file() and not p.name.startswith("."))
    for segment in waiting:
        folder.put_bytes(f"wal/{segment.name}", segment.read_bytes())
        segment.unlink()
    return len(waiting), files.keep(folder, home())[0]


def ship_all(folder: BackupFolder) -> tuple[int, int]:
    """Ship everything committed until now. -> (segments, files). Raises OperatorError `core.backup-log-stuck`."""
    wanted, total = server.switch_segment(), 0
    for _ in range(PATIENCE):
        shipped, kept = ship(folder)
        total += shipped
        if folder.path(f"wal/{wanted}").exists():
            return total, kept
        time.sleep(0.1)
    raise OperatorError("core.backup-log-stuck", segment=wanted)


def ship_configured() -> object:
    """The worker's minute: nothing where this house has no backup yet."""
    folder = configured()
    return ship(folder) if folder and server.spool().exists() else None


def prune(folder: BackupFolder, before: datetime) -> int:
    """Let go of what nobody needs to come back to `before` or any later moment. -> files removed."""
    stamp = f"{before:%Y%m%dT%H%M%S}"
    bases = folder.names("base")
    old = [name for name in bases if name.removeprefix("base/") < stamp][:-1]
    first = next((name for name in bases if name not in old), "").rsplit("-", 1)[-1]
    gone = old + [name for name in folder.names("wal") if old and name.removeprefix("wal/") < first]
    gone += files.not_needed(folder, stamp)
    for name in gone:
        folder.path(name).unlink()
    return len(gone)


def state(folder: BackupFolder, now: datetime | None = None) -> dict[str, object]:
    """What a look at the folder tells: last copy, last log, how old they are in seconds, how much waits."""
    moment = now or datetime.now(UTC)
    shipped = [folder.path(name).stat().st_mtime for name in folder.names("wal")]
    bases = folder.names("base")
    return {
        "folder": str(folder.root),
        "bases": len(bases),
        "newest_base": bases[-1].removeprefix("base/") if bases else None,
        "segments": len(shipped),
        "log_age_seconds": round(moment.timestamp() - max(shipped), 1) if shipped else None,
        "waiting": len(list(server.spool().iterdir())) if server.spool().exists() else 0,
    }


def opened(folder: BackupFolder, name: str, out: IO[bytes]) -> None:
    """A whole copy, decrypted and unpacked into `out`."""
    with tempfile.TemporaryFile(dir=folder.root) as packed:
        folder.copy_out(name, packed)
        packed.seek(0)
        with gzip.GzipFile(fileobj=packed) as plain:
            while piece := plain.read(PIECE):
                out.write(piece)
