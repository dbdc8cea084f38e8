"""How a client is driven: one JSON object a line in, one out. What each request means stands in the guide."""

import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from typing import Any

SECONDS = 60


class ClientError(Exception):
    """The client refused, as it may."""


class DriverError(Exception):
    """The client did not speak the protocol."""


class Driver:
    """A client as a process; each check starts one afresh."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def do(self, what: str, **more: Any) -> dict[str, Any]:
        """Ask, and wait for the answer. Raises ClientError, DriverError."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self._lines.get(timeout=SECONDS))
        except (OSError, ValueError, queue.Empty) as exc:
            raise DriverError(what) from exc
        if not isinstance(answer, dict):
            raise DriverError(what)
        if "error" in answer:
            raise ClientError(str(answer["error"]))
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(5)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
