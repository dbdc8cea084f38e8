"""A fake upload, made to cost what a real one costs: it is read, and then judged as a request that holds."""

from datetime import datetime
from secrets import randbelow, token_bytes

from vungxanh.exposure.codec.gaen import day_start, interval_number, new_key
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey, ReportType
from vungxanh.exposure.limits import Limits
from vungxanh.exposure.publish import certificate
from vungxanh.exposure.publish.request import PublishRequest
from vungxanh.exposure.tokens import secret

#: keys of one day, so that thirty fit into the days that count
SAME_DAY = 3
#: how long a verification takes hangs on its numbers, so fakes have several to be judged by
SEVERAL = 32
#: a stand-in is used for two thirds of the life of its certificate, so that making one is rare
_ready: dict[tuple[int, int, int], PublishRequest] = {}


def stand_in(count: int, now: datetime, limits: Limits) -> PublishRequest:
    """A valid request with so many keys, as near as may be."""
    count = min(max(count, 1), limits.publish.keys)
    turn = int(now.timestamp()) // (limits.code.certificate_minutes * 40)
    name = (turn, count, randbelow(SEVERAL))
    if name not in _ready:
        _forget_before(turn)
        _ready[name] = _made(count, now, limits)
    return _ready[name]


def fresh_keys(count: int) -> list[bytes]:
    """Key bytes of nobody."""
    random = token_bytes(KEY_BYTES * count)
    return [random[at : at + KEY_BYTES] for at in range(0, len(random), KEY_BYTES)]


def _forget_before(turn: int) -> None:
    for old in [key for key in _ready if key[0] < turn]:
        _ready.pop(old, None)


def _made(count: int, now: datetime, limits: Limits) -> PublishRequest:
    today = day_start(interval_number(now.timestamp()))
    keys = tuple(DiagnosisKey(new_key(), today - INTERVALS_A_DAY * (n // SAME_DAY)) for n in range(count))
    mac_key, onset = token_bytes(32), today - 9 * INTERVALS_A_DAY
    claims = certificate.Claims(ReportType.CONFIRMED_TEST, onset, key_hmac(keys, mac_key), secret())
    made = certificate.make(claims, now, limits.code)
    return PublishRequest(keys, certificate.ISSUER, made, mac_key, None, None, traveller=False)


def forget() -> None:
    """Drop the stand-ins (between tests)."""
    _ready.clear()
