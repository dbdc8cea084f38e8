"""The key under which browsers know us as a sender of warnings (RFC 8292); made on first use, kept for ever."""

import os
from pathlib import Path

from vungxanh.core.home import secrets_dir
from vungxanh.core.secret_files import kept, new_p256, p256, point


def key_file() -> str:
    """`secrets/push.pem`, or where `VUNGXANH_PUSH_KEY_FILE` says."""
    file = secrets_dir() / "push.pem"
    named = os.environ.get("VUNGXANH_PUSH_KEY_FILE")
    if named or file.exists():
        return named or str(file)
    kept(file, new_p256)
    return str(file)


def public_key() -> str:
    """The uncompressed point in base64url, as a browser wants it for `applicationServerKey`."""
    return point(p256(Path(key_file())).public_key())
