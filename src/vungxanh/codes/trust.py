"""Whose signatures count: certificates of signers, imported as files, looked up offline.

Certificates are read with asn1crypto, because signers of real states break rules that strict parsers enforce;
every signature is verified by `cryptography`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vungxanh.core.errors import OperatorError

Key = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
KID = 8
LARGEST_FILE = 1_000_000
_CURVES: dict[str, ec.EllipticCurve] = {
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
}
_HASHES: dict[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512()}


class Verdict(StrEnum):
    """Different answers, because what the traveller can do about each differs."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET = "not-yet-valid"
    REVOKED = "revoked"
    UNKNOWN_SIGNER = "unknown-signer"
    SIGNER_EXPIRED = "signer-expired"
    WRONG_SIGNER = "wrong-signer"
    WRONG_SIGNATURE = "wrong-signature"
    SELF_DECLARED = "self-declared"


@dataclass(frozen=True, slots=True)
class Signer:
    """One certificate of a signer or of a state's root."""

    kid: bytes
    country: str
    key: Key
    begins: datetime
    ends: datetime
    usages: frozenset[str]
    own_id: bytes
    issuer_id: bytes
    certificate: x509.Certificate = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class TrustList:
    """Signers by key id, roots by subject key id, and SHA-256 (hex) of the identifiers that were revoked."""

    signers: Mapping[bytes, tuple[Signer, ...]] = field(default_factory=dict)
    roots: Mapping[bytes, Signer] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()

    def is_revoked(self, identifier: str) -> bool:
        return hashlib.sha256(identifier.encode()).hexdigest() in self.revoked


def of(signers: Iterable[Signer], revoked: Iterable[str] = ()) -> TrustList:
    """A list of these signers; `revoked` are identifiers as printed."""
    by_kid: dict[bytes, tuple[Signer, ...]] = {}
    everybody = list(signers)
    for signer in everybody:
        by_kid[signer.kid] = (*by_kid.get(signer.kid, ()), signer)
    roots = {signer.own_id: signer for signer in everybody if signer.own_id}
    return TrustList(by_kid, roots, frozenset(hashlib.sha256(item.encode()).hexdigest() for item in revoked))


def load(folder: Path) -> TrustList:
    """Every `*.pem`, `*.der`, `*.cer`, `*.crt` of `folder`, and `revoked.txt` (one identifier a line).

    Raises OperatorError `codes.bad-trust-folder` or `codes.bad-certificate-file`.
    """
    if not folder.is_dir():
        raise OperatorError("codes.bad-trust-folder", folder=str(folder))
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in {".pem", ".der", ".cer", ".crt"})
    revoked = folder / "revoked.txt"
    lines = revoked.read_text("utf-8").split() if revoked.is_file() else []
    return of((signer for file in files for signer in _file(file)), lines)


def _file(file: Path) -> list[Signer]:
    try:
        return [signer(der) for der in _ders(file.read_bytes()[:LARGEST_FILE])]
    except ValueError as exc:
        raise OperatorError("codes.bad-certificate-file", file=file.name) from exc


def _ders(raw: bytes) -> Iterable[bytes]:
    return [der for _, _, der in pem.unarmor(raw, multiple=True)] if pem.detect(raw) else [raw]


def signer(der: bytes) -> Signer:
    """A DER certificate. Raises ValueError where it is none, or its key is neither EC P-256/384/521 nor RSA."""
    try:
        found = x509.Certificate.load(der, strict=True)
        usages = found.extended_key_usage_value
        return Signer(
            kid=hashlib.sha256(der).digest()[:KID],
            country=str(found.subject.native.get("country_name", "")),
            key=_key(found),
            begins=found.not_valid_before,
            ends=found.not_valid_after,
            usages=frozenset(item.dotted for item in usages) if usages else frozenset(),
            own_id=found.key_identifier or b"",
            issuer_id=found.authority_key_identifier or b"",
            certificate=found,
        )
    except (TypeError, KeyError, AttributeError, UnsupportedAlgorithm, OverflowError) as exc:
        raise ValueError("not a certificate") from exc


def _key(certificate: x509.Certificate) -> Key:
    info = certificate.public_key
    if info.algorithm == "ec":
        curve = _CURVES[info["algorithm"]["parameters"].native]
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, bytes(info["public_key"]))
    numbers = info["public_key"].parsed.native
    return rsa.RSAPublicNumbers(numbers["public_exponent"], numbers["modulus"]).public_key()


def issued_by(child: Signer, root: Signer) -> bool:
    """Did `root` sign the certificate of `child`?"""
    body = child.certificate["tbs_certificate"].dump()
    algorithm = child.certificate["signature_algorithm"]
    size = {"sha256": 256, "sha384": 384, "sha512": 512}.get(algorithm.hash_algo, 0)
    signature = bytes(child.certificate["signature_value"])
    if size == 0 or child.issuer_id != root.own_id:
        return False
    try:
        if isinstance(root.key, ec.EllipticCurvePublicKey):
            root.key.verify(signature, body, ec.ECDSA(_HASHES[size]))
        else:
            root.key.verify(signature, body, padding.PKCS1v15(), _HASHES[size])
    except InvalidSignature:
        return False
    return True


def good_raw(key: Key, signature: bytes, message: bytes, size: int, *, pss: bool) -> bool:
    """Does a COSE or JOSE signature (r‖s, or RSA-PSS) with SHA-`size` fit `key`?

    The curve is the key's own: some states sign ES256 with a P-384 key.
    """
    try:
        if isinstance(key, rsa.RSAPublicKey):
            salt = padding.PSS(padding.MGF1(_HASHES[size]), _HASHES[size].digest_size)
            key.verify(signature, message, salt, _HASHES[size])
            return pss
        half = (key.curve.key_size + 7) // 8
        if pss or len(signature) != 2 * half:
            return False
        pair = encode_dss_signature(
            int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        )
        key.verify(pair, message, ec.ECDSA(_HASHES[size]))
    except InvalidSignature:
        return False
    return True
