"""Day keys -> all their identifiers: one key derivation and one ECB call a key, into one buffer."""

from functools import lru_cache
from hashlib import sha256

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from vungxanh.exposure.codec.gaen import RPI_INFO, padded_data
from vungxanh.exposure.codec.keys import KEY_BYTES, KeyTable

cached_blocks = lru_cache(maxsize=256)(padded_data)
_ECB = modes.ECB()  # noqa: S305 the specification's mode

_BLOCK = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
#: HMAC under the empty salt begins alike for every key: both of its first blocks are hashed once
_SALT_INNER, _SALT_OUTER = sha256(bytes([0x36]) * _BLOCK), sha256(bytes([0x5C]) * _BLOCK)
_REST_INNER, _REST_OUTER = bytes([0x36]) * 32 + RPI_INFO + b"\x01", bytes([0x5C]) * 32
_EMPTY = sha256()


def rpi_keys(teks: list[bytes]) -> list[bytes]:
    """HKDF-SHA256 of each key with no salt and `EN-RPIK`, as `gaen.rpi_key`; written out for speed."""
    found = []
    for tek in teks:
        inner, outer = _SALT_INNER.copy(), _SALT_OUTER.copy()
        inner.update(tek)
        outer.update(inner.digest())
        prk = outer.digest()
        inner, outer = _EMPTY.copy(), _EMPTY.copy()
        inner.update(prk.translate(_INNER) + _REST_INNER)
        outer.update(prk.translate(_OUTER) + _REST_OUTER + inner.digest())
        found.append(outer.digest()[:KEY_BYTES])
    return found


def expand(keys: KeyTable) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """((n, 16) identifiers key after key, offsets: key i has rows offsets[i] … offsets[i+1]-1)."""
    periods = keys["period"].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(periods)]).astype(np.int64)
    # update_into wants room for a block more than it writes; the next key overwrites it
    buffer = np.empty((int(offsets[-1]) + 1) * KEY_BYTES, np.uint8)
    view = buffer.data
    raw = np.ascontiguousarray(keys["data"]).tobytes()
    teks = [raw[i : i + KEY_BYTES] for i in range(0, len(raw), KEY_BYTES)]
    aes, ecb = algorithms.AES128, _ECB
    at = 0
    for key, start, period in zip(rpi_keys(teks), keys["start"].tolist(), periods.tolist(), strict=True):
        encryptor = Cipher(aes(key), ecb).encryptor()
        end = at + period * KEY_BYTES
        encryptor.update_into(cached_blocks(start, period), view[at : end + KEY_BYTES])
        at = end
    return buffer[:at].reshape(-1, KEY_BYTES), offsets
