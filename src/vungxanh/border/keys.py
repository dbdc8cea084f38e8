"""The key that signs results, and the trust list for certificates that others signed."""

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

from vungxanh.codes.trust import TrustList, load
from vungxanh.core.home import home, secrets_dir
from vungxanh.core.vault import keyed_hash


@cache
def signing_key() -> ec.EllipticCurvePrivateKey:
    """Made on first use. P-256, because every browser's WebCrypto verifies it offline."""
    file = secrets_dir() / "border-result.der"
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    key = load_der_private_key(file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def signer_point() -> str:
    """The public key as browsers import it: base64url of the uncompressed point."""
    point = signing_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@cache
def trusted() -> TrustList:
    """Signers imported by the operator under `trust/`; without the folder nobody is trusted."""
    folder = home() / "trust"
    return load(folder) if folder.is_dir() else TrustList()


def document_hash(number: str) -> bytes:
    """Look-up hash of a travel document at the desk. Without its country: officers type numbers."""
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    return keyed_hash("border-document", plain)
