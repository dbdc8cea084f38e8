"""The keys of somebody without a phone: handed over with the beacon's card, published when the wearer falls ill.

The officer does what a phone would do, with the wearer beside them: a code for the case, a certificate over the
chosen days, one upload. It takes the same road as any other, so the same rules judge it, the same tables hold it,
and the receipt or two officers take it back.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from secrets import token_bytes

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import Actor
from vungxanh.core.errors import UserError
from vungxanh.exposure import verification
from vungxanh.exposure.actions import issue_code
from vungxanh.exposure.codec.gaen import interval_number
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, DiagnosisKey
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Wearable
from vungxanh.exposure.publish.accept import publish
from vungxanh.exposure.publish.certificate import ISSUER
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.exposure.wearables import day_keys
from vungxanh.people.actions import give_consent

CONSENT = "exposure-wearable-publish"


@dataclass(frozen=True, slots=True)
class Published:
    """`receipt` is shown once: with it the wearer takes the keys back. `left_out`: the rules' own words."""

    keys: int
    receipt: str
    left_out: str


def keys_worn(wearable: Wearable, now: datetime) -> list[DiagnosisKey]:
    """A key a UTC day, newest first, as far back as one may be published.

    The first and the last day count only while this person wore it: the beacon had other wearers before and after.
    """
    oldest = now - timedelta(days=limits().publish.age_days)
    first = max(wearable.handed_at, oldest).timestamp()
    last = min(wearable.returned_at or now, now).timestamp()
    if last < first:
        return []
    keys = day_keys(bytes.fromhex(wearable.seed.open()), first, last)
    begin = interval_number(wearable.handed_at.timestamp())
    end = None if wearable.returned_at is None else interval_number(wearable.returned_at.timestamp()) + 1
    return [_worn(key, begin, end) for key in reversed(keys)]


def _worn(key: DiagnosisKey, begin: int, end: int | None) -> DiagnosisKey:
    start = max(key.rolling_start, begin)
    stop = key.rolling_end if end is None else min(key.rolling_end, end)
    return replace(key, rolling_start=start, rolling_period=stop - start)


def utc_day(key: DiagnosisKey) -> date:
    """The day whose key it is: keys turn over at midnight UTC."""
    return datetime.fromtimestamp(key.rolling_start * INTERVAL_SECONDS, UTC).date()


@transaction.atomic
def publish_worn(
    *,
    wearable: Wearable,
    case_id: int,
    onset: date | None,
    days: Sequence[date],
    by: Actor,
    now: datetime | None = None,
) -> Published:
    """Publish the chosen days of a beacon for a case, with the wearer's consent to just that.

    Raises UserError `exposure.no-day-chosen`, `exposure.wearable-refused` with the rule's name, and what
    `issue_code` raises; then nothing was written.
    """
    moment, allowed = now or timezone.now(), limits()
    keys = [key for key in keys_worn(wearable, moment) if utc_day(key) in set(days)]
    if not keys:
        raise UserError("exposure.no-day-chosen", field="days")
    version, person = allowed.share.text_version, wearable.person
    give_consent(person=person, purpose=CONSENT, text_version=version, channel="desk", by=by)
    path = wearable.scope_path
    code = issue_code(case_id=case_id, onset=onset, by=by, person=person, scope_path=path, now=moment)
    answer = _upload(keys, code.long, moment)
    count, left_out = int(str(answer["insertedExposures"])), str(answer.get("error", ""))
    audit.record(
        by=by,
        action="exposure:wearable:published",
        subject=f"person:{person}",
        purpose=f"case {case_id}",
        details={"wearable": wearable.pk, "case": case_id, "keys": count},
    )
    return Published(count, str(answer["receipt"]), left_out)


def _upload(keys: Sequence[DiagnosisKey], code: str, now: datetime) -> dict[str, object]:
    """What a phone sends, step by step. -> the reply's fields."""
    allowed, secret = limits(), token_bytes(32)
    try:
        token = verification.verify(code, now=now, limits=allowed.code).token
        mac = b64encode(key_hmac(keys, secret)).decode()
        certificate = verification.certify(token, mac, now=now, limits=allowed.code)
    except RefusedError as refused:
        raise UserError("exposure.wearable-refused", reason=refused.rule) from refused
    document = {
        "temporaryExposureKeys": [
            {
                "key": b64encode(key.data).decode(),
                "rollingStartNumber": key.rolling_start,
                "rollingPeriod": key.rolling_period,
            }
            for key in keys
        ],
        "healthAuthorityID": ISSUER,
        "verificationPayload": certificate,
        "hmacKey": b64encode(secret).decode(),
    }
    reply = publish(json.dumps(document).encode(), now=now, limits=allowed)
    if reply.status != 200:
        raise UserError("exposure.wearable-refused", reason=str(reply.fields.get("error", reply.status)))
    return reply.fields
