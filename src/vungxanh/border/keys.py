"""The key that signs results, and the trust list for certificates that others signed."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.codes.trust import TrustList, load
from vungxanh.core.home import home, secrets_dir
from vungxanh.core.secret_files import p256, point
from vungxanh.core.vault import keyed_hash


def signing_key() -> ec.EllipticCurvePrivateKey:
    """Made on first use. P-256, because every browser's WebCrypto verifies it offline."""
    return p256(secrets_dir() / "border-result.der")


def signer_point() -> str:
    """The public key as browsers import it: base64url of the uncompressed point."""
    return point(signing_key().public_key())


@cache
def trusted() -> TrustList:
    """Signers imported by the operator under `trust/`; without the folder nobody is trusted."""
    folder = home() / "trust"
    return load(folder) if folder.is_dir() else TrustList()


def document_hash(number: str) -> bytes:
    """Look-up hash of a travel document at the desk. Without its country: officers type numbers."""
    plain = "".join(letter for letter in number.upper() if letter.isalnum())
    return keyed_hash("border-document", plain)
