"""A second upload of the same device may say more of a key than the first: who may, and what."""

from collections.abc import Sequence

from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Key, Upload
from vungxanh.exposure.publish.request import BAD_REQUEST, RefusedError
from vungxanh.exposure.publish.store import is_closed, known
from vungxanh.exposure.tokens import secret_hash

#: what a report may become by itself; a confirmed one is taken back by two officers only
TRANSITIONS = {
    (ReportType.CONFIRMED_CLINICAL, ReportType.CONFIRMED_TEST),
    (ReportType.SELF_REPORT, ReportType.CONFIRMED_TEST),
    (ReportType.SELF_REPORT, ReportType.CONFIRMED_CLINICAL),
}


def revise(keys: Sequence[DiagnosisKey], token: str | None, slot: int, limits: ExportLimits) -> int:
    """Revise those of `keys` that are known already. -> how many changed.

    Raises RefusedError `missing_revision_token`, `invalid_revision_token`, `invalid_report_type_transition`,
    `key_already_revised`, `bad_request` where a key says other times of itself than before.
    """
    found = known(keys)
    if token is not None:
        _check_token(token, found)
    changed = 0
    for key in keys:
        row = found.get(key.data)
        if row is None:
            continue
        if token is None:
            raise RefusedError("missing_revision_token", "known-key")
        if (row.start, row.period) != (key.rolling_start, key.rolling_period):
            raise RefusedError(BAD_REQUEST, "known-key-differs")
        if row.report != key.report_type:
            _revise(row, key, slot)
            changed += 1
    return changed


def _check_token(token: str, found: dict[bytes, Key]) -> None:
    """The token is of an upload that held every one of these keys."""
    upload = Upload.objects.filter(revision_hash=secret_hash(token)).first()
    if upload is None:
        raise RefusedError("invalid_revision_token", "revision-token")
    held = set(upload.keys.open().split(","))
    if any(data.hex() not in held for data in found):
        raise RefusedError("invalid_revision_token", "revision-token")


def _revise(row: Key, key: DiagnosisKey, slot: int) -> None:
    if row.revised_slot is not None:
        raise RefusedError("key_already_revised", "revised-once")
    if (ReportType(row.report), ReportType(key.report_type)) not in TRANSITIONS:
        raise RefusedError("invalid_report_type_transition", "transition")
    row.report = key.report_type
    if is_closed(row.slot):
        row.revised_slot = slot
    row.save(update_fields=["report", "revised_slot"])
