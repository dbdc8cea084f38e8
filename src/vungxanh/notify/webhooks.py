"""Providers' calls with what people sent: who calls is proven by a signature, then the message is kept.

SMS to a short code or long number comes through the aggregator as one JSON POST a message: `RequestId`, `Phone`,
`Content`, `Time` (Unix seconds), signed by us and them with `VUNGXANH_INBOUND_SECRET`: header `X-Signature`, hex
HMAC-SHA256 of the body; a body older than ten minutes is refused. A registered sender name cannot be answered to,
so an installation needs such a number as well. Zalo OA: event `user_send_text`, header `X-ZEvent-Signature`
= `mac=` + SHA-256 of app id, body, timestamp and secret (developers.zalo.me, webhook, seen 2026-11). None has been
tried against the provider itself.
"""

import hashlib
import hmac
import json
import os
import time
from datetime import UTC, datetime
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.notify import inbound
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Inbound

#: seconds that a signed body is good for
FRESH = 600


def sms(body: bytes, signature: str) -> Inbound:
    """Raises UserError `notify.webhook-off`, `.webhook-signature`, `.webhook-unreadable`."""
    key = _secret("VUNGXANH_INBOUND_SECRET")
    if not hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), signature.lower()):
        raise UserError("notify.webhook-signature")
    given = _read(body)
    moment = _moment(given.get("Time"))
    return inbound.receive(
        channel=Channel.SMS,
        provider_id=_text(given, "RequestId"),
        sender=_text(given, "Phone"),
        text=_text(given, "Content"),
        at=moment,
    )


def call(body: bytes, signature: str) -> Inbound:
    """A call that nobody took: kept to be called back. Raises as `sms`."""
    key = _secret("VUNGXANH_INBOUND_SECRET")
    if not hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), signature.lower()):
        raise UserError("notify.webhook-signature")
    given = _read(body)
    return inbound.receive(
        channel=Channel.VOICE,
        provider_id=_text(given, "RequestId"),
        sender=_text(given, "Phone"),
        text="",
        at=_moment(given.get("Time")),
    )


def zalo(body: bytes, signature: str) -> Inbound | None:
    """None for events that are no text. Raises as `sms`."""
    secret = _secret("VUNGXANH_ZALO_SECRET")
    given = _read(body)
    signed = str(given.get("app_id", "")).encode() + body + str(given.get("timestamp", "")).encode() + secret
    if not hmac.compare_digest(f"mac={hashlib.sha256(signed).hexdigest()}", signature):
        raise UserError("notify.webhook-signature")
    if given.get("event_name") != "user_send_text":
        return None
    message, sender = given.get("message"), given.get("sender")
    if not isinstance(message, dict) or not isinstance(sender, dict):
        raise UserError("notify.webhook-unreadable")
    return inbound.receive(
        channel=Channel.ZALO,
        provider_id=_text(message, "msg_id"),
        sender=_text(sender, "id"),
        text=_text(message, "text"),
        at=_moment(int(str(given["timestamp"])) / 1000 if str(given.get("timestamp", "")).isdigit() else None),
    )


def _secret(name: str) -> bytes:
    found = os.environ.get(name, "")
    if not found:
        raise UserError("notify.webhook-off")
    return found.encode()


def _read(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError as exc:
        raise UserError("notify.webhook-unreadable") from exc
    if not isinstance(given, dict):
        raise UserError("notify.webhook-unreadable")
    return given


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise UserError("notify.webhook-unreadable")
    return value.replace("\x00", "")


def _moment(seconds: object) -> datetime:
    if isinstance(seconds, str) and seconds.isdigit():
        seconds = int(seconds)
    if not isinstance(seconds, int | float) or abs(time.time() - seconds) > FRESH:
        raise UserError("notify.webhook-signature")
    return datetime.fromtimestamp(seconds, UTC)
