"""A keeper's own system is told how full its place is: signed, tried again, counts only.

An event is a POST of JSON with `X-Vungxanh-Signature: t=<seconds>,v1=<hex>`, v1 = HMAC-SHA-256 of `<t>.<body>`
under the secret that the keeper was shown once. Any answer from 200 to 299 takes it; all else is tried again.
"""

import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.venues.links import number_of
from vungxanh.venues.models import Venue, Webhook, WebhookDelivery
from vungxanh.venues.queries import occupancy

#: minutes to the next try; after the last one it is given up
TRIES = (1, 5, 30, 120, 720)
PATIENCE = 10.0
MOST = 5
SIGNATURE = "X-Vungxanh-Signature"


@transaction.atomic
def add(*, by: audit.By, venue: Venue, url: str) -> tuple[Webhook, str]:
    """-> the address and its secret, shown once. Raises `venues.webhook-address`, `venues.webhook-many`."""
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname or parts.username or len(url) > 300:
        raise UserError("venues.webhook-address", field="url")
    if venue.webhooks.filter(stopped_at=None).count() >= MOST:
        raise UserError("venues.webhook-many", field="url", most=MOST)
    secret = secrets.token_urlsafe(32)
    made = Webhook.objects.create(venue=venue, url=url.strip(), secret=secret)
    audit.record(by=by, action="venues:webhook:add", subject=f"place:{venue.pk}", details={"webhook": made.pk})
    return made, secret


@transaction.atomic
def stop(*, by: audit.By, webhook: Webhook) -> None:
    webhook.stopped_at = timezone.now()
    webhook.save(update_fields=["stopped_at"])
    webhook.deliveries.filter(done_at=None).update(done_at=webhook.stopped_at, next_at=None)
    audit.record(by=by, action="venues:webhook:stop", subject=f"place:{webhook.venue_id}")


def sign(secret: str, body: bytes, seconds: int) -> str:
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def observe(now: datetime | None = None) -> int:
    """An event for each address that was told another number of people inside, or none yet. -> events."""
    moment, made = now or timezone.now(), 0
    # scope: the system tells each keeper of their own place
    hooks = Webhook.objects.filter(stopped_at=None, venue__place__closed=None).select_related("venue__place")
    for hook in hooks:
        inside = occupancy(hook.venue.place, moment)
        last = hook.deliveries.order_by("-pk").first()
        if last is None or last.body.get("inside") != inside:
            WebhookDelivery.objects.create(
                webhook=hook, event=uuid4(), body=_body(hook.venue, inside), made_at=moment, next_at=moment
            )
            made += 1
    return made


def _body(venue: Venue, inside: int) -> dict[str, Any]:
    return {"event": "occupancy", "place": number_of(venue.pk), "inside": inside, "capacity": venue.place.capacity}


def send_due(now: datetime | None = None) -> dict[str, int]:
    """Send what is due. -> how many were taken, put off, given up."""
    moment = now or timezone.now()
    due = WebhookDelivery.objects.filter(done_at=None, next_at__lte=moment).select_related("webhook")
    counts = {"taken": 0, "put-off": 0, "given-up": 0}
    for delivery in due.order_by("next_at")[:500]:
        counts[_send(delivery, moment)] += 1
    return counts


def _send(delivery: WebhookDelivery, now: datetime) -> str:
    status = _post(delivery, now)
    delivery.status, delivery.tries = status or None, delivery.tries + 1
    if 200 <= status < 300:
        delivery.done_at, delivery.next_at, said = now, None, "taken"
    elif delivery.tries > len(TRIES):
        delivery.done_at, delivery.next_at, said = now, None, "given-up"
    else:
        delivery.next_at, said = now + timedelta(minutes=TRIES[delivery.tries - 1]), "put-off"
    delivery.save(update_fields=["status", "tries", "done_at", "next_at"])
    return said


def _post(delivery: WebhookDelivery, now: datetime) -> int:
    """-> the status of the answer, 0 where there was none. Redirects are not followed."""
    hook, whole = delivery.webhook, delivery.body | {"id": str(delivery.event), "at": delivery.made_at.isoformat()}
    body = json.dumps(whole, sort_keys=True).encode()
    parts = urlsplit(hook.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if not may_call(host, port):
        return 0
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, port, timeout=PATIENCE)
    signature = sign(hook.secret.open(), body, int(now.timestamp()))
    headers = {"Content-Type": "application/json", SIGNATURE: signature, "User-Agent": "vungxanh-webhook/1"}
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection.getresponse().status
    except (OSError, ValueError):
        return 0
    finally:
        connection.close()


def may_call(host: str, port: int) -> bool:
    """Only addresses of the public net: a keeper's address must not reach into the house."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(str(one[4][0]).split("%")[0]).is_global for one in found)
