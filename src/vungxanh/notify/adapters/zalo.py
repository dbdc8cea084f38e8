"""Zalo Official Account: a notification by a template that Zalo has approved (ZNS).

Protocol: JSON POST with the header access_token and phone (84…), template_id, template_data, tracking_id; the
answer has error 0 and data.msg_id. Zalo does not refuse a tracking_id that it has seen.
"""

from dataclasses import dataclass

from vungxanh.notify.adapters.http import post
from vungxanh.notify.interface import Channel, Message, PermanentFailure, Receipt, TemporaryFailure
from vungxanh.notify.limits import limit

#: out of quota, token expired, their fault: later
LATER = {-100, -124, -126, -144, -147}


@dataclass(frozen=True)
class ZaloOa:
    """`extra` of a message may name another template and its fields; by default the text is its one field."""

    url: str
    token: str
    template: str
    channel: Channel = Channel.ZALO
    name: str = "zalo-oa"
    deduplicates: bool = False

    def send(self, message: Message) -> Receipt:
        body = {
            "phone": message.address.removeprefix("+"),
            "template_id": message.extra.get("template", self.template),
            "template_data": {k: v for k, v in message.extra.items() if k != "template"} | {"text": message.text},
            "tracking_id": message.key,
        }
        answer = post(self.url, body, {"access_token": self.token})
        code = int(answer.get("error", -1))
        if code == 0:
            return Receipt(str(answer.get("data", {}).get("msg_id", "")), self.price(message))
        raise (TemporaryFailure if code in LATER else PermanentFailure)(f"provider-{code}")

    def price(self, message: Message) -> int:
        return limit(Channel.ZALO).price
