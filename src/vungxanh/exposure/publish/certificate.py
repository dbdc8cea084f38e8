"""Verification certificates: a signed statement of report type and onset, bound to the HMAC of the keys."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from vungxanh.exposure import jws, signing
from vungxanh.exposure.codec.key_hmac import allowed_hmacs
from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.limits import CodeLimits
from vungxanh.exposure.publish.request import PublishRequest, RefusedError
from vungxanh.exposure.tokens import same

ISSUER, AUDIENCE = "vungxanh", "vungxanh-keys"
INVALID = "health_authority_verification_certificate_invalid"
NAMES = {
    ReportType.CONFIRMED_TEST: "confirmed",
    ReportType.CONFIRMED_CLINICAL: "likely",
    ReportType.SELF_REPORT: "user-report",
}
TYPES = {name: kind for kind, name in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Claims:
    """What the certificate says. `handle` stands for the code that it came from."""

    report_type: ReportType
    onset_interval: int | None
    key_hmac: bytes
    handle: str


def make(claims: Claims, now: datetime, limits: CodeLimits) -> str:
    """Claims -> certificate, valid from now for the minutes of the limits."""
    issued = int(now.timestamp())
    payload: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": issued,
        "nbf": issued,
        "exp": issued + limits.certificate_minutes * 60,
        "jti": claims.handle,
        "reportType": NAMES[claims.report_type],
        "tekmac": b64encode(claims.key_hmac).decode(),
    }
    if claims.onset_interval is not None:
        payload["symptomOnsetInterval"] = claims.onset_interval
    signer = signing.certificate_key(now)
    return jws.sign(payload, signer.key, signer.version)


def check(request: PublishRequest, now: datetime, limits: CodeLimits) -> Claims:
    """The claims of a certificate that is ours, in time, and of these keys.

    Raises RefusedError `unknown_health_authority_id`, `health_authority_verification_certificate_invalid`.
    """
    if request.authority != ISSUER:
        raise RefusedError("unknown_health_authority_id", "authority", 401)
    key_of: Callable[[str], EllipticCurvePublicKey | None] = partial(signing.certificate_public_key, now=now)
    try:
        claims = _claims(jws.verify(request.certificate, key_of), now, limits)
    except (jws.BadTokenError, KeyError, TypeError, ValueError, binascii.Error) as exc:
        raise RefusedError(INVALID, "certificate", 401) from exc
    if not any(same(claims.key_hmac, one) for one in allowed_hmacs(request.keys, request.hmac_key)):
        raise RefusedError(INVALID, "hmac", 401)
    return claims


def _claims(found: dict[str, Any], now: datetime, limits: CodeLimits) -> Claims:
    moment, skew = now.timestamp(), limits.clock_skew_seconds
    if found["iss"] != ISSUER or found["aud"] != AUDIENCE:
        raise ValueError("not for us")
    if not found["nbf"] - skew <= moment < found["exp"] + skew:
        raise ValueError("not now")
    onset = found.get("symptomOnsetInterval")
    return Claims(
        TYPES[found["reportType"]],
        None if onset is None else int(onset),
        b64decode(found["tekmac"], validate=True),
        str(found["jti"]),
    )
