"""A fake upload, made to cost what a real one costs: it is read, and then judged as a request that holds."""

from datetime import datetime
from secrets import token_bytes

from vungxanh.exposure.codec.gaen import day_start, interval_number, new_key
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, DiagnosisKey, ReportType
from vungxanh.exposure.limits import Limits
from vungxanh.exposure.publish import certificate
from vungxanh.exposure.publish.request import PublishRequest, RefusedError, parse
from vungxanh.exposure.tokens import secret

#: keys of one day, so that thirty fit into the days that count
SAME_DAY = 3
#: a stand-in is used for two thirds of the life of its certificate, so that making one is rare
_ready: dict[tuple[int, int], PublishRequest] = {}


def disguise(raw: bytes, now: datetime, limits: Limits) -> PublishRequest:
    """A valid request with as many keys as the fake has; what the fake says is read and thrown away."""
    try:
        count = min(max(len(parse(raw, limits.publish.body_bytes).keys), 1), limits.publish.keys)
    except RefusedError:
        count = limits.publish.keys // 2
    turn = int(now.timestamp()) // (limits.code.certificate_minutes * 40)
    if (turn, count) not in _ready:
        _forget_before(turn)
        _ready[turn, count] = _stand_in(count, now, limits)
    return _ready[turn, count]


def _forget_before(turn: int) -> None:
    for old in [key for key in _ready if key[0] < turn]:
        _ready.pop(old, None)


def _stand_in(count: int, now: datetime, limits: Limits) -> PublishRequest:
    today = day_start(interval_number(now.timestamp()))
    keys = tuple(DiagnosisKey(new_key(), today - INTERVALS_A_DAY * (n // SAME_DAY)) for n in range(count))
    mac_key = token_bytes(32)
    claims = certificate.Claims(ReportType.CONFIRMED_TEST, None, key_hmac(keys, mac_key), secret())
    made = certificate.make(claims, now, limits.code)
    return PublishRequest(keys, certificate.ISSUER, made, mac_key, None, None, traveller=False)


def forget() -> None:
    """Drop the stand-ins (between tests)."""
    _ready.clear()
