"""The compiled loop of `fast`: HKDF, identifiers, look-up, key after key, without the interpreter."""

import ctypes
from typing import Any

import numba
import numpy as np


def build(library: ctypes.CDLL) -> Any:  # noqa: C901 one loop, compiled as a whole
    """The kernel, bound to the functions of `library`."""
    pointer, number = ctypes.c_void_p, ctypes.c_int
    transform = ctypes.CFUNCTYPE(None, pointer, pointer)(("SHA256_Transform", library))
    set_key = ctypes.CFUNCTYPE(number, pointer, pointer, pointer, pointer, pointer)(
        ("EVP_EncryptInit_ex", library)
    )
    encrypt = ctypes.CFUNCTYPE(number, pointer, pointer, pointer, pointer, number)(("EVP_EncryptUpdate", library))

    @numba.njit
    def store(state: Any, out: Any) -> None:
        """The eight words of a hash state as 32 big-endian bytes at the head of `out`."""
        for i in range(8):
            word = state[i]
            for j in range(4):
                out[4 * i + j] = (word >> (24 - 8 * j)) & 0xFF

    @numba.njit
    def hmac(inner: Any, outer: Any, message: Any, block: Any, state: Any) -> None:
        """HMAC of one final block under a key whose two pads are hashed already; the result opens `block`."""
        state[:] = inner
        transform(state.ctypes.data, message.ctypes.data)
        store(state, block)
        state[:] = outer
        transform(state.ctypes.data, block.ctypes.data)
        store(state, block)

    @numba.njit
    def under(prk: Any, byte: int, initial: Any, padded: Any, state: Any) -> None:
        """Hash state of the pad of a 32-byte key."""
        padded[:] = byte
        for i in range(32):
            padded[i] = prk[i] ^ byte
        state[:] = initial
        transform(state.ctypes.data, padded.ctypes.data)

    @numba.njit
    def search(prefixes: Any, wanted: Any) -> int:
        low, high = 0, len(prefixes)
        while low < high:
            middle = (low + high) >> 1
            if prefixes[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    @numba.njit
    def fill(blocks: Any, start: int, period: int) -> None:
        """Plaintexts `EN-RPI`, six zeros, interval number (little-endian)."""
        for j in range(period):
            moment = start + j
            for i in range(4):
                blocks[j, 12 + i] = (moment >> (8 * i)) & 0xFF

    initial = np.zeros(28, np.uint32)
    library.SHA256_Init(ctypes.c_void_p(initial.ctypes.data))
    lead = np.frombuffer(b"EN-RPI", np.uint8)

    @numba.njit(nogil=True)
    def run(
        teks: Any, starts: Any, periods: Any, prefixes: Any, rests: Any, bits: Any, shift: int, cipher: int,
        salt_inner: Any, salt_outer: Any, tek_block: Any, hash_block: Any, info_block: Any, out: Any,
    ) -> int:  # fmt: skip
        """Writes (key, interval, heard row) to `out`; returns how many there are, which may exceed its room."""
        blocks = np.zeros((144, 16), np.uint8)
        for j in range(144):
            blocks[j, :6] = lead
        words = np.empty((145, 2), np.uint64)
        length = np.zeros(1, np.int32)
        state, inner, outer = np.zeros(28, np.uint32), np.zeros(28, np.uint32), np.zeros(28, np.uint32)
        message, block, padded = tek_block.copy(), hash_block.copy(), np.zeros(64, np.uint8)
        prk = np.empty(32, np.uint8)
        filled, count = -1, 0
        for k in range(len(teks)):
            message[:16] = teks[k]
            hmac(salt_inner, salt_outer, message, block, state)
            prk[:] = block[:32]
            under(prk, 0x36, initial, padded, inner)
            under(prk, 0x5C, initial, padded, outer)
            hmac(inner, outer, info_block, block, state)
            if starts[k] != filled:
                fill(blocks, starts[k], 144)
                filled = starts[k]
            set_key(cipher, 0, 0, block.ctypes.data, 0)
            encrypt(cipher, words.ctypes.data, length.ctypes.data, blocks.ctypes.data, 16 * periods[k])
            for j in range(periods[k]):
                wanted = words[j, 0]
                slot = wanted >> np.uint64(shift)
                if not (bits[slot >> np.uint64(3)] >> (slot & np.uint64(7))) & np.uint64(1):
                    continue
                at = search(prefixes, wanted)
                while at < len(prefixes) and prefixes[at] == wanted:
                    if words[j, 1] == rests[at]:
                        if count < len(out):
                            out[count, 0], out[count, 1], out[count, 2] = k, starts[k] + j, at
                        count += 1
                    at += 1
        return count

    return run
