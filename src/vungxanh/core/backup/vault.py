"""The backup folder: every file in it is encrypted (age, X25519) and appears whole or not at all."""

import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

import pyrage

from vungxanh.core.errors import OperatorError

RECIPIENT = "recipient.txt"
SUFFIX = ".age"


class Readable(Protocol):
    """What is stored from: read to its end."""

    def read(self, size: int = -1, /) -> bytes: ...


class BackupFolder:
    """Writes for the recipient; reads with the identity, which a running house does not have."""

    def __init__(self, root: Path, identity: str | None = None) -> None:
        self.root = root
        self._identity = _parsed(identity) if identity else None

    @staticmethod
    def create(root: Path) -> str:
        """A new folder. -> the identity that opens it, to be kept on another machine."""
        identity = pyrage.x25519.Identity.generate()
        for part in ("base", "wal", "files", "listing"):
            (root / part).mkdir(parents=True, exist_ok=True)
        (root / RECIPIENT).write_text(f"{identity.to_public()}\n")
        return str(identity)

    @property
    def exists(self) -> bool:
        return (self.root / RECIPIENT).exists()

    def put(self, name: str, source: Readable) -> int:
        """Encrypt a stream under a name. -> bytes written; another process's half file is never seen."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        with draft.open("wb") as out:
            pyrage.encrypt_io(source, out, [self._recipient()])
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
        _sync_folder(target.parent)
        return target.stat().st_size

    def put_bytes(self, name: str, content: bytes) -> int:
        """Compressed first: a log segment is mostly zeros."""
        return self.put(name, io.BytesIO(gzip.compress(content, compresslevel=1, mtime=0)))

    def get_bytes(self, name: str) -> bytes:
        return gzip.decompress(self._decrypted(name).getvalue())

    def copy_out(self, name: str, out: IO[bytes]) -> None:
        """Decrypt a stream as `put` got it. Raises OperatorError `core.backup-unreadable`."""
        try:
            with self.path(name).open("rb") as source:
                pyrage.decrypt_io(source, out, [self._opener()])
        except (OSError, pyrage.DecryptError) as exc:
            raise OperatorError("core.backup-unreadable", name=name, reason=str(exc)[:200]) from exc

    def names(self, part: str) -> list[str]:
        """Names in `base`, `wal`, `files` or `listing`, in order; drafts of a process that died are left out."""
        return sorted(self._names(part))

    def _names(self, part: str) -> Iterator[str]:
        for file in (self.root / part).iterdir():
            if file.suffix == SUFFIX and not file.name.startswith("."):
                yield f"{part}/{file.name.removesuffix(SUFFIX)}"

    def path(self, name: str) -> Path:
        return self.root / f"{name}{SUFFIX}"

    def _decrypted(self, name: str) -> io.BytesIO:
        out = io.BytesIO()
        self.copy_out(name, out)
        return out

    def _recipient(self) -> pyrage.x25519.Recipient:
        try:
            return pyrage.x25519.Recipient.from_str((self.root / RECIPIENT).read_text().strip())
        except (OSError, pyrage.RecipientError) as exc:
            raise OperatorError("core.backup-no-recipient", folder=str(self.root)) from exc

    def _opener(self) -> pyrage.x25519.Identity:
        if self._identity is None:
            raise OperatorError("core.backup-key-needed")
        return self._identity


def _parsed(identity: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as exc:
        raise OperatorError("core.backup-key-bad") from exc


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
