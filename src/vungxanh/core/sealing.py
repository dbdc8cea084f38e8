"""What a device keeps while it is offline is sealed to the server: the device cannot read back what it stored.

ECDH on P-256 with a key made for each record, HKDF-SHA-256, AES-256-GCM: what every browser's WebCrypto has.
A box is base64url of the ephemeral public key (65 bytes, uncompressed), nonce (12), ciphertext with tag.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vungxanh.core.errors import UserError
from vungxanh.core.home import secrets_dir
from vungxanh.core.secret_files import p256, point

_POINT, _NONCE = 65, 12
_INFO = b"vungxanh-gate-box-1"


def _private() -> ec.EllipticCurvePrivateKey:
    """Made on first use and kept beside the other keys: records sealed days ago must open."""
    return p256(secrets_dir() / "gate-box.der")


def public_key() -> str:
    """Base64url of the uncompressed point, as WebCrypto imports it raw."""
    return point(_private().public_key())


def open_box(box: str) -> bytes:
    """Raises UserError `core.unreadable-box`."""
    try:
        raw = base64.urlsafe_b64decode(box + "=" * (-len(box) % 4))
        ephemeral, nonce, body = raw[:_POINT], raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ephemeral)
        return AESGCM(_key(_private().exchange(ec.ECDH(), theirs), ephemeral)).decrypt(nonce, body, _INFO)
    except (ValueError, InvalidTag) as exc:
        raise UserError("core.unreadable-box") from exc


def seal(text: bytes, public: str) -> str:
    """What a gate does in its browser; here for tests and for other gates in Python."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    )
    own = ec.generate_private_key(ec.SECP256R1())
    ephemeral = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = os.urandom(_NONCE)
    body = AESGCM(_key(own.exchange(ec.ECDH(), theirs), ephemeral)).encrypt(nonce, text, _INFO)
    return base64.urlsafe_b64encode(ephemeral + nonce + body).decode().rstrip("=")


def _key(shared: bytes, ephemeral: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=ephemeral, info=_INFO).derive(shared)
