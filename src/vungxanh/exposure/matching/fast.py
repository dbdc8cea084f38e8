"""The same look-up compiled: Numba drives the system's libcrypto. Optional, five times as quick.

`SHA256_Transform` is an old symbol of libcrypto; where it, Numba or the library is absent, `available` says no
and the NumPy path does the work.
"""

import ctypes
import ctypes.util
import importlib.util
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vungxanh.exposure.codec.gaen import RPI_INFO
from vungxanh.exposure.codec.keys import KEY_BYTES, KeyTable
from vungxanh.exposure.matching.heard import BITMAP_BITS, Heard

SYMBOLS = (
    "SHA256_Init",
    "SHA256_Transform",
    "EVP_CIPHER_CTX_new",
    "EVP_CIPHER_CTX_free",
    "EVP_aes_128_ecb",
    "EVP_EncryptInit_ex",
    "EVP_EncryptUpdate",
    "EVP_CIPHER_CTX_set_padding",
)
Rows = NDArray[np.int64]


@cache
def _library() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("crypto")
    try:
        found = ctypes.CDLL(name) if name else None
    except OSError:
        return None
    return found if found is not None and all(hasattr(found, symbol) for symbol in SYMBOLS) else None


def available() -> bool:
    """Are Numba and a libcrypto with the symbols needed on this machine?"""
    return importlib.util.find_spec("numba") is not None and _library() is not None


def _hash_block(library: ctypes.CDLL, block: bytes) -> NDArray[np.uint32]:
    """State of SHA-256 (28 words of libcrypto's context) after one 64-byte block."""
    context = np.zeros(28, np.uint32)
    library.SHA256_Init(ctypes.c_void_p(context.ctypes.data))
    library.SHA256_Transform(ctypes.c_void_p(context.ctypes.data), block)
    return context


def _pad(byte: int, key: bytes) -> bytes:
    return bytes(b ^ byte for b in key.ljust(64, b"\0"))


def _final_block(message: bytes, before: int) -> NDArray[np.uint8]:
    """Last block of a hash: `message`, padding, and the length with `before` bytes already taken in."""
    bits = (before + len(message)) * 8
    return np.frombuffer(message + b"\x80" + bytes(55 - len(message)) + bits.to_bytes(8, "big"), np.uint8).copy()


@cache
def _kernel() -> Any:
    from vungxanh.exposure.matching.kernel import build

    library = _library()
    assert library is not None
    return build(library)


def candidates(keys: KeyTable, heard: Heard) -> tuple[Rows, Rows, Rows]:
    """As `match.candidates`, in the same order."""
    library = _library()
    assert library is not None
    constants = (
        _hash_block(library, _pad(0x36, b"")),
        _hash_block(library, _pad(0x5C, b"")),
        _final_block(bytes(KEY_BYTES), 64),
        _final_block(bytes(32), 64),
        _final_block(RPI_INFO + b"\x01", 64),
    )
    cipher = _cipher(library)
    rests = np.ascontiguousarray(heard.rpis.view("<u8").reshape(-1, 2)[:, 1])
    bits = np.packbits(heard.flags, bitorder="little")  # half a megabyte: stays in the core's own cache
    room = max(1 << 16, len(heard.rpis) * 2)
    try:
        while True:
            out = np.empty((room, 3), np.int64)
            count = _kernel()(
                np.ascontiguousarray(keys["data"]),
                keys["start"].astype(np.int64),
                keys["period"].astype(np.int64),
                heard.prefixes,
                rests,
                bits,
                64 - BITMAP_BITS,
                cipher.value,
                *constants,
                out,
            )
            if count <= room:
                return out[:count, 0].copy(), out[:count, 1].copy(), out[:count, 2].copy()
            room = count
    finally:
        library.EVP_CIPHER_CTX_free(cipher)


def _cipher(library: ctypes.CDLL) -> ctypes.c_void_p:
    """A context for AES-128-ECB that the kernel gives key after key."""
    library.EVP_CIPHER_CTX_new.restype = library.EVP_aes_128_ecb.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.EVP_CIPHER_CTX_new())
    cipher = ctypes.c_void_p(library.EVP_aes_128_ecb())
    library.EVP_EncryptInit_ex(context, cipher, None, bytes(KEY_BYTES), None)
    library.EVP_CIPHER_CTX_set_padding(context, 0)
    return context
