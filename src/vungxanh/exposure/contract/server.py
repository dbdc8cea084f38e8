"""A server that keeps the contract and remembers what a client did; no database, everything in memory."""

import json
import threading
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.exposure import jws
from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.index import IndexEntry, write_index
from vungxanh.exposure.codec.key_hmac import allowed_hmacs
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.codec.signature import Signer, new_private_key, public_pem
from vungxanh.exposure.configuration import document
from vungxanh.exposure.limits import limits
from vungxanh.exposure.publish.request import RefusedError, parse

CODE, WRONG_CODE = "48213057", "48213058"
ONSET = "2022-05-03"
POSTS = {"v1/verify", "v1/certificate", "v1/publish", "v1/receipt", "v1/withdraw"}
GETS = {"v1/keys", "v1/configuration", "files/index.txt", "files/days.txt", "files/spans.txt"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_fake(self) -> bool:
        return "x-chaff" in self.headers


@dataclass
class ContractServer:
    """`now`: Unix seconds, moved by the suite."""

    now: float
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_private_key)
    files: dict[str, bytes] = field(default_factory=dict)
    together: dict[str, bytes] = field(default_factory=dict)
    held: list[DiagnosisKey] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    published: list[DiagnosisKey] = field(default_factory=list)
    configuration: bytes = b""
    tokens: dict[str, bytes | None] = field(default_factory=dict)
    receipt: str = ""

    def __post_init__(self) -> None:
        self.configure({})

    @property
    def public_pem(self) -> str:
        return public_pem(self.key.public_key()).decode()

    def configure(self, changes: dict[str, Any], signer: ec.EllipticCurvePrivateKey | None = None) -> None:
        """The configuration with changes, signed by us or by somebody else."""
        made = document(datetime.fromtimestamp(self.now, UTC), limits()) | changes
        self.configuration = jws.sign(made, signer or self.key, "v1").encode()

    def add_file(
        self,
        keys: Sequence[DiagnosisKey],
        revised: Sequence[DiagnosisKey] = (),
        signer: ec.EllipticCurvePrivateKey | None = None,
        raw: bytes | None = None,
    ) -> str:
        """One more window with these keys. -> its name."""
        start = 1_651_536_000 + 7_200 * len(self.files)
        name = IndexEntry(start, start + 7_200, 1).name
        self.held += keys
        self.files[name] = raw or write_export(
            start=start,
            end=start + 7_200,
            keys=table_of(keys),
            revised=table_of(revised),
            signers=[Signer(signer or self.key)],
        )
        return name

    def add_together(self, kind: str) -> str:
        """One file (`days` or `spans`) with the keys of every window so far. -> its name."""
        start, end = int(min(self.files)[:10]), int(max(self.files)[11:21])
        name = IndexEntry(start, end, 1).name
        self.together[f"vn-{kind}/{name}"] = write_export(
            start=start, end=end, keys=table_of(self.held), signers=[Signer(self.key)]
        )
        return name

    def _listed(self, folder: str) -> bytes:
        return "".join(f"{name}\n" for name in sorted(self.together) if name.startswith(folder)).encode()

    def index(self) -> bytes:
        entries = [IndexEntry(int(name[:10]), int(name[11:21]), int(name[22:27])) for name in self.files]
        return write_index("vn", entries).encode()

    def get(self, path: str) -> tuple[int, bytes]:
        fixed = {
            "v1/configuration": self.configuration,
            "files/index.txt": self.index(),
            "files/days.txt": self._listed("vn-days/"),
            "files/spans.txt": self._listed("vn-spans/"),
            "v1/keys": json.dumps({"keys": [{"key_id": "452", "pem": self.public_pem}]}).encode(),
        }
        if path in fixed:
            return 200, fixed[path]
        name = path.removeprefix("files/").removeprefix("vn/")
        found = self.files.get(name) or self.together.get(name)
        return (404, b"") if found is None else (200, found)

    def post(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if asked.is_fake:
            return 200, {}
        answers = {
            "v1/verify": self._verify,
            "v1/certificate": self._certificate,
            "v1/publish": lambda _: self._publish(asked.body),
            "v1/receipt": lambda _: {"keys": [{"state": "waiting", "file": None, "at": None}]},
            "v1/withdraw": self._withdraw,
        }
        try:
            return 200, answers[asked.path](json.loads(asked.body))
        except (KeyError, ValueError, TypeError):
            return 400, {"code": "bad_request", "error": "unparsable"}
        except RefusedError as refused:
            return refused.status, {"code": refused.code, "error": refused.rule}

    def _verify(self, found: dict[str, Any]) -> dict[str, Any]:
        if "".join(c for c in found["code"] if c.isalnum()) != CODE:
            raise RefusedError("code_invalid", "code")
        token = token_urlsafe(32)
        self.tokens[token] = None
        return {"token": token, "testtype": "confirmed", "symptomDate": ONSET}

    def _certificate(self, found: dict[str, Any]) -> dict[str, Any]:
        mac = b64decode(found["ekeyhmac"], validate=True)
        if found["token"] not in self.tokens or len(mac) != 32:
            raise RefusedError("token_invalid", "token")
        self.tokens[found["token"]] = mac
        return {"certificate": jws.sign({"jti": found["token"]}, self.key, "v1")}

    def _publish(self, body: bytes) -> dict[str, Any]:
        invalid = "health_authority_verification_certificate_invalid"
        request = parse(body, limits().publish.body_bytes)
        try:
            token = jws.verify(request.certificate, lambda _: self.key.public_key())["jti"]
        except jws.BadTokenError as exc:
            raise RefusedError(invalid, "certificate", 401) from exc
        if self.tokens.pop(token, None) not in allowed_hmacs(request.keys, request.hmac_key):
            raise RefusedError(invalid, "hmac", 401)
        self.published, self.receipt = list(request.keys), token_urlsafe(16)
        count = len(request.keys)
        return {"insertedExposures": count, "revisionToken": token_urlsafe(16), "receipt": self.receipt}

    def _withdraw(self, found: dict[str, Any]) -> dict[str, Any]:
        if found["receipt"] != self.receipt:
            raise RefusedError("no_such_receipt", "receipt")
        count, self.published = len(self.published), []
        return {"withdrawn": count}


def serve(server: ContractServer) -> ThreadingHTTPServer:
    """On a free port of 127.0.0.1; the caller shuts it down."""
    reply_bytes = limits().publish.reply_bytes

    class Handler(BaseHTTPRequestHandler):
        def _take(self, body: bytes) -> Asked:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path.lstrip("/"), headers, body)
            server.asked.append(asked)
            return asked

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._say(*server.get(self._take(b"").path))

        def do_POST(self) -> None:
            asked = self._take(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            status, answer = server.post(asked) if asked.path in POSTS else (404, {})
            bare = len(json.dumps({**answer, "padding": ""}))
            self._say(status, json.dumps({**answer, "padding": "x" * max(0, reply_bytes - bare)}).encode())

        def log_message(self, *_: object) -> None:
            """The suite keeps what was asked."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made
