"""Message providers on this machine: they speak the protocols, remember what they sent, and fail when told to."""

import base64
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Answer = tuple[int, Any]


@dataclass
class Fake:
    """`sent` is what people would have received; `trouble` answers instead while it returns something."""

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    trouble: Callable[[int], Answer | None] = lambda _: None
    hang_up_after_sending: bool = False


def sms(fake: Fake, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """The aggregator: a RequestId that it has seen is refused with 124 and not sent again."""
    if body.get("ApiKey") != "key" or body.get("SecretKey") != "secret":
        return 200, {"CodeResult": "101", "ErrorMessage": "Authorize Failed"}
    if not body["Phone"].startswith("0") or len(body["RequestId"]) > 50:
        return 200, {"CodeResult": "104"}
    if any(before["RequestId"] == body["RequestId"] for before in fake.sent):
        return 200, {"CodeResult": "124"}
    fake.sent.append(body)
    return 200, {"CodeResult": "100", "SMSID": f"s{len(fake.sent)}"}


def zalo(fake: Fake, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """Zalo sends as often as it is asked."""
    if headers.get("access_token") != "token":
        return 200, {"error": -124, "message": "Access token invalid"}
    if not body["phone"].startswith("84"):
        return 200, {"error": -108, "message": "Phone number invalid"}
    fake.sent.append(body)
    return 200, {"error": 0, "data": {"msg_id": f"z{len(fake.sent)}"}}


def zalo_reply(fake: Fake, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """The customer-service call: to a user of the account, never to a number."""
    if headers.get("access_token") != "token":
        return 200, {"error": -216, "message": "Access token is invalid"}
    if set(body) != {"recipient", "message"} or not body["recipient"]["user_id"].isdecimal():
        return 200, {"error": -201, "message": "Params is invalid"}
    fake.sent.append(body)
    return 200, {"error": 0, "data": {"message_id": f"r{len(fake.sent)}", "user_id": body["recipient"]["user_id"]}}


def voice(fake: Fake, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """The call API: a token of a minute, one action that talks."""
    claims = jwt.decode(headers["x-stringee-auth"], "s" * 32, algorithms=["HS256"], issuer="kid")
    if not claims["rest_api"] or body["actions"][0]["action"] != "talk":
        return 200, {"r": 1, "message": "bad request"}
    fake.sent.append(body)
    return 200, {"r": 0, "call_id": f"c{len(fake.sent)}"}


@contextmanager
def http(kind: Callable[[Fake, dict[str, Any], dict[str, str]], Answer]) -> Iterator[Fake]:
    """A provider that takes JSON."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append(body)
            headers = {key.lower(): value for key, value in self.headers.items()}
            status, answer = fake.trouble(len(fake.asked)) or kind(fake, body, headers)
            if fake.hang_up_after_sending:
                self.connection.close()
                return
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        fake.url = f"http://127.0.0.1:{server.server_address[1]}/send"
        yield fake


@dataclass
class Browser:
    """A browser that listens: it alone can read what is pushed to it."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"
    url: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 201

    def subscription(self) -> str:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _b64(point), "auth": _b64(self.secret)}
        return json.dumps({"endpoint": self.url, "keys": keys})


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def push_service() -> Iterator[Browser]:
    """A push service with one browser behind it."""
    browser = Browser()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            browser.headers.append({key.lower(): value for key, value in self.headers.items()})
            if browser.status == 201:
                plain = http_ece.decrypt(raw, private_key=browser.private, auth_secret=browser.secret)
                browser.shown.append(json.loads(plain))
            self.send_response(browser.status)
            self.send_header("Location", f"{browser.url}/m1")
            self.end_headers()

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        browser.url = f"http://127.0.0.1:{server.server_address[1]}/push"
        yield browser


@dataclass
class MailServer:
    """What arrived, and what it answers to a recipient."""

    port: int = 0
    letters: list[str] = field(default_factory=list)
    recipient_answer: str = "250 OK"


@contextmanager
def mail() -> Iterator[MailServer]:
    """A mail server that knows the six commands of a delivery."""
    found = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 here")
            for raw in self.rfile:
                verb = raw.decode().split()[0].upper() if raw.strip() else ""
                if verb == "DATA":
                    self.say("354 go")
                    found.letters.append(self.letter())
                answers = {"RCPT": found.recipient_answer, "QUIT": "221 bye"}
                self.say(answers.get(verb, "250 OK"))
                if verb == "QUIT":
                    return

        def letter(self) -> str:
            lines: list[bytes] = []
            for raw in self.rfile:
                if raw == b".\r\n":
                    break
                lines.append(raw)
            return b"".join(lines).decode()

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        found.port = server.server_address[1]
        yield found


@contextmanager
def _serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
