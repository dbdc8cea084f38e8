"""One publish request from bytes to reply. A fake request takes the same steps and ends in other tables."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from vungxanh.exposure.codec.gaen import new_key
from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.limits import Limits
from vungxanh.exposure.publish import certificate
from vungxanh.exposure.publish.chaff import disguise
from vungxanh.exposure.publish.reply import Reply, refusal
from vungxanh.exposure.publish.request import BAD_REQUEST, PublishRequest, RefusedError, parse
from vungxanh.exposure.publish.revise import revise
from vungxanh.exposure.publish.rules import Moment, check_batch, days_since, judge_keys
from vungxanh.exposure.publish.store import CHAFF, REAL, Tables, insert, open_slot, slot_of
from vungxanh.exposure.tokens import secret, secret_hash

HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Judged:
    """A request that may be written."""

    request: PublishRequest
    claims: certificate.Claims
    keys: list[DiagnosisKey]
    left_out: list[tuple[int, str]]


def publish(raw: bytes, *, now: datetime, limits: Limits, chaff: bool = False) -> Reply:
    """Take in one request. `chaff`: the sender says that it is a fake; it is answered as if it were not."""
    try:
        if chaff:
            return _write(_judge(disguise(raw, now, limits), now, limits, chaff=True), CHAFF, now, limits)
        return _write(_judge(parse(raw, limits.publish.body_bytes), now, limits), REAL, now, limits)
    except RefusedError as refused:
        return refusal(refused)


def _judge(request: PublishRequest, now: datetime, limits: Limits, *, chaff: bool = False) -> Judged:
    check_batch(request, limits.publish)
    claims = certificate.check(request, now, limits.code)
    kept, left_out = judge_keys(request, Moment(now, claims.onset_interval), limits.publish)
    if not kept:
        raise RefusedError(BAD_REQUEST, left_out[0][1])
    if chaff:
        claims = replace(claims, handle=secret())
    return Judged(request, claims, [_dressed(key, claims, chaff=chaff) for key in kept], left_out)


def _dressed(key: DiagnosisKey, claims: certificate.Claims, *, chaff: bool) -> DiagnosisKey:
    """The key with what the certificate says of it; a fake one gets bytes of its own."""
    onset = None if claims.onset_interval is None else days_since(key, claims.onset_interval)
    data = new_key() if chaff else key.data
    return replace(key, data=data, report_type=claims.report_type, days_since_onset=onset)


@transaction.atomic
def _write(judged: Judged, tables: Tables, now: datetime, limits: Limits) -> Reply:
    moment = int(now.timestamp())
    first = open_slot(moment, limits.export)
    revision, receipt = secret(), secret()
    try:
        with transaction.atomic():
            tables.uploads.objects.create(
                handle_hash=secret_hash(judged.claims.handle),
                revision_hash=secret_hash(revision),
                receipt_hash=secret_hash(receipt),
                report_type=judged.claims.report_type,
                hour=moment // HOUR,
                keys=",".join(key.data.hex() for key in judged.keys),
            )
    except IntegrityError as exc:
        raise RefusedError(certificate.INVALID, "certificate-used", 401) from exc
    revised = revise(judged.keys, judged.request.revision_token, first, limits.export)
    slots = [slot_of(key, first, limits.export) for key in judged.keys]
    new = insert(tables.keys._meta.db_table, judged.keys, slots, limits.export.region)  # noqa: SLF001 public API
    return _reply(judged, new + revised, revision, receipt)


def _reply(judged: Judged, inserted: int, revision: str, receipt: str) -> Reply:
    fields: dict[str, object] = {"insertedExposures": inserted, "revisionToken": revision, "receipt": receipt}
    if judged.left_out:
        fields["code"] = "partial_failure"
        fields["error"] = "; ".join(f"key {number}: {reason}" for number, reason in judged.left_out)
    return Reply(200, fields)
