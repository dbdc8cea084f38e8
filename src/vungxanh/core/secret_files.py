"""Secrets made on first use: a file that only its owner reads, whole from the first moment it has its name."""

import base64
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)


def write_new(file: Path, secret: bytes) -> bool:
    """False, and nothing written, where the file is there already; never half a file, whoever else writes it."""
    fd, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        os.link(beside, file)
    except FileExistsError:
        return False
    finally:
        Path(beside).unlink()
    return True


def kept(file: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in `file`, made on first use; two processes that start together agree on one."""
    if not file.exists():
        write_new(file, make())
    return file.read_bytes()


def new_p256() -> bytes:
    """A private key on P-256 in PEM: the curve that every browser's WebCrypto verifies without network."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def p256(file: Path) -> ec.EllipticCurvePrivateKey:
    """The key in `file` (PEM or DER), made on first use."""
    raw = kept(file, new_p256)
    key = load_pem_private_key(raw, None) if raw.startswith(b"-----") else load_der_private_key(raw, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def point(key: ec.EllipticCurvePublicKey) -> str:
    """Base64url of the uncompressed point, as WebCrypto imports it raw."""
    raw = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
