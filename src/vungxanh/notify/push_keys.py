"""The key under which browsers know us as a sender of warnings (RFC 8292); made on first use, kept for ever."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.core.home import secrets_dir


def key_file() -> str:
    """`secrets/push.pem`, or where `VUNGXANH_PUSH_KEY_FILE` says."""
    file = secrets_dir() / "push.pem"
    named = os.environ.get("VUNGXANH_PUSH_KEY_FILE")
    if named or file.exists():
        return named or str(file)
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as out:
        out.write(made)
    return str(file)


def public_key() -> str:
    """The uncompressed point in base64url, as a browser wants it for `applicationServerKey`."""
    key = serialization.load_pem_private_key(Path(key_file()).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
