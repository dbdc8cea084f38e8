"""One batch: keys as protobuf, the text that is signed, and its detached CMS signature.

Text of a key: eight fields in base64, each followed by a full stop; whole numbers are four bytes, most significant
first. A batch is the texts of its keys, sorted by the base64 of each text. Source: eu-federation-gateway-service/
efgs-federation-gateway, `BatchSignatureUtils` and `BatchSignatureVerifier`.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from google.protobuf.message import DecodeError

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey
from vungxanh.exposure.federation.efgs_pb2 import PartnerBatch, PartnerKey

MAX_KEYS = 5_000


@dataclass(frozen=True, slots=True)
class FederatedKey:
    """A key with the country that it comes from and those that its owner was in."""

    key: DiagnosisKey
    origin: str
    visited: tuple[str, ...] = ()


def message_of(given: FederatedKey) -> PartnerKey:
    key = given.key
    return PartnerKey(
        key_data=key.data,
        rolling_start=key.rolling_start,
        rolling_period=key.rolling_period,
        transmission_risk=key.transmission_risk,
        visited=given.visited,
        origin=given.origin,
        report_type=key.report_type,
        days_since_onset=key.days_since_onset or 0,
    )


def encode(keys: Iterable[FederatedKey]) -> bytes:
    """Keys -> body of an upload."""
    return PartnerBatch(keys=[message_of(key) for key in keys]).SerializeToString()


def decode(raw: bytes) -> list[PartnerKey]:
    """Body of a download -> its keys, unjudged. Raises UserError `exposure.partner-batch`."""
    try:
        return list(PartnerBatch.FromString(raw).keys)
    except DecodeError as exc:
        raise UserError("exposure.partner-batch") from exc


def judged(message: PartnerKey) -> FederatedKey | str:
    """A key that can be one, or the reason why it cannot."""
    if len(message.key_data) != KEY_BYTES:
        return "key-length"
    if not 1 <= message.rolling_period <= INTERVALS_A_DAY or message.rolling_start >= 2**31:
        return "period"
    if not 0 <= message.transmission_risk <= 8:
        return "risk"
    if not 1 <= message.report_type <= 5 or abs(message.days_since_onset) > 1_000:
        return "report"
    if len(message.origin) != 2 or not (message.origin.isascii() and message.origin.isupper()):
        return "origin"
    key = DiagnosisKey(
        message.key_data,
        message.rolling_start,
        message.rolling_period,
        message.report_type,
        message.days_since_onset,
        message.transmission_risk,
    )
    return FederatedKey(key, message.origin, tuple(message.visited))


def _field(raw: bytes) -> bytes:
    return b64encode(raw) + b"."


def _whole(value: int) -> bytes:
    return _field((value & 0xFFFFFFFF).to_bytes(4, "big"))


def text_of(key: PartnerKey) -> bytes:
    """What is signed of one key."""
    return (
        _field(key.key_data)
        + _whole(key.rolling_start)
        + _whole(key.rolling_period)
        + _whole(key.transmission_risk)
        + _field(",".join(key.visited).encode("ascii", "replace"))
        + _field(key.origin.encode("ascii", "replace"))
        + _whole(key.report_type)
        + _whole(key.days_since_onset)
    )


def signed_text(keys: Iterable[PartnerKey]) -> bytes:
    """What is signed of a batch."""
    return b"".join(sorted((text_of(key) for key in keys), key=b64encode))


def sign(keys: Sequence[FederatedKey], certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> str:
    """Detached CMS signature of a batch, base64."""
    builder = PKCS7SignatureBuilder().set_data(signed_text(message_of(one) for one in keys))
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
    return b64encode(builder.add_signer(certificate, key, SHA256()).sign(Encoding.DER, options)).decode()


def verify(keys: Iterable[PartnerKey], signature: str, trusted: Sequence[x509.Certificate], now: datetime) -> str:
    """Country of the trusted certificate that signed these keys.

    Raises UserError `exposure.partner-signature`: damaged, of another, over other keys, expired.
    """
    refused = UserError("exposure.partner-signature")
    try:
        content = cms.ContentInfo.load(b64decode(signature, validate=True))["content"]
        signer = content["signer_infos"][0]
        return _checked(signer, content, signed_text(keys), trusted, now)
    except (binascii.Error, ValueError, TypeError, KeyError, IndexError, InvalidSignature) as exc:
        raise refused from exc


def _checked(signer: Any, content: Any, text: bytes, trusted: Sequence[x509.Certificate], now: datetime) -> str:
    digest = Hash(SHA256())
    digest.update(text)
    attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    if (
        signer["digest_algorithm"]["algorithm"].native != "sha256"
        or attributes["message_digest"].native != digest.finalize()
    ):
        raise ValueError("digest")
    certificate = _certificate(signer, trusted)
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise ValueError("time")
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError("curve")
    # what is signed are the attributes as a set, not with the tag that they carry inside the message
    public.verify(signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(SHA256()))
    return str(certificate.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)[0].value)


def _certificate(signer: Any, trusted: Sequence[x509.Certificate]) -> x509.Certificate:
    serial = signer["sid"].chosen["serial_number"].native
    found = next((one for one in trusted if one.serial_number == serial), None)
    if found is None:
        raise ValueError("signer")
    return found
