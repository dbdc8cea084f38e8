"""The key that signs results: P-256, because every browser can check it offline."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.codes.signed import Kind, Statement, sign
from vungxanh.core.home import secrets_dir
from vungxanh.core.minutes import ceil_minute, floor_minute
from vungxanh.core.secret_files import p256


def signing_key() -> ec.EllipticCurvePrivateKey:
    """`secrets/declarations.key`, made on first use."""
    return p256(secrets_dir() / "declarations.key")


def result_code(
    *, result: str, issued: datetime, expires: datetime, initials: str, sex: int, born: int | None, number: int = 0
) -> str:
    """What a gate needs and no more: result, until when, initials, sex, birth year, the row that only we can open.

    No document, no telephone, no place.
    """
    body = {"r": result, "i": initials, "s": sex, "y": born or 0, "d": number}
    return sign(Statement(Kind.DECLARATION, floor_minute(issued), ceil_minute(expires), body), signing_key())
