"""Compact JSON web signatures with ES256 and nothing else: no `none`, no other curve, no key from the header."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

HALF = 32
MAX_LENGTH = 4_096


class BadTokenError(Exception):
    """The text is not a token of ours. Why is nobody's business but a test's."""


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    if not text.isascii() or set(text) & set("+/= \n"):
        raise BadTokenError("alphabet")
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as exc:
        raise BadTokenError("base64") from exc
    if _encode(raw) != text:
        raise BadTokenError("spelling")
    return raw


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(_decode(text))
    except (ValueError, RecursionError) as exc:
        raise BadTokenError("json") from exc
    if not isinstance(found, dict):
        raise BadTokenError("object")
    return found


def sign(claims: dict[str, Any], key: ec.EllipticCurvePrivateKey, kid: str) -> str:
    """Claims -> token."""
    header = {"alg": "ES256", "kid": kid, "typ": "JWT"}
    text = ".".join(_encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{_encode(r.to_bytes(HALF, 'big') + s.to_bytes(HALF, 'big'))}"


def verify(
    token: str, key_of: Callable[[str], ec.EllipticCurvePublicKey | None], most: int = MAX_LENGTH
) -> dict[str, Any]:
    """Token -> claims, whose times the caller checks. Raises BadTokenError."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > most:
        raise BadTokenError("form")
    header = _object(parts[0])
    if header.get("alg") != "ES256" or "crit" in header or not isinstance(header.get("kid"), str):
        raise BadTokenError("header")
    key = key_of(header["kid"])
    signature = _decode(parts[2])
    if key is None or len(signature) != 2 * HALF:
        raise BadTokenError("key")
    r, s = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), f"{parts[0]}.{parts[1]}".encode(), ec.ECDSA(SHA256()))
    except InvalidSignature as exc:
        raise BadTokenError("signature") from exc
    return _object(parts[1])
