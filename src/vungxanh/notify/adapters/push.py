"""Web push to browsers that agreed to it (RFC 8030, payload encrypted by RFC 8291, sender named by RFC 8292)."""

import json
from dataclasses import dataclass

import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from vungxanh.notify.adapters.http import TIMEOUT
from vungxanh.notify.interface import Channel, Message, PermanentFailure, Receipt, TemporaryFailure, UnknownOutcome


@dataclass(frozen=True)
class WebPush:
    """The address of a message is the browser's subscription as JSON. A topic replaces what was not yet shown."""

    key_file: str
    contact: str
    channel: Channel = Channel.PUSH
    name: str = "web-push"
    deduplicates: bool = True

    def send(self, message: Message) -> Receipt:
        body = json.dumps({"title": message.subject, "body": message.text, "tag": message.key}, ensure_ascii=False)
        try:
            answer = webpush(
                json.loads(message.address),
                body,
                vapid_private_key=Vapid02.from_file(self.key_file),
                vapid_claims={"sub": self.contact},
                ttl=24 * 3600,
                timeout=TIMEOUT[1],
                headers={"Topic": message.key[-32:]},
            )
        except WebPushException as exc:
            raise _failure(exc) from exc
        except requests.ConnectionError as exc:
            raise TemporaryFailure("no-connection") from exc
        except requests.Timeout as exc:
            raise UnknownOutcome("no-answer") from exc
        return Receipt(str(getattr(answer, "headers", {}).get("Location", ""))[:120])

    def price(self, message: Message) -> int:
        return 0


def _failure(error: WebPushException) -> TemporaryFailure:
    status = error.response.status_code if error.response is not None else 0
    kind = TemporaryFailure if status == 429 or status >= 500 or status == 0 else PermanentFailure
    return kind(f"http-{status}")
