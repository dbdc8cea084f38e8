"""EU Digital COVID Certificate (`HC1:`), also the format of Viet Nam's vaccine passport (QĐ 5772/QĐ-BYT 2021).

`HC1:` + base45(zlib(COSE_Sign1(CWT))). Four classes of odd but real certificates are read: a COSE array without
its tag 18, a CWT tag 61 around it, ES256 under a P-384 key, and a key id that no trusted signer has (refused, by
our own look-up). Reading says what the paper states; `verify` says whether to believe it.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import base45
import cbor2

from vungxanh.codes import trust
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import LONGEST, day
from vungxanh.codes.tables import table
from vungxanh.codes.trust import Signer, TrustList, Verdict
from vungxanh.core.errors import UserError

PREFIX = "HC1:"
#: a certificate inflates to under 2 kB; a hostile one is cut here
LARGEST = 32_000
ES256, PS256 = -7, -37
_ISSUER, _EXPIRES, _ISSUED, _HCERT = 1, 4, 6, -260
_KINDS = {"v": "vaccination", "t": "test", "r": "recovery"}
#: field of an entry -> table of its codes
_SETS = {"tg": "diseases", "vp": "prophylaxis", "mp": "products", "tt": "test_types", "tr": "results"}


@dataclass(frozen=True, slots=True)
class Dcc:
    """One certificate as written. `entry` holds the one vaccination, test or recovery with its own field names."""

    kind: str
    issuer: str
    issued: datetime | None
    expires: datetime | None
    surname: str
    given: str
    surname_mrz: str
    given_mrz: str
    birth: date | None
    birth_text: str
    identifier: str
    entry: Mapping[str, str]
    kid: str
    algorithm: int
    warnings: tuple[Note, ...] = ()
    message: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)


def parse(text: str) -> Dcc:
    """Raises UserError `codes.bad-dcc` with `reason`: prefix, base45, zlib, cose, cwt or schema."""
    protected, unprotected, payload, signature = _cose(_inflated(text))
    header = _map(_loads(protected, "cose") if protected else {}, "cose")
    claims = _map(_loads(payload, "cwt"), "cwt")
    certificate = _map(_map(claims.get(_HCERT), "cwt").get(1), "schema")
    kid = header.get(4, unprotected.get(4, b""))
    algorithm = header.get(1, unprotected.get(1))
    if not isinstance(kid, bytes) or not isinstance(algorithm, int):
        raise UserError("codes.bad-dcc", reason="cose")
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    return _dcc(claims, certificate, kid, algorithm, message, signature)


def verify(found: Dcc, trusted: TrustList, at: datetime) -> Verdict:
    """Signature, signer, dates and revocation at `at` (aware). Whether it suffices is a rule's to say."""
    candidates = trusted.signers.get(bytes.fromhex(found.kid), ())
    if not candidates:
        return Verdict.UNKNOWN_SIGNER
    signer = next((one for one in candidates if _signed_by(found, one)), None)
    if signer is None:
        return Verdict.WRONG_SIGNATURE
    if not _entitled(found, signer):
        return Verdict.WRONG_SIGNER
    return _dated(found, signer, trusted, at)


def _dated(found: Dcc, signer: Signer, trusted: TrustList, at: datetime) -> Verdict:
    if trusted.is_revoked(found.identifier):
        return Verdict.REVOKED
    if found.issued and at < found.issued:
        return Verdict.NOT_YET
    if found.expires and at >= found.expires:
        return Verdict.EXPIRED
    # A signer that has retired since still vouches for what it signed in its time.
    signed_on = found.issued or at
    return Verdict.VALID if signer.begins <= signed_on <= signer.ends else Verdict.SIGNER_EXPIRED


def _signed_by(found: Dcc, signer: Signer) -> bool:
    if found.algorithm not in (ES256, PS256):
        return False
    return trust.good_raw(signer.key, found.signature, found.message, 256, pss=found.algorithm == PS256)


def _entitled(found: Dcc, signer: Signer) -> bool:
    """A signer whose certificate names usages may sign only those."""
    usages = table("dcc_values")["usages"]
    named = {usages[oid] for oid in signer.usages if oid in usages}
    return not named or found.kind in named


