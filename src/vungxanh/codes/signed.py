"""Our own compact codes: posters, cards, rotating codes, results.

Two families, because a poster must stay small enough to be read from two metres off (≤ 84 bytes, QR version 5 M)
and every real signature alone is 64 bytes:

* **short codes** name a place or a card and carry an 8-byte keyed tag. Who holds the key (the installation, a
  gate) recognises a forged poster; nobody reads anything from it but a number.
* **signed texts** carry a small statement under Ed25519 or ECDSA P-256 and are checked offline by anybody who
  holds the public key. P-256 is the one that every browser's WebCrypto has.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vungxanh.codes import keysafe
from vungxanh.core.errors import UserError

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey

LONGEST_LINK = 84
TAG, NUMBER, STEP = 8, 8, 4
SHORT_SIZES = {2 + NUMBER + TAG, 2 + NUMBER + STEP + TAG}
PREFIX = "VX1:"
_LINK = re.compile(r"(?:^|/)v/([0-9A-Za-z]{20,60})/?$", re.IGNORECASE)
_DOMAIN = b"vungxanh-short-1"
_SIGNED_DOMAIN = b"vungxanh-signed-1"
_KID = 4
#: bytes of a signed text's frame around its statement: version, algorithm, key id, signature
_FRAME = 2 + _KID + 64
LARGEST_STATEMENT = 2_000


class Kind(IntEnum):
    """What a code is. Numbers are printed on paper: never reuse one."""

    POSTER = 1
    CARD = 2
    GATE = 3  # rotating, on a screen at the gate
    PERSON = 4  # rotating, on a citizen's phone
    DECLARATION = 5
    ENTRY = 6  # result of a border declaration
    RESULT = 7  # test or isolation result
    GROUP = 8  # one code for a household or a bus


ROTATING = {Kind.GATE, Kind.PERSON}
_KINDS = {int(kind): kind for kind in Kind}


class Verdict(StrEnum):
    """Answers that mean different things to the person who holds the code."""

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET = "not-yet-valid"
    UNKNOWN_KEY = "unknown-key"
    FORGED = "wrong-signature"


@dataclass(frozen=True, slots=True)
class TagKey:
    """A secret of this installation; `number` 0-255 is printed in the code so that keys can overlap."""

    number: int
    secret: bytes


@dataclass(frozen=True, slots=True)
class Short:
    """A short code as read. `step` only on rotating codes; without the key the verdict stays UNKNOWN_KEY."""

    kind: Kind
    number: int
    key: int
    step: int | None
    verdict: Verdict


# ------------------------------------------------------------------ short codes


def short(kind: Kind, number: int, key: TagKey, step: int | None = None) -> str:
    """Text of a short code for row `number` (int64). `step` for rotating kinds: see `step_at`."""
    body = bytes([kind, key.number]) + number.to_bytes(NUMBER, "big", signed=True)
    if step is not None:
        body += step.to_bytes(STEP, "big")
    return keysafe.encode(body + _tag(key.secret, body))


def link(base: str, code: str) -> str:
    """`https://host/v/CODE`. Raises UserError `codes.link-too-long` above 84 bytes."""
    address = f"{base.rstrip('/')}/v/{code}"
    if len(address.encode()) > LONGEST_LINK:
        raise UserError("codes.link-too-long", bytes=len(address.encode()), longest=LONGEST_LINK)
    return address


def read_short(text: str, keys: Iterable[TagKey] = ()) -> Short | None:
    """A short code or the link that holds one; None where it is neither. Case does not matter."""
    bare = text.strip()
    match = _LINK.search(bare[-LONGEST_LINK:])
    code = match.group(1) if match else bare
    raw = keysafe.decode(code) if len(code) <= LONGEST_LINK else None
    if raw is None or len(raw) not in SHORT_SIZES or raw[0] not in _KINDS:
        return None
    kind, rotating = _KINDS[raw[0]], len(raw) == 2 + NUMBER + STEP + TAG
    if rotating != (kind in ROTATING):
        return None
    number = int.from_bytes(raw[2 : 2 + NUMBER], "big", signed=True)
    step = int.from_bytes(raw[2 + NUMBER : -TAG], "big") if rotating else None
    return Short(kind, number, raw[1], step, _judge(raw, keys))


def step_at(second: float, every: int) -> int:
    """Number of the rotation period of `every` seconds at Unix time `second`."""
    return int(second // every)


def fresh(found: Short, second: float, every: int, drift: int = 1) -> bool:
    """Is a rotating code of this period, give or take `drift`? Whether it was used before the caller knows."""
    return found.step is not None and abs(found.step - step_at(second, every)) <= drift


def _tag(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, _DOMAIN + body, hashlib.sha256)[:TAG]


def _judge(raw: bytes, keys: Iterable[TagKey]) -> Verdict:
    for key in keys:
        if key.number == raw[1]:
            good = hmac.compare_digest(_tag(key.secret, raw[:-TAG]), raw[-TAG:])
            return Verdict.VALID if good else Verdict.FORGED
    return Verdict.UNKNOWN_KEY


# ------------------------------------------------------------------ signed texts


@dataclass(frozen=True, slots=True)
class Statement:
    """What a signed text says. Times are minutes since the epoch; `body` holds text, whole numbers and lists."""

    kind: Kind
    issued: int
    expires: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed text as read: trust `statement` only where the verdict is VALID."""

    statement: Statement
    key: str
    verdict: Verdict


