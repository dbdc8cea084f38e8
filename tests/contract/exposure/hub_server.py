"""A federation gateway in small: the protocol of the real one over HTTP, its checks, its answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509

from vungxanh.core.errors import UserError
from vungxanh.exposure.federation.batch import decode, verify
from vungxanh.exposure.federation.efgs_pb2 import PartnerBatch, PartnerKey


@dataclass
class State:
    """What the hub holds. `strict`: it refuses a whole batch for one old key, as the real one did."""

    trusted: list[x509.Certificate]
    keys: dict[bytes, PartnerKey] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    uploads: list[tuple[str, bytes, str]] = field(default_factory=list)
    batches: dict[str, list[tuple[str, list[PartnerKey]]]] = field(default_factory=dict)
    oldest: int = 0
    strict: bool = False
    fail_once: set[bytes] = field(default_factory=set)
    down: bool = False

    def upload(self, tag: str, raw: bytes, signature: str) -> tuple[int, bytes]:
        keys = decode(raw)
        self.uploads.append((tag, raw, signature))
        refused = self.refusal(tag, keys, signature)
        if refused:
            return refused, b""
        self.tags.append(tag)
        said: dict[str, list[int]] = {"201": [], "409": [], "500": []}
        for at, key in enumerate(keys):
            if key.key_data in self.fail_once:
                self.fail_once.discard(key.key_data)
                said["500"].append(at)
            elif key.key_data in self.keys and self.keys[key.key_data] == key:
                said["409"].append(at)
            else:
                self.keys[key.key_data] = key
                said["201"].append(at)
        if len(said["201"]) == len(keys):
            return 201, b""
        return 207, json.dumps(said).encode()

    def refusal(self, tag: str, keys: list[PartnerKey], signature: str) -> int:
        """Status with which the whole batch is refused, or 0."""
        if self.down:
            return 503
        if len(keys) > 5_000:
            return 413
        if tag in self.tags:
            return 409
        try:
            country = verify(keys, signature, self.trusted, datetime.now(UTC))
        except UserError:
            return 400
        if any(key.origin != country for key in keys):
            return 400
        return 406 if self.strict and any(key.rolling_start < self.oldest for key in keys) else 0

    def download(self, day: str, tag: str | None) -> tuple[int, str, str, bytes]:
        batches = self.batches.get(day, [])
        at = next((n for n, (name, _) in enumerate(batches) if tag in {None, name}), None)
        if at is None:
            return 404, "", "", b""
        following = batches[at + 1][0] if at + 1 < len(batches) else "null"
        return 200, batches[at][0], following, PartnerBatch(keys=batches[at][1]).SerializeToString()


@contextmanager
def running(state: State) -> Iterator[str]:
    """The hub on a free port; -> its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/diagnosiskeys/upload" or "application/protobuf" not in self.headers["Content-Type"]:
                self.answer(406, b"", {})
                return
            tag = self.headers["batchTag"]
            status, body = state.upload(tag, raw, self.headers["batchSignature"])
            self.answer(status, body, {"batchTag": tag})

        def do_GET(self) -> None:
            day = self.path.removeprefix("/diagnosiskeys/download/")
            status, tag, following, body = state.download(day, self.headers.get("batchTag"))
            self.answer(status, body, {"batchTag": tag, "nextBatchTag": following})

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
