"""Secrets that people and devices carry: codes, tokens, receipts; and their hashes, which is all we keep."""

import hmac
from hashlib import sha256
from secrets import choice, randbelow, token_urlsafe

from vungxanh.core.vault import keyed_hash

#: letters and digits that neither the eye nor the ear takes for one another
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def short_code(digits: int) -> str:
    return f"{randbelow(10**digits):0{digits}d}"


def long_code(characters: int) -> str:
    return "".join(choice(ALPHABET) for _ in range(characters))


def grouped(code: str, size: int = 4) -> str:
    """As it is read aloud and typed: groups of four."""
    return " ".join(code[i : i + size] for i in range(0, len(code), size))


def plain(code: str) -> str:
    """What was typed, without spaces, hyphens and small letters."""
    return "".join(c for c in code.upper() if c.isalnum())


def code_hash(code: str) -> bytes:
    """16 bytes under the vault's hash key: a stolen table cannot be searched for eight digits."""
    return keyed_hash("exposure-code", plain(code))


def secret() -> str:
    """A token, receipt or revision token: 256 bits."""
    return token_urlsafe(32)


def secret_hash(text: str) -> bytes:
    """32 bytes; the secret has 256 bits, so a plain hash tells nothing."""
    return sha256(text.encode("utf-8", "replace")).digest()


def same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)