def key_id(public: PublicKey) -> bytes:
    """First four bytes of SHA-256 of the public key's SubjectPublicKeyInfo."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()[:_KID]


def sign(statement: Statement, key: PrivateKey) -> str:
    """`VX1:…` for a QR in alphanumeric mode. Raises UserError `codes.statement-too-long`."""
    fields = [int(statement.kind), statement.issued, statement.expires, dict(statement.body)]
    content = cbor2.dumps(fields, canonical=True)
    if len(content) > LARGEST_STATEMENT:
        raise UserError("codes.statement-too-long", bytes=len(content), longest=LARGEST_STATEMENT)
    algorithm = 1 if isinstance(key, ed25519.Ed25519PrivateKey) else 2
    head = bytes([1, algorithm]) + key_id(key.public_key())
    return PREFIX + keysafe.encode(head + _sign(key, head + content) + content)


def verify(text: str, keys: Iterable[PublicKey], now: int) -> Signed | None:
    """`text` judged at minute `now`; None where it is no signed text of ours."""
    parts = _split(text)
    if parts is None:
        return None
    head, signature, content = parts
    statement = _statement(content)
    if statement is None:
        return None
    public = next((key for key in keys if key_id(key) == head[2:]), None)
    return Signed(statement, head[2:].hex(), _signed_verdict(public, head, signature, content, statement, now))


def _split(text: str) -> tuple[bytes, bytes, bytes] | None:
    bare = text.strip().upper()
    if not bare.startswith(PREFIX) or len(bare) > keysafe.length(LARGEST_STATEMENT + _FRAME) + len(PREFIX):
        return None
    raw = keysafe.decode(bare.removeprefix(PREFIX))
    if raw is None or len(raw) <= _FRAME or raw[0] != 1 or raw[1] not in (1, 2):
        return None
    return raw[: 2 + _KID], raw[2 + _KID : _FRAME], raw[_FRAME:]


def _statement(content: bytes) -> Statement | None:
    try:
        kind, issued, expires, body = cbor2.loads(content)
        if isinstance(issued, int) and isinstance(expires, int) and isinstance(body, dict):
            return Statement(Kind(kind), issued, expires, {str(key): value for key, value in body.items()})
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    return None


def _signed_verdict(
    public: PublicKey | None, head: bytes, signature: bytes, content: bytes, statement: Statement, now: int
) -> Verdict:
    if public is None:
        return Verdict.UNKNOWN_KEY
    if not _good(public, signature, head + content):
        return Verdict.FORGED
    if now >= statement.expires:
        return Verdict.EXPIRED
    return Verdict.VALID if now >= statement.issued else Verdict.NOT_YET


def _sign(key: PrivateKey, message: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(_SIGNED_DOMAIN + message)
    r, s = decode_dss_signature(key.sign(_SIGNED_DOMAIN + message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _good(public: PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, _SIGNED_DOMAIN + message)
        else:
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            public.verify(encode_dss_signature(r, s), _SIGNED_DOMAIN + message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
