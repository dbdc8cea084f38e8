"""A reader without a browser: a scanner on a small computer types lines, this keeps them sealed and sends them.

What was read is on disk, sealed to the server, before the next line is read; it is removed when the server has
answered. Days without network are no matter: a megabyte holds about three thousand readings.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import uuid4

from vungxanh.venues.sealing import seal

AT_ONCE = 500
PATIENCE = 10.0


@dataclass
class Reader:
    """One device. `folder` holds the server's key and what waits."""

    url: str
    token: str
    folder: Path

    def read(self, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Each line -> what became of it; what waits goes along whenever the server answers."""
        for line in lines:
            if line.strip():
                self.keep(line.strip())
            yield from self.send()

    def keep(self, code: str, at: datetime | None = None) -> str:
        """On disk, sealed, before this returns. -> the record's id."""
        own = uuid4().hex
        record = {"id": own, "at": (at or datetime.now(UTC)).isoformat(), "code": code, "way": "scanner"}
        box = seal(json.dumps(record).encode(), self.key())
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._waiting.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"id": own, "box": box}) + "\n")
            out.flush()
            os.fsync(out.fileno())
        return own

    def waiting(self) -> list[dict[str, str]]:
        if not self._waiting.exists():
            return []
        return [json.loads(line) for line in self._waiting.read_text("utf-8").splitlines() if line.endswith("}")]

    def send(self) -> list[dict[str, Any]]:
        """Verdicts of what was sent; none where the server did not answer: then it is sent again."""
        answers: list[dict[str, Any]] = []
        while listed := self.waiting()[:AT_ONCE]:
            try:
                reply = self._ask("scans", {"clock": datetime.now(UTC).isoformat(), "sealed": listed})
            except (URLError, OSError):
                break
            answers += reply["answers"]
            self._forget({one["id"] for one in reply["answers"]})
        return answers

    def key(self) -> str:
        """The server's public key; asked once, kept for the time without network."""
        file = self.folder / "server-key"
        if not file.exists():
            found = self._ask("ping")["key"]
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_text(found, "utf-8")
        return file.read_text("utf-8")

    @property
    def _waiting(self) -> Path:
        return self.folder / "waiting.jsonl"

    def _forget(self, done: set[str]) -> None:
        """The file is replaced whole, so that a power cut leaves the old one or the new one."""
        rest = [one for one in self.waiting() if one["id"] not in done]
        new = self._waiting.with_suffix(".new")
        new.write_text("".join(json.dumps(one) + "\n" for one in rest), "utf-8")
        new.replace(self._waiting)

    def _ask(self, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        asked = Request(f"{self.url.rstrip('/')}/api/venues/{path}", data, headers)  # noqa: S310  the operator's own
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  the operator's own
            return json.loads(answer.read())
