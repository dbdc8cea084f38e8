"""The key that signs market tickets: P-256, the one that every browser can check without network."""

import base64
import os
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from vungxanh.core.home import secrets_dir


@cache
def ticket_key() -> ec.EllipticCurvePrivateKey:
    """`secrets/tickets.der`, made on first use."""
    file = secrets_dir() / "tickets.der"
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    key = load_der_private_key(file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def point_of(key: ec.EllipticCurvePublicKey) -> str:
    """Base64url of the public point, as WebCrypto imports it raw."""
    raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def ticket_point() -> str:
    return point_of(ticket_key().public_key())
