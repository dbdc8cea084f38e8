"""Day keys -> all their identifiers: one HKDF and one ECB call a key, into one buffer."""

from functools import lru_cache

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from vungxanh.exposure.codec.gaen import RPI_INFO, padded_data
from vungxanh.exposure.codec.keys import KEY_BYTES, KeyTable

cached_blocks = lru_cache(maxsize=256)(padded_data)
_SHA256, _ECB = SHA256(), modes.ECB()  # noqa: S305 the specification's mode


def expand(keys: KeyTable) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """((n, 16) identifiers key after key, offsets: key i has rows offsets[i] … offsets[i+1]-1)."""
    periods = keys["period"].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(periods)]).astype(np.int64)
    # update_into wants room for a block more than it writes; the next key overwrites it
    buffer = np.empty((int(offsets[-1]) + 1) * KEY_BYTES, np.uint8)
    view = buffer.data
    raw = np.ascontiguousarray(keys["data"]).tobytes()
    teks = [raw[i : i + KEY_BYTES] for i in range(0, len(raw), KEY_BYTES)]
    aes, hkdf, sha, ecb, info = algorithms.AES128, HKDF, _SHA256, _ECB, RPI_INFO
    at = 0
    for tek, start, period in zip(teks, keys["start"].tolist(), periods.tolist(), strict=True):
        encryptor = Cipher(aes(hkdf(sha, KEY_BYTES, None, info).derive(tek)), ecb).encryptor()
        end = at + period * KEY_BYTES
        encryptor.update_into(cached_blocks(start, period), view[at : end + KEY_BYTES])
        at = end
    return buffer[:at].reshape(-1, KEY_BYTES), offsets
