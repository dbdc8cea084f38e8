"""The key that signs results: P-256, because every browser can check it offline."""

import os
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.codes.signed import Kind, Statement, sign
from vungxanh.core.home import secrets_dir
from vungxanh.core.minutes import ceil_minute, floor_minute


def signing_key() -> ec.EllipticCurvePrivateKey:
    """`secrets/declarations.key`, made on first use."""
    file = secrets_dir() / "declarations.key"
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(made)
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def result_code(
    *, result: str, issued: datetime, expires: datetime, initials: str, sex: int, born: int | None, number: int = 0
) -> str:
    """What a gate needs and no more: result, until when, initials, sex, birth year, the row that only we can open.

    No document, no telephone, no place.
    """
    body = {"r": result, "i": initials, "s": sex, "y": born or 0, "d": number}
    return sign(Statement(Kind.DECLARATION, floor_minute(issued), ceil_minute(expires), body), signing_key())
