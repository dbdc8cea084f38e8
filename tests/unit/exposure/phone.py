"""A phone as the server sees it: day keys, a token, a publish request."""

import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from vungxanh.exposure import actions, verification
from vungxanh.exposure.codec.gaen import day_start, interval_number, new_key
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.limits import limits
from vungxanh.exposure.publish.accept import publish

#: Tuesday 3 May 2022, 10:05 in Viet Nam
NOW = datetime(2022, 5, 3, 3, 5, tzinfo=UTC)
ONSET = date(2022, 5, 2)
SECRET = bytes(range(32))


def today(now: datetime = NOW) -> int:
    return day_start(interval_number(now.timestamp()))


@dataclass
class Phone:
    """Ten day keys ending today."""

    keys: list[DiagnosisKey] = field(default_factory=lambda: some_keys())

    def certificate(self, now: datetime = NOW, onset: date | None = ONSET, **changes: Any) -> str:
        """An officer gives a code; it becomes a certificate for these keys."""
        report = changes.get("report_type", ReportType.CONFIRMED_TEST)
        code = actions.issue_code(case_id=1, onset=onset, by=None, report_type=report, now=now)
        token = verification.verify(code.short, now=now, limits=limits().code).token
        mac = b64encode(key_hmac(self.keys, changes.get("secret", SECRET))).decode()
        return verification.certify(token, mac, now=now, limits=limits().code)

    def body(self, certificate: str, **changes: Any) -> bytes:
        return json.dumps(
            {
                "temporaryExposureKeys": [as_sent(key) for key in self.keys],
                "healthAuthorityID": "vungxanh",
                "verificationPayload": certificate,
                "hmacKey": b64encode(SECRET).decode(),
                "revisionToken": "",
                "padding": "x" * 1_200,
                **changes,
            }
        ).encode()

    def publish(self, now: datetime = NOW, certificate: str | None = None, **changes: Any) -> dict[str, Any]:
        made = self.certificate(now) if certificate is None else certificate
        return answer(self.body(made, **changes), now)


def some_keys(days: int = 10, now: datetime = NOW) -> list[DiagnosisKey]:
    return [DiagnosisKey(new_key(), today(now) - 144 * day) for day in range(days)]


def as_sent(key: DiagnosisKey) -> dict[str, Any]:
    return {
        "key": b64encode(key.data).decode(),
        "rollingStartNumber": key.rolling_start,
        "rollingPeriod": key.rolling_period,
        "transmissionRisk": key.transmission_risk,
    }


def answer(body: bytes, now: datetime = NOW, *, chaff: bool = False) -> dict[str, Any]:
    """The reply as JSON, its status as `status`, its size checked."""
    reply = publish(body, now=now, limits=limits(), chaff=chaff)
    raw = reply.body(limits().publish.reply_bytes)
    assert len(raw) == limits().publish.reply_bytes
    return {**json.loads(raw), "status": reply.status}


def later(key: DiagnosisKey, **changes: Any) -> DiagnosisKey:
    return replace(key, **changes)
