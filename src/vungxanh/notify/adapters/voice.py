"""A call that reads the text aloud, for people without a smartphone or who do not read.

Protocol (the common one of call APIs in the country): JSON POST with the header X-STRINGEE-AUTH, a token signed
HS256 for a minute, and from, to, actions [{action: talk, text, language}]; the answer has r 0 and call_id.
"""

import time
from dataclasses import dataclass

import jwt

from vungxanh.notify.adapters.http import post
from vungxanh.notify.interface import Channel, Message, PermanentFailure, Receipt, TemporaryFailure
from vungxanh.notify.limits import limit


@dataclass(frozen=True)
class VoiceCall:
    """`caller` is the number that people see; it must be one of the directory."""

    url: str
    key_id: str
    secret: str
    caller: str
    channel: Channel = Channel.VOICE
    name: str = "voice-call"
    deduplicates: bool = False

    def send(self, message: Message) -> Receipt:
        number = message.address.removeprefix("+")
        body = {
            "from": {"type": "external", "number": self.caller, "alias": self.caller},
            "to": [{"type": "external", "number": number, "alias": number}],
            "actions": [{"action": "talk", "text": message.text, "language": "vi"}],
            "custom_data": message.key,
        }
        answer = post(self.url, body, {"X-STRINGEE-AUTH": self._token()})
        code = int(answer.get("r", -1))
        if code == 0:
            return Receipt(str(answer.get("call_id", "")), self.price(message))
        raise (TemporaryFailure if code in {2, 3} else PermanentFailure)(f"provider-{code}")

    def _token(self) -> str:
        now = int(time.time())
        claims = {"jti": f"{self.key_id}-{now}", "iss": self.key_id, "exp": now + 60, "rest_api": True}
        return jwt.encode(claims, self.secret, algorithm="HS256", headers={"cty": "stringee-api;v=1"})

    def price(self, message: Message) -> int:
        return limit(Channel.VOICE).price
