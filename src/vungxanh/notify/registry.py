"""Which provider serves a channel: as the environment says; none in demonstration mode, ever."""

import os
from collections.abc import Callable

from vungxanh.core.errors import OperatorError
from vungxanh.notify.adapters.null import NullAdapter
from vungxanh.notify.interface import Adapter, Channel


def _env(name: str, default: str | None = None) -> str:
    """Raises OperatorError `notify.setting-missing`."""
    found = os.environ.get(f"VUNGXANH_{name}", default)
    if found is None:
        raise OperatorError("notify.setting-missing", name=f"VUNGXANH_{name}")
    return found


def _sms() -> Adapter:
    from vungxanh.notify.adapters.sms_brand import BrandSms

    return BrandSms(_env("SMS_URL"), _env("SMS_KEY"), _env("SMS_SECRET"), _env("SMS_BRAND"))


def _zalo() -> Adapter:
    from vungxanh.notify.adapters.zalo import ZaloOa

    reply = _env("ZALO_REPLY_URL", "https://openapi.zalo.me/v3.0/oa/message/cs")
    return ZaloOa(_env("ZALO_URL"), _env("ZALO_TOKEN"), _env("ZALO_TEMPLATE"), reply)


def _voice() -> Adapter:
    from vungxanh.notify.adapters.voice import VoiceCall

    return VoiceCall(_env("VOICE_URL"), _env("VOICE_KEY"), _env("VOICE_SECRET"), _env("VOICE_CALLER"))


def _push() -> Adapter:
    from vungxanh.notify.adapters.push import WebPush
    from vungxanh.notify.push_keys import key_file

    return WebPush(key_file(), _env("PUSH_CONTACT"))


def _email() -> Adapter:
    from vungxanh.notify.adapters.mail import SmtpMail

    return SmtpMail(
        _env("EMAIL_HOST"),
        int(_env("EMAIL_PORT", "587")),
        _env("EMAIL_SENDER"),
        _env("EMAIL_USER", ""),
        _env("EMAIL_PASSWORD", ""),
        _env("EMAIL_SECURITY", "starttls"),
    )


#: channel -> (setting that switches it on, how it is made)
REAL: dict[Channel, tuple[str, Callable[[], Adapter]]] = {
    Channel.SMS: ("VUNGXANH_SMS_URL", _sms),
    Channel.ZALO: ("VUNGXANH_ZALO_URL", _zalo),
    Channel.VOICE: ("VUNGXANH_VOICE_URL", _voice),
    Channel.PUSH: ("VUNGXANH_PUSH_CONTACT", _push),
    Channel.EMAIL: ("VUNGXANH_EMAIL_HOST", _email),
}


def adapter(channel: Channel) -> Adapter:
    """The provider of a channel; the Null one where none is named.

    Raises OperatorError `notify.demo-refuses` when one is named in demonstration mode: no invented message reaches
    a real person because somebody copied a settings file.
    """
    setting, make = REAL[channel]
    if not os.environ.get(setting):
        return NullAdapter(channel)
    if is_demo():
        raise OperatorError("notify.demo-refuses", setting=setting)
    return make()


def is_demo() -> bool:
    """Demonstration or drill mode, as the settings say."""
    from django.conf import settings

    return bool(settings.DEMO)
