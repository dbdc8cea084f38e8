"""The device's half of verification: code -> token -> certificate. Nothing here knows a person or a case."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from vungxanh.core.scope import ANY_PATH
from vungxanh.exposure.alarms import ring
from vungxanh.exposure.codec.gaen import interval_number
from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.limits import CodeLimits
from vungxanh.exposure.models import Code, Token, WrongTries
from vungxanh.exposure.publish import certificate
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.exposure.tokens import code_hash, plain, secret, secret_hash

HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Verified:
    """A token and what the code stood for."""

    token: str
    report_type: ReportType
    onset: str | None


def verify(code: str, *, now: datetime, limits: CodeLimits) -> Verified:
    """One-time code -> token. The code is used up.

    Raises RefusedError `code_invalid`, `code_expired`, `code_paused` (too many wrong short codes; long ones work).
    """
    typed = plain(code)
    is_short = len(typed) == limits.short_digits and typed.isdigit()
    if is_short and tries_of(now) >= limits.wrong_tries_a_minute:
        raise RefusedError("code_paused", "paused", 429)
    try:
        return _use(typed, now, limits, is_short=is_short)
    except RefusedError as refused:
        if refused.code == "code_invalid":
            count_wrong(now, limits)
        raise


@transaction.atomic
def _use(typed: str, now: datetime, limits: CodeLimits, *, is_short: bool) -> Verified:
    column = "short_hash" if is_short else "long_hash"
    code = Code.objects.select_for_update().filter(**{column: code_hash(typed)}).first()  # scope: a device asks
    if code is None or code.used or code.withdrawn or not code.approved:
        raise RefusedError("code_invalid", "code")
    if now >= (code.short_until if is_short else code.long_until):
        raise RefusedError("code_expired", "code-late")
    code.used = True
    code.save(update_fields=["used"])
    token = secret()
    onset = None if code.onset is None else _interval(code.onset.isoformat())
    Token.objects.create(
        hash=secret_hash(token),
        report_type=code.report_type,
        onset_interval=onset,
        handle=code.handle,
        until_hour=int(now.timestamp()) // HOUR + limits.token_hours + 1,
    )
    return Verified(token, ReportType(code.report_type), code.onset.isoformat() if code.onset else None)


def _interval(day: str) -> int:
    return interval_number(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp())


def tries_of(now: datetime) -> int:
    row = WrongTries.objects.filter(minute=int(now.timestamp()) // 60).first()
    return row.tries if row else 0


def count_wrong(now: datetime, limits: CodeLimits) -> None:
    """One more wrong code in this minute; an alarm when the limit is reached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exposure_wrongtries (minute, tries) VALUES (%s, 1) "
            "ON CONFLICT (minute) DO UPDATE SET tries = exposure_wrongtries.tries + 1 RETURNING tries",
            [int(now.timestamp()) // 60],
        )
        tries = cursor.fetchone()[0]
    if tries == limits.wrong_tries_a_minute:
        ring(kind="wrong-codes", at=now, path=ANY_PATH, count=tries)


def certify(token: str, key_hmac: str, *, now: datetime, limits: CodeLimits) -> str:
    """Token and HMAC of the keys -> certificate. Asking again gives another one for the same single upload.

    Raises RefusedError `token_invalid`, `token_expired`, `hmac_invalid`.
    """
    try:
        mac = b64decode(key_hmac, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise RefusedError("hmac_invalid", "hmac") from exc
    if len(mac) != 32:
        raise RefusedError("hmac_invalid", "hmac")
    row = Token.objects.filter(hash=secret_hash(token)).first()
    if row is None:
        raise RefusedError("token_invalid", "token")
    if int(now.timestamp()) // HOUR >= row.until_hour:
        raise RefusedError("token_expired", "token-late")
    claims = certificate.Claims(ReportType(row.report_type), row.onset_interval, mac, row.handle.open())
    return certificate.make(claims, now, limits)
