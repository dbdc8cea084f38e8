"""How a one-time code reaches a telephone: at once, by the SMS provider of the installation.

In a demonstration nothing leaves: the page shows the code itself.
"""

from uuid import uuid4

from django.conf import settings

from vungxanh.core.errors import OperatorError
from vungxanh.notify.adapters.null import NullAdapter
from vungxanh.notify.interface import Channel, Message, TemporaryFailure
from vungxanh.notify.registry import adapter

#: without marks it is one part; no link, and who asks for the code is warned about
TEXT = "Vung Xanh: ma xac nhan {code}, dung trong 10 phut. Khong dua ma nay cho bat ky ai."


def send_code(phone: str, code: str) -> str:
    """Send; -> the code where the page may show it, else empty.

    Raises OperatorError `venues.no-sender` (no provider is named), `venues.sms-failed`: then the commune officer
    can register the place instead.
    """
    if settings.DEMO:
        return code
    provider = adapter(Channel.SMS)
    if isinstance(provider, NullAdapter):
        raise OperatorError("venues.no-sender")
    try:
        provider.send(Message(uuid4().hex, phone, TEXT.format(code=code)))
    except TemporaryFailure as exc:
        raise OperatorError("venues.sms-failed", reason=exc.code) from exc
    return ""
