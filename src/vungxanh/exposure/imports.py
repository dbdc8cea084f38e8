"""Signed files of other countries: each key judged alone, so that one old key does not refuse a whole file."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from django.db import transaction

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.limits import Limits
from vungxanh.exposure.models import Key
from vungxanh.exposure.publish.rules import Moment, NotFromTheFuture, NotTooOld
from vungxanh.exposure.publish.store import insert, is_closed, open_slot, slot_of

RULES = (NotFromTheFuture(), NotTooOld())


@dataclass(frozen=True, slots=True)
class Imported:
    """`refused`: reason -> how many keys; `known`: keys that were here already."""

    new: int
    known: int
    revised: int
    refused: dict[str, int]


@transaction.atomic
def import_file(
    *, raw: bytes, origin: str, signer: EllipticCurvePublicKey, now: datetime, limits: Limits, by: By
) -> Imported:
    """Take in one file that `signer` signed. The same file again changes nothing.

    Raises UserError `exposure.export-…` for a file that does not hold, `exposure.bad-origin`.
    """
    if len(origin) != 2 or not origin.isalpha() or not origin.isascii() or origin.upper() == limits.export.region:
        raise UserError("exposure.bad-origin", field="origin")
    file = read_export(raw, [signer])
    answer = take_in(keys=file.keys, revised=file.revised, origin=origin.upper(), now=now, limits=limits)
    details = {"new": answer.new, "revised": answer.revised, "refused": answer.refused, "origin": origin.upper()}
    audit.record(by=by, action="exposure:file:imported", subject=f"origin:{origin.upper()}", details=details)
    return answer


@transaction.atomic
def take_in(
    *, keys: list[DiagnosisKey], revised: list[DiagnosisKey], origin: str, now: datetime, limits: Limits
) -> Imported:
    """Keys that came from elsewhere, each judged alone."""
    first = open_slot(int(now.timestamp()), limits.export)
    kept, refused = _judge(keys, Moment(now), limits)
    slots = [slot_of(key, first, limits.export) for key in kept]
    new = insert("exposure_key", kept, slots, origin) if kept else 0
    changed = sum(_revise(key, origin, first) for key in revised)
    return Imported(new, len(kept) - new, changed, dict(refused))


def _judge(keys: list[DiagnosisKey], moment: Moment, limits: Limits) -> tuple[list[DiagnosisKey], "Counter[str]"]:
    kept, refused = [], Counter[str]()
    for key in keys:
        broken = next((rule.name for rule in RULES if not rule.allows(key, moment, limits.publish)), None)
        if key.report_type == ReportType.REVOKED:
            broken = "revoked"
        if broken is None:
            kept.append(key)
        else:
            refused[broken] += 1
    return kept, refused


def _revise(key: DiagnosisKey, origin: str, slot: int) -> int:
    """A partner may say anew what it said of its own keys, and of nobody else's. -> 1 where something changed."""
    row = Key.objects.select_for_update().filter(data=key.data, origin=origin).first()
    if row is None or row.report == key.report_type:
        return 0
    if is_closed(row.slot):
        row.report, row.revised_slot = key.report_type, slot
        row.save(update_fields=["report", "revised_slot"])
    elif key.report_type == ReportType.REVOKED:
        row.delete()
    else:
        row.report = key.report_type
        row.save(update_fields=["report"])
    return 1
