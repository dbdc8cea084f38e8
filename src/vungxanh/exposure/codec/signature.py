"""ECDSA on P-256, the only signature of export files and certificates.

Signing is deterministic (RFC 6979), so that a file made again after a crash is the same file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from vungxanh.core.errors import UserError

SHA256_OID, SHA512_OID = "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.4"
HASHES: dict[str, type[SHA256] | type[SHA512]] = {SHA256_OID: SHA256, SHA512_OID: SHA512}
#: mobile country code of Viet Nam, under which devices look for our public key
VIETNAM = "452"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the names under which devices know its public half."""

    key: ec.EllipticCurvePrivateKey
    key_id: str = VIETNAM
    key_version: str = "v1"


def new_private_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """DER signature over `data` with SHA-256."""
    return key.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))


def verified_by(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes, algorithm: str) -> bool:
    """Is `signature` one of `key` over `data`? An unknown algorithm is a no."""
    chosen = HASHES.get(algorithm)
    if chosen is None:
        return False
    digest: HashAlgorithm = chosen()
    try:
        key.verify(signature, data, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def verified_by_any(
    keys: Sequence[ec.EllipticCurvePublicKey], signature: bytes, data: bytes, algorithm: str
) -> bool:
    return any(verified_by(key, signature, data, algorithm) for key in keys)


def load_public_key(pem: bytes) -> ec.EllipticCurvePublicKey:
    """PEM -> P-256 public key. Raises UserError `exposure.bad-public-key`."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise UserError("exposure.bad-public-key", field="public_key") from exc
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UserError("exposure.bad-public-key", field="public_key")
    return key


def load_private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Unencrypted PEM -> P-256 private key. Raises UserError `exposure.bad-private-key`."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise UserError("exposure.bad-private-key", field="private_key") from exc
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UserError("exposure.bad-private-key", field="private_key")
    return key


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
