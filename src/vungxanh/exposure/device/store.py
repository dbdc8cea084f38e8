"""What a node remembers, sealed on disk with a key of its own: day keys, sightings, matches, receipts.

Sightings lie in one file a UTC day, a sealed chunk a scan; forgetting a day is removing its file, and a chunk
that a power cut tore is left out.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vungxanh.core.secret_files import kept
from vungxanh.exposure.matching.sightings import SIGHTING_ROW, SightingTable

DAY = 86_400
NONCE, LENGTH = 12, 4


class DeviceStore:
    """One folder, readable by its owner only."""

    def __init__(self, folder: Path, keep_days: int = 14) -> None:
        self.folder, self.keep_days = folder, keep_days
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._aead = AESGCM(self._key())

    def _key(self) -> bytes:
        return kept(self.folder / "device.key", lambda: AESGCM.generate_key(256))

    def seal(self, name: str, raw: bytes) -> bytes:
        """The name of the file is authenticated: a sealed text cannot stand in for another."""
        nonce = os.urandom(NONCE)
        return nonce + self._aead.encrypt(nonce, raw, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())

    def save(self, name: str, value: Any) -> None:
        """A JSON document, replaced whole."""
        beside = self.folder / f".{name}"
        with beside.open("wb") as out:
            out.write(self.seal(name, json.dumps(value).encode()))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self.folder / name)

    def load(self, name: str, default: Any) -> Any:
        """A JSON document; `default` where there is none or it cannot be opened."""
        try:
            return json.loads(self.open(name, (self.folder / name).read_bytes()))
        except (FileNotFoundError, InvalidTag, ValueError):
            return default

    def remember(self, rows: SightingTable) -> None:
        """Add the sightings of one scan."""
        for day in np.unique(rows["at"] // DAY):
            name = f"heard-{int(day)}"
            sealed = self.seal(name, rows[rows["at"] // DAY == day].tobytes())
            with (self.folder / name).open("ab") as out:
                out.write(len(sealed).to_bytes(LENGTH, "big") + sealed)

    def sightings(self) -> SightingTable:
        """Everything that is remembered."""
        parts = [np.frombuffer(raw, SIGHTING_ROW) for name in self._days() for raw in self._chunks(name)]
        return np.concatenate(parts) if parts else np.empty(0, SIGHTING_ROW)

    def _days(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("heard-*"))

    def _chunks(self, name: str) -> Iterator[bytes]:
        raw, at = (self.folder / name).read_bytes(), 0
        while at + LENGTH <= len(raw):
            end = at + LENGTH + int.from_bytes(raw[at : at + LENGTH], "big")
            if end > len(raw):
                return
            try:
                yield self.open(name, raw[at + LENGTH : end])
            except InvalidTag:
                return
            at = end

    def forget(self, now: float) -> int:
        """Remove days that ended `keep_days` ago. -> how many."""
        old = [name for name in self._days() if (int(name[6:]) + 1 + self.keep_days) * DAY <= now]
        for name in old:
            (self.folder / name).unlink()
        return len(old)

    def forget_all(self) -> None:
        """Everything, the key included: what was sealed is lost."""
        for path in list(self.folder.iterdir()):
            path.unlink()
