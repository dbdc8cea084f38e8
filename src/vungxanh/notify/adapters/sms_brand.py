"""SMS under a registered sender name ("brandname") through an aggregator.

Protocol: one JSON POST a message with ApiKey, SecretKey, Brandname, SmsType 2 (customer care), Phone, Content and
RequestId, by which the aggregator refuses doubles for 24 hours (developers.esms.vn, "Send customer care message",
seen 2026-11). CodeResult 100 is accepted; 124, that the RequestId is known already, is accepted too.
"""

from dataclasses import dataclass

from vungxanh.notify.adapters.http import post
from vungxanh.notify.interface import Channel, Message, PermanentFailure, Receipt, TemporaryFailure
from vungxanh.notify.limits import limit
from vungxanh.notify.sms import is_plain, parts

ACCEPTED = {"100", "124"}
#: no money, busy, unknown fault of theirs: tomorrow may be better; everything else is the message's own fault
LATER = {"99", "103", "108", "118", "119"}


@dataclass(frozen=True)
class BrandSms:
    """`url` ends where the message is posted."""

    url: str
    api_key: str
    secret: str
    brand: str
    channel: Channel = Channel.SMS
    name: str = "sms-brand"
    deduplicates: bool = True

    def send(self, message: Message) -> Receipt:
        body = {
            "ApiKey": self.api_key,
            "SecretKey": self.secret,
            "Brandname": self.brand,
            "SmsType": "2",
            "IsUnicode": "0" if is_plain(message.text) else "1",
            "Phone": national(message.address),
            "Content": message.text,
            "RequestId": message.key,
        }
        answer = post(self.url, body)
        code = str(answer.get("CodeResult", ""))
        if code in ACCEPTED:
            return Receipt(str(answer.get("SMSID", "")), self.price(message))
        raise (TemporaryFailure if code in LATER else PermanentFailure)(f"provider-{code[:10]}")

    def price(self, message: Message) -> int:
        return parts(message.text) * limit(Channel.SMS).price


def national(e164: str) -> str:
    """`+84944713700` -> `0944713700`."""
    return "0" + e164.removeprefix("+84") if e164.startswith("+84") else e164.removeprefix("+")
