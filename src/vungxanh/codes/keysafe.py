"""Bytes as text that survives a keyboard-type scanner with a Vietnamese input method switched on.

Telex turns letters after a vowel (and `dd`, `w`) into diacritics, VNI turns digits after a vowel. Without
A, D, E, I, O, U, W, Y there is nothing to turn, and all 28 symbols lie in the compact alphanumeric mode of QR.
"""

from functools import cache
from math import ceil, log2

ALPHABET = "0123456789BCFGHJKLMNPQRSTVXZ"
_SYMBOLS = frozenset(ALPHABET)
#: the symbols as the digits that `int` knows for this base
_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqr")
BITS = log2(len(ALPHABET))


def encode(raw: bytes) -> str:
    """`raw` as text of fixed length for its length: 18 bytes are 30 symbols."""
    value, symbols = int.from_bytes(raw, "big"), []
    for _ in range(length(len(raw))):
        value, rest = divmod(value, len(ALPHABET))
        symbols.append(ALPHABET[rest])
    return "".join(reversed(symbols))


def decode(text: str) -> bytes | None:
    """The bytes of `text` (lower case allowed); None where it was not made by `encode`."""
    upper = text.upper()
    if not _SYMBOLS.issuperset(upper):
        return None
    value = int(upper.translate(_DIGITS) or "0", len(ALPHABET))
    size = int(len(text) * BITS // 8)
    if length(size) != len(text) or value >> (8 * size):
        return None
    return value.to_bytes(size, "big")


@cache
def length(size: int) -> int:
    """Symbols that `size` bytes take."""
    return ceil(size * 8 / BITS)
