"""The device's page over HTTP, on this machine only."""

import time
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import day_start, local_date
from vungxanh.exposure.device import page
from vungxanh.exposure.device.client import Client, Verified
from vungxanh.exposure.device.diagnosis import Health

MOST_FORM = 8_192
Fields = dict[str, list[str]]


class Site:
    """Requests -> pages. `clock`: Unix seconds."""

    def __init__(
        self, client: Client, health: Health, profile_name: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.client, self.health, self.profile_name, self.clock = client, health, profile_name, clock
        self._open: dict[str, Verified] = {}

    def get(self, path: str, language: str) -> tuple[int, str]:
        if path == "/share":
            return 200, page.share(self.client.encounters(self.profile_name), language)
        if path != "/":
            return 404, page.failed("404", language)
        now = self.clock()
        midnight = day_start(local_date(int(now) // 60)) * 60
        fetched = self.client.last_fetch()
        view = page.View(
            scored=self.client.exposure(self.profile_name),
            profile=self.client.profile(self.profile_name),
            checks=self.health.checks(now, last_fetch=fetched),
            hours=self.health.hours_protected(midnight, now),
            now=now,
            last_fetch=fetched,
            taken_back=self.client.taken_back(),
        )
        return 200, page.home(view, language)

    def post(self, path: str, fields: Fields, language: str) -> tuple[int, str]:
        try:
            if path == "/code":
                return 200, self._code(fields, language)
            if path == "/send":
                return 200, self._send(fields, language)
            if path == "/share":
                return 200, self._share(fields, language)
            if path == "/unshare":
                return 200, page.unshared(self.client.unshare(fields.get("receipt", [""])[0]), language)
        except UserError as exc:
            return 400, page.failed(exc.text(language), language)
        return 404, page.failed("404", language)

    def _code(self, fields: Fields, language: str) -> str:
        verified = self.client.enter_code(fields.get("code", [""])[0])
        self._open[verified.token] = verified
        return page.days(verified.days, verified.token, language)

    def _send(self, fields: Fields, language: str) -> str:
        verified = self._open.get(fields.get("token", [""])[0])
        if verified is None:
            raise UserError("exposure.form-over")
        wanted = set(fields.get("day", []))
        chosen = [key for key in verified.days if str(key.rolling_start) in wanted]
        if not chosen:
            raise UserError("exposure.no-day-chosen", field="day")
        receipt = self.client.publish(verified, chosen)
        del self._open[verified.token]
        return page.sent(receipt, language)

    def _share(self, fields: Fields, language: str) -> str:
        """The days that were ticked, and no other."""
        try:
            days = [date.fromisoformat(text) for text in fields.get("day", [])]
        except ValueError:
            days = []
        if not days:
            raise UserError("exposure.no-day-chosen", field="day")
        code = fields.get("code", [""])[0]
        return page.shared(self.client.share(code, days, self.profile_name), language)


def server(site: Site, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1; `port` 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, found: tuple[int, str]) -> None:
            body = found[1].encode()
            self.send_response(found[0])
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def _asked(self) -> tuple[str, str]:
            parts = urlsplit(self.path)
            language = parse_qs(parts.query).get("lang", ["vi"])[0]
            return parts.path, language if language in page.LANGUAGES else "vi"

        def _is_ours(self) -> bool:
            """Another site must not make this browser post, nor another name reach this page."""
            host = self.headers.get("Host", "").rpartition(":")[0]
            origin = self.headers.get("Origin")
            return host in {"127.0.0.1", "localhost"} and (
                origin is None or urlsplit(origin).hostname in {"127.0.0.1", "localhost"}
            )

        def do_GET(self) -> None:
            self._answer(site.get(*self._asked()) if self._is_ours() else (403, ""))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > MOST_FORM or not self._is_ours():
                self._answer((403, ""))
                return
            fields = parse_qs(self.rfile.read(length).decode("utf-8", "replace"))
            path, language = self._asked()
            self._answer(site.post(path, fields, language))

        def log_message(self, *_: object) -> None:
            """Addresses hold nothing, and still nobody needs a list of when this person looked."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
