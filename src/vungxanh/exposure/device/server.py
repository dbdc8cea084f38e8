"""The exposure server as a device reaches it."""

import json
import urllib.error
import urllib.request
from secrets import randbelow, token_urlsafe
from typing import Any, Protocol
from urllib.parse import urlsplit

#: a request is filled up to this and a random part more, so that its size tells nothing
FILL_FROM, FILL_MORE = 4_096, 1_024
TIMEOUT_SECONDS = 30
MOST_BYTES = 96 << 20


class ServerError(Exception):
    """No answer, or none that can be read."""


class Server(Protocol):
    def get(self, path: str) -> bytes:
        """Raises ServerError."""

    def post(self, path: str, document: dict[str, Any], *, chaff: bool = False) -> tuple[int, dict[str, Any]]:
        """(status, answer). Raises ServerError."""


def filled(document: dict[str, Any]) -> bytes:
    """JSON with padding to a size that says nothing of how many keys it holds."""
    bare = len(json.dumps({**document, "padding": ""}))
    missing = max(FILL_FROM - bare, 0) + randbelow(FILL_MORE)
    return json.dumps({**document, "padding": token_urlsafe(missing)[:missing]}).encode()


class HttpServer:
    """Over HTTP(S), at a base address such as `https://example.vn/exposure/`."""

    def __init__(self, base: str) -> None:
        if urlsplit(base).scheme not in {"http", "https"}:
            raise ServerError("http or https")
        self.base = base.rstrip("/") + "/"

    def get(self, path: str) -> bytes:
        return self._ask(urllib.request.Request(self.base + path))[1]  # noqa: S310 the scheme is checked

    def post(self, path: str, document: dict[str, Any], *, chaff: bool = False) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json", **({"X-Chaff": "1"} if chaff else {})}
        request = urllib.request.Request(  # noqa: S310 the scheme is checked
            self.base + path, data=filled(document), headers=headers, method="POST"
        )
        status, raw = self._ask(request)
        try:
            found = json.loads(raw)
        except ValueError as exc:
            raise ServerError(path) from exc
        return status, found if isinstance(found, dict) else {}

    def send_records(self, path: str, document: dict[str, Any], token: str) -> tuple[int, dict[str, Any]]:
        """A list of a machine that the server knows by its token."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        request = urllib.request.Request(  # noqa: S310 the scheme is checked
            self.base + path, data=json.dumps(document).encode(), headers=headers, method="POST"
        )
        status, raw = self._ask(request)
        try:
            found = json.loads(raw)
        except ValueError as exc:
            raise ServerError(path) from exc
        return status, found if isinstance(found, dict) else {}

    def _ask(self, request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return answer.status, answer.read(MOST_BYTES)
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read(MOST_BYTES)
        except OSError as exc:
            raise ServerError(str(exc)) from exc