# ------------------------------------------------------------------ layers


def _inflated(text: str) -> bytes:
    bare = text.strip("\r\n\t\0")
    if not bare.startswith(PREFIX) or len(bare) > LONGEST:
        raise UserError("codes.bad-dcc", reason="prefix")
    try:
        packed: bytes = base45.b45decode(bare.removeprefix(PREFIX))
    except ValueError as exc:
        raise UserError("codes.bad-dcc", reason="base45") from exc
    if packed[:1] != b"\x78":
        return packed
    try:
        inflater = zlib.decompressobj()
        whole = inflater.decompress(packed, LARGEST)
    except zlib.error as exc:
        raise UserError("codes.bad-dcc", reason="zlib") from exc
    if not inflater.eof:
        raise UserError("codes.bad-dcc", reason="zlib")
    return whole


def _cose(raw: bytes) -> tuple[bytes, dict[Any, Any], bytes, bytes]:
    """COSE_Sign1, tagged 18 or not, inside CWT tag 61 or not."""
    found = _loads(raw, "cose")
    for _ in range(3):
        if isinstance(found, cbor2.CBORTag) and found.tag in (18, 61):
            found = found.value
    if not isinstance(found, list | tuple) or len(found) != 4:
        raise UserError("codes.bad-dcc", reason="cose")
    protected, unprotected, payload, signature = found
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise UserError("codes.bad-dcc", reason="cose")
    return protected, dict(unprotected) if isinstance(unprotected, Mapping) else {}, payload, signature


def _loads(raw: bytes, reason: str) -> Any:
    try:
        return cbor2.loads(raw)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError, EOFError) as exc:
        raise UserError("codes.bad-dcc", reason=reason) from exc


def _map(value: Any, reason: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise UserError("codes.bad-dcc", reason=reason)
    return value


# ------------------------------------------------------------------ contents


def _dcc(
    claims: Mapping[Any, Any],
    certificate: Mapping[Any, Any],
    kid: bytes,
    algorithm: int,
    message: bytes,
    signature: bytes,
) -> Dcc:
    kind, entry = _entry(certificate)
    names = _map(certificate.get("nam"), "schema")
    birth_text = _text(certificate.get("dob"))
    issued, expires = _moment(claims.get(_ISSUED)), _moment(claims.get(_EXPIRES))
    return Dcc(
        kind=kind,
        issuer=_text(claims.get(_ISSUER)) or entry.get("co", ""),
        issued=issued,
        expires=expires,
        surname=_text(names.get("fn")),
        given=_text(names.get("gn")),
        surname_mrz=_text(names.get("fnt")),
        given_mrz=_text(names.get("gnt")),
        birth=day(birth_text[:10]),
        birth_text=birth_text,
        identifier=entry.get("ci", ""),
        entry=entry,
        kid=kid.hex(),
        algorithm=algorithm,
        warnings=tuple(_notes(entry, birth_text, expires)),
        message=message,
        signature=signature,
    )


def _entry(certificate: Mapping[Any, Any]) -> tuple[str, dict[str, str]]:
    """The one entry. Early certificates of some states carry the other two groups as null."""
    full = [(name, certificate[name]) for name in _KINDS if certificate.get(name)]
    if len(full) != 1 or not isinstance(full[0][1], list | tuple) or len(full[0][1]) != 1:
        raise UserError("codes.bad-dcc", reason="schema")
    name, (one,) = full[0]
    return _KINDS[name], {str(key): _text(value) for key, value in _map(one, "schema").items()}


def _notes(entry: Mapping[str, str], birth_text: str, expires: datetime | None) -> list[Note]:
    known = table("dcc_values")
    notes = [
        note("dcc-unknown-code", field=name, value=entry[name][:40])
        for name, values in _SETS.items()
        if entry.get(name) and entry[name] not in known[values]
    ]
    if birth_text and not (len(birth_text) in (4, 7, 10) and birth_text.replace("-", "").isdigit()):
        notes.append(note("bad-birth"))
    return notes if expires else [*notes, note("dcc-no-expiry")]


def _text(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)[:500] if isinstance(value, str | int | float) else ""


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None
