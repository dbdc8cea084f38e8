"""ICAO Visible Digital Seal for non-constrained environments: vaccination and test proofs as signed JSON.

`{"data": {"hdr", "msg"}, "sig": {"alg", "cer", "sigvl"}}`; the signature (r‖s, base64url) covers the canonical
JSON (RFC 8785) of `data`; the signer's certificate travels along and must be issued by a trusted root.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import rfc8785

from vungxanh.codes import trust
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import LONGEST, day
from vungxanh.codes.trust import Signer, TrustList, Verdict
from vungxanh.core.errors import UserError

_KINDS = {"icao.vacc": "vaccination", "icao.test": "test"}
_SIZES = {"ES256": 256, "ES384": 384, "ES512": 512}


@dataclass(frozen=True, slots=True)
class VdsNc:
    """One seal as written. `events`: the vaccinations or the test, with their own field names, as JSON text."""

    kind: str
    issuer: str
    identifier: str
    name: str
    birth: date | None
    document: str
    sex: str
    events: str
    algorithm: str
    warnings: tuple[Note, ...] = ()
    message: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)
    certificate: bytes = field(default=b"", repr=False)


def parse(text: str) -> VdsNc:
    """Raises UserError `codes.bad-vdsnc`."""
    whole = _json(text)
    data, sig = _part(whole, "data"), _part(whole, "sig")
    header, message = _part(data, "hdr"), _part(data, "msg")
    kind = _KINDS.get(str(header.get("t")), "")
    if not kind:
        raise UserError("codes.bad-vdsnc")
    pid = message.get("pid")
    person = pid if isinstance(pid, Mapping) else {}
    events = message.get("ve") if kind == "vaccination" else message.get("ts", message.get("sp"))
    return VdsNc(
        kind=kind,
        issuer=_text(header, "is"),
        identifier=_text(message, "uvci") or _text(message, "utci"),
        name=_text(person, "n"),
        birth=day(_text(person, "dob")),
        document=_text(person, "i") or _text(person, "dn"),
        sex=_text(person, "sex"),
        events=json.dumps(events, ensure_ascii=False)[:4000] if events else "",
        algorithm=_text(sig, "alg"),
        warnings=() if person else (note("vdsnc-nobody"),),
        message=_canonical(data),
        signature=_bytes(sig, "sigvl"),
        certificate=_bytes(sig, "cer"),
    )


def verify(found: VdsNc, trusted: TrustList, at: datetime) -> Verdict:
    """Signature by the enclosed certificate, and that certificate by a trusted root, at `at` (aware)."""
    try:
        signer = trust.signer(found.certificate)
    except ValueError:
        return Verdict.WRONG_SIGNATURE
    if not trust.good_raw(signer.key, found.signature, found.message, _SIZES.get(found.algorithm, 256), pss=False):
        return Verdict.WRONG_SIGNATURE
    if not _trusted(signer, trusted):
        return Verdict.UNKNOWN_SIGNER
    if trusted.is_revoked(found.identifier):
        return Verdict.REVOKED
    return Verdict.VALID if signer.begins <= at <= signer.ends else Verdict.SIGNER_EXPIRED


def _trusted(signer: Signer, trusted: TrustList) -> bool:
    """Listed itself, or issued by a listed root. A root that names another country does not count."""
    if signer.kid in trusted.signers:
        return True
    root = trusted.roots.get(signer.issuer_id)
    return bool(root) and root is not None and root.country == signer.country and trust.issued_by(signer, root)


def _json(text: str) -> Mapping[str, Any]:
    bare = text.strip()
    if not bare.startswith("{") or len(bare) > LONGEST:
        raise UserError("codes.bad-vdsnc")
    try:
        whole = json.loads(bare)
    except (ValueError, RecursionError) as exc:
        raise UserError("codes.bad-vdsnc") from exc
    if not isinstance(whole, Mapping):
        raise UserError("codes.bad-vdsnc")
    return whole


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    if not isinstance(part, Mapping):
        raise UserError("codes.bad-vdsnc")
    return part


def _text(whole: Mapping[str, Any], name: str) -> str:
    value = whole.get(name, "")
    return str(value)[:500] if isinstance(value, str | int | float) else ""


def _canonical(data: Any) -> bytes:
    try:
        return rfc8785.dumps(data)
    except (ValueError, RecursionError) as exc:
        raise UserError("codes.bad-vdsnc") from exc


def _bytes(sig: Mapping[str, Any], name: str) -> bytes:
    value = _text_long(sig, name).replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError) as exc:
        raise UserError("codes.bad-vdsnc") from exc


def _text_long(sig: Mapping[str, Any], name: str) -> str:
    value = sig.get(name, "")
    return value if isinstance(value, str) else ""
