"""Zalo Official Account: a notification by a template that Zalo has approved (ZNS), and the answer to who wrote.

Protocol: JSON POST with the header access_token and phone (84…), template_id, template_data, tracking_id; the
answer has error 0 and data.msg_id. Zalo does not refuse a tracking_id that it has seen. An answer is another call:
recipient.user_id and message.text, within Zalo's days after the person's own text.
"""

from dataclasses import dataclass
from typing import Any

from vungxanh.notify.adapters.http import post
from vungxanh.notify.interface import ZALO_USER, Channel, Message, PermanentFailure, Receipt, TemporaryFailure
from vungxanh.notify.limits import limit

#: out of quota, token expired, their fault: later
LATER = {-100, -124, -126, -144, -147, -216}


@dataclass(frozen=True)
class ZaloOa:
    """`extra` of a message may name another template and its fields; by default the text is its one field."""

    url: str
    token: str
    template: str
    reply_url: str = ""
    channel: Channel = Channel.ZALO
    name: str = "zalo-oa"
    deduplicates: bool = False

    def send(self, message: Message) -> Receipt:
        if message.address.startswith(ZALO_USER):
            user = {"user_id": message.address.removeprefix(ZALO_USER)}
            return self._asked(self.reply_url, {"recipient": user, "message": {"text": message.text}}, 0)
        body = {
            "phone": message.address.removeprefix("+"),
            "template_id": message.extra.get("template", self.template),
            "template_data": {k: v for k, v in message.extra.items() if k != "template"} | {"text": message.text},
            "tracking_id": message.key,
        }
        return self._asked(self.url, body, self.price(message))

    def _asked(self, url: str, body: dict[str, Any], price: int) -> Receipt:
        answer = post(url, body, {"access_token": self.token})
        code = int(answer.get("error", -1))
        if code == 0:
            data = answer.get("data", {})
            return Receipt(str(data.get("msg_id", data.get("message_id", ""))), price)
        raise (TemporaryFailure if code in LATER else PermanentFailure)(f"provider-{code}")

    def price(self, message: Message) -> int:
        return limit(Channel.ZALO).price
