"""Read export v1.5. Nothing of the body is parsed before its signature holds, where a public key is given.

Reserved and unknown fields are ignored; another header, an absent signature and a key of wrong size or time
are refused.
"""

from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from google.protobuf.message import DecodeError

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import archive
from vungxanh.exposure.codec.export_file import MAGIC, ExportFile, ExportHeader, SignerInfo
from vungxanh.exposure.codec.export_pb2 import Export, Key, SignatureList
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey
from vungxanh.exposure.codec.signature import SHA256_OID, verified_by_any


def read_export(raw: bytes, public_keys: Sequence[EllipticCurvePublicKey] | None = None) -> ExportFile:
    """An export file. With `public_keys`, one of them must have signed it; without, `verified` is None.

    Raises UserError `exposure.export-…`.
    """
    members = archive.unpack(raw)
    if not members.body.startswith(MAGIC):
        raise UserError("exposure.export-header")
    made = _signatures(members.signature)
    if public_keys is not None and not any(
        verified_by_any(public_keys, signature, members.body, algorithm) for algorithm, signature in made
    ):
        raise UserError("exposure.export-bad-signature")
    return replace(_parse(members.body[len(MAGIC) :]), verified=None if public_keys is None else True)


def _signatures(raw: bytes) -> list[tuple[str, bytes]]:
    """(algorithm, signature) of each entry; a signature list without one is an unsigned file."""
    try:
        found = SignatureList.FromString(raw)
        made = [(s.signer.algorithm or SHA256_OID, s.signature) for s in found.signatures if s.signature]
    except (DecodeError, UnicodeDecodeError) as exc:
        raise UserError("exposure.export-unsigned") from exc
    if not made:
        raise UserError("exposure.export-unsigned")
    return made


def _parse(raw: bytes) -> ExportFile:
    try:
        message = Export.FromString(raw)
        header = _header(message)
        keys = [_key(key, at) for at, key in enumerate(message.keys)]
        revised = [_key(key, at) for at, key in enumerate(message.revised)]
    except (DecodeError, UnicodeDecodeError) as exc:
        raise UserError("exposure.export-truncated") from exc
    return ExportFile(header, keys, revised)


def _header(message: Export) -> ExportHeader:
    signers = tuple(SignerInfo(s.key_id, s.key_version, s.algorithm) for s in message.signers)
    return ExportHeader(
        message.start, message.end, message.region, message.batch_num or 1, message.batch_size or 1, signers
    )


def _key(key: Key, at: int) -> DiagnosisKey:
    """Raises UserError `exposure.export-key`."""
    if (
        len(key.key_data) != KEY_BYTES
        or not 1 <= key.rolling_period <= INTERVALS_A_DAY
        or key.rolling_start < 0
        or not 0 <= key.transmission_risk <= 8
    ):
        raise UserError("exposure.export-key", at=at + 1)
    return DiagnosisKey(
        data=key.key_data,
        rolling_start=key.rolling_start,
        rolling_period=key.rolling_period,
        report_type=int(key.report_type),
        days_since_onset=key.days_since_onset if key.HasField("days_since_onset") else None,
        transmission_risk=key.transmission_risk,
        variant=key.variant if 0 <= key.variant <= 4 else 0,
    )
