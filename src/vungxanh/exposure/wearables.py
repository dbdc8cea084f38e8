"""A beacon's key and its card. Pure: bytes and text.

The card is handed over with the beacon and scanned at registration: `VXW1`, the seed in base32, a check of four
characters. A day key is the first half of HMAC-SHA256 under the seed, so whoever lacks it cannot link two days.
"""

import hmac
from base64 import b32decode, b32encode
from hashlib import sha256
from secrets import token_bytes

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.gaen import day_start, interval_number
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey

SEED_BYTES = 16
HEAD, INFO = "VXW1", b"VX-WEARABLE-TEK"
CHECK = 4


def new_seed() -> bytes:
    return token_bytes(SEED_BYTES)


def _check(seed: bytes) -> str:
    return b32encode(sha256(HEAD.encode() + seed).digest()).decode()[:CHECK]


def card_of(seed: bytes) -> str:
    """What the card says: 34 characters that a QR code holds as one of its smallest."""
    return HEAD + b32encode(seed).decode().rstrip("=") + _check(seed)


def seed_of(card: str) -> bytes:
    """Card -> seed; spaces and small letters are forgiven. Raises UserError `exposure.bad-card`."""
    text = "".join(card.split()).replace("-", "").upper()
    body = text[len(HEAD) : -CHECK]
    try:
        seed = b32decode(body + "=" * (-len(body) % 8))
    except ValueError as exc:
        raise UserError("exposure.bad-card", field="card") from exc
    if len(seed) != SEED_BYTES or card_of(seed) != text:
        raise UserError("exposure.bad-card", field="card")
    return seed


def day_key(seed: bytes, start: int) -> bytes:
    """Key of the UTC day that begins at interval `start`."""
    return hmac.digest(seed, INFO + start.to_bytes(4, "little"), sha256)[:KEY_BYTES]


def day_keys(seed: bytes, first: float, last: float) -> list[DiagnosisKey]:
    """Keys of every UTC day that [first, last] (Unix s) touches."""
    starts = range(
        day_start(interval_number(first)), day_start(interval_number(last)) + INTERVALS_A_DAY, INTERVALS_A_DAY
    )
    return [DiagnosisKey(day_key(seed, start), start) for start in starts]
