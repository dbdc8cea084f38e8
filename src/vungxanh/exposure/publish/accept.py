"""One publish request from bytes to reply. A fake request takes the same steps and ends in other tables.

What a real request needs and a fake one does not, or the other way round, is done for both: who measures time or
work learns nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.limits import ExportLimits, Limits
from vungxanh.exposure.publish import certificate
from vungxanh.exposure.publish.chaff import fresh_keys, stand_in
from vungxanh.exposure.publish.reply import Reply, refusal
from vungxanh.exposure.publish.request import BAD_REQUEST, PublishRequest, RefusedError, parse
from vungxanh.exposure.publish.revise import revise
from vungxanh.exposure.publish.rules import Moment, check_batch, days_since, judge_keys
from vungxanh.exposure.publish.store import KNOWN, USED, Entry, open_slot, put
from vungxanh.exposure.tokens import secret, secret_hash


@dataclass(frozen=True, slots=True)
class Judged:
    """A request that may be written. `datas`: bytes of the keys, or others where the request is a fake."""

    request: PublishRequest
    claims: certificate.Claims
    keys: list[DiagnosisKey]
    datas: list[bytes]
    left_out: list[tuple[int, str]]


def publish(raw: bytes, *, now: datetime, limits: Limits, chaff: bool = False) -> Reply:
    """Take in one request. `chaff`: the sender says that it is a fake; it is answered as if it were not."""
    try:
        return _write(
            _judge(_read(raw, now, limits, chaff=chaff), now, limits, chaff=chaff), now, limits, chaff=chaff
        )
    except RefusedError as refused:
        return refusal(refused)


def _read(raw: bytes, now: datetime, limits: Limits, *, chaff: bool) -> PublishRequest:
    """What is asked; for a fake, a stand-in with as many keys that holds."""
    try:
        request: PublishRequest | None = parse(raw, limits.publish.body_bytes)
        refused = None
    except RefusedError as exc:
        request, refused = None, exc
    other = stand_in(limits.publish.keys // 2 if request is None else len(request.keys), now, limits)
    if chaff:
        return other
    if request is None:
        assert refused is not None
        raise refused
    return request


def _judge(request: PublishRequest, now: datetime, limits: Limits, *, chaff: bool) -> Judged:
    check_batch(request, limits.publish)
    claims = certificate.check(request, now, limits.code)
    kept, left_out = judge_keys(request, Moment(now, claims.onset_interval), limits.publish)
    if not kept:
        raise RefusedError(BAD_REQUEST, left_out[0][1])
    handles = (claims.handle, secret())
    datas = ([key.data for key in kept], fresh_keys(len(kept)))
    return Judged(request, replace(claims, handle=handles[chaff]), kept, datas[chaff], left_out)


def _write(judged: Judged, now: datetime, limits: Limits, *, chaff: bool) -> Reply:
    revision, receipt = secret(), secret()
    entry = _entry(judged, now, revision, receipt, chaff=chaff)
    outcome, new = KNOWN, 0
    if judged.request.revision_token is None:
        outcome, new = put(entry, limits.export)
    if outcome == KNOWN:
        outcome, new = _write_known(judged, entry, limits.export)
    if outcome == USED:
        raise RefusedError(certificate.INVALID, "certificate-used", 401)
    return _reply(judged, new, revision, receipt)


@transaction.atomic
def _write_known(judged: Judged, entry: Entry, limits: ExportLimits) -> tuple[int, int]:
    """Some of the keys stand here already: they are revised, if the request may, and the others written."""
    first = open_slot(entry.moment, limits)
    dressed = [_dressed(key, judged.claims) for key in judged.keys]
    revised = revise(dressed, judged.request.revision_token, first, limits)
    outcome, new = put(entry, limits, careful=True)
    if outcome == USED:
        raise RefusedError(certificate.INVALID, "certificate-used", 401)
    return outcome, new + revised


def _dressed(key: DiagnosisKey, claims: certificate.Claims) -> DiagnosisKey:
    onset = None if claims.onset_interval is None else days_since(key, claims.onset_interval)
    return replace(key, report_type=claims.report_type, days_since_onset=onset)


def _entry(judged: Judged, now: datetime, revision: str, receipt: str, *, chaff: bool) -> Entry:
    """What is written of a request: the keys with what the certificate says of them, hashes of the secrets."""
    onset = judged.claims.onset_interval
    return Entry(
        fake=chaff,
        moment=int(now.timestamp()),
        handle=secret_hash(judged.claims.handle),
        revision=secret_hash(revision),
        receipt=secret_hash(receipt),
        report_type=int(judged.claims.report_type),
        keys=judged.keys,
        datas=judged.datas,
        onsets=None if onset is None else [days_since(key, onset) for key in judged.keys],
    )


def _reply(judged: Judged, inserted: int, revision: str, receipt: str) -> Reply:
    fields: dict[str, object] = {"insertedExposures": inserted, "revisionToken": revision, "receipt": receipt}
    if judged.left_out:
        fields["code"] = "partial_failure"
        fields["error"] = "; ".join(f"key {number}: {reason}" for number, reason in judged.left_out)
    return Reply(200, fields)
