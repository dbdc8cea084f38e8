"""The HMAC that ties a certificate to the keys that may be uploaded with it, without showing them first.

Text: `base64.start.period.risk` of each key, sorted by its base64, joined by commas; HMAC-SHA256.
The risk may be left out where every key has zero. Source: google/exposure-notifications-server
`pkg/verification/utils.go`, verified against its test vectors.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from vungxanh.exposure.codec.keys import DiagnosisKey


def _text(keys: list[DiagnosisKey], with_risk: bool) -> bytes:  # noqa: FBT001 the two spellings of one format
    parts = sorted(
        f"{b64encode(k.data).decode()}.{k.rolling_start}.{k.rolling_period}"
        + (f".{k.transmission_risk}" if with_risk else "")
        for k in keys
    )
    return ",".join(parts).encode()


def key_hmac(keys: Iterable[DiagnosisKey], secret: bytes, *, with_risk: bool = True) -> bytes:
    """32 bytes over all keys together."""
    return hmac.digest(secret, _text(list(keys), with_risk), sha256)


def allowed_hmacs(keys: Iterable[DiagnosisKey], secret: bytes) -> list[bytes]:
    """Every value that a client may have sent for these keys."""
    found = list(keys)
    spellings = [True] + ([False] if all(k.transmission_risk == 0 for k in found) else [])
    return [key_hmac(found, secret, with_risk=spelling) for spelling in spellings]
