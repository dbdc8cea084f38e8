"""The exchange with a partner: our keys up, a batch a window, theirs down, each key judged alone.

What was sent is written down with the hub's answer; a run that dies sends the same tags again, which is harmless.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from vungxanh.core import audit
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType, keys_of
from vungxanh.exposure.export_job.table import read_keys
from vungxanh.exposure.federation.batch import MAX_KEYS, FederatedKey, judged
from vungxanh.exposure.federation.efgs_pb2 import PartnerKey
from vungxanh.exposure.federation.hub import Sent
from vungxanh.exposure.federation.partners import Partner
from vungxanh.exposure.imports import take_in
from vungxanh.exposure.limits import ExportLimits, Limits
from vungxanh.exposure.models import PartnerBatch, PartnerDay, Window

#: a hub keeps batches so long
DAYS_BACK = 2


@dataclass
class Exchanged:
    """What one run did; `refused`: reason -> keys, of theirs by us; `refused_ours`: of ours by the hub."""

    batches: int = 0
    sent: int = 0
    known: int = 0
    failed: int = 0
    refused_ours: dict[str, int] = field(default_factory=dict)
    received: int = 0
    new: int = 0
    revised: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def exchange(*, partner: Partner, now: datetime, limits: Limits) -> Exchanged:
    """Send what the partner does not have yet, and take in what it has. Raises HubError."""
    done = Exchanged()
    for window in _unsent(partner.name, limits.export):
        _send_window(partner, window, now, limits.export, done)
    _receive(partner, now, limits, done)
    return done


def _unsent(name: str, limits: ExportLimits) -> Iterator[Window]:
    """Windows with files whose batches did not all arrive, oldest first."""
    finished = PartnerBatch.objects.filter(partner=name, last=True, failed=0).values("window_id")
    yield from Window.objects.filter(state=Window.State.DONE).exclude(pk__in=finished).order_by("start")


def keys_for_partners(window: Window, limits: ExportLimits) -> list[DiagnosisKey]:
    """Keys of ours that a window published, and what it said anew; never those of other countries."""
    published = "slot >= %s AND slot < %s AND origin = %s"
    revised = "revised_slot >= %s AND revised_slot < %s AND origin = %s AND slot < revised_slot"
    span = [window.start, window.end, limits.region]
    fresh = {key.data: key for key in keys_of(read_keys(published, span))}
    fresh.update((key.data, key) for key in keys_of(read_keys(revised, span)))
    return list(fresh.values())


def _send_window(partner: Partner, window: Window, now: datetime, limits: ExportLimits, done: Exchanged) -> None:
    keys = [FederatedKey(key, limits.region) for key in keys_for_partners(window, limits)]
    parts = [keys[at : at + MAX_KEYS] for at in range(0, len(keys), MAX_KEYS)] or [[]]
    for number, part in enumerate(parts, 1):
        tag = f"{limits.region}-{window.start}-{number}"
        before = PartnerBatch.objects.filter(partner=partner.name, tag=tag).first()
        if before is not None and not before.failed:
            continue
        # a tag is good once: what failed before goes again under the next one
        turn = 0 if before is None else before.tries
        said = partner.hub.upload(f"{tag}-{turn}" if turn else tag, part) if part else Sent()
        _note(partner.name, window, tag, said, turn + 1, number == len(parts), now)
        done.batches += 1
        done.sent += len(said.accepted)
        done.known += len(said.known)
        done.failed += len(said.failed)
        for reason in said.refused.values():
            done.refused_ours[reason] = done.refused_ours.get(reason, 0) + 1


@transaction.atomic
def _note(name: str, window: Window, tag: str, said: Sent, tries: int, last: bool, now: datetime) -> None:  # noqa: FBT001
    PartnerBatch.objects.update_or_create(
        partner=name,
        tag=tag,
        defaults={
            "window": window,
            "sent": len(said.accepted) + len(said.known),
            "failed": len(said.failed),
            "refused": {str(at): reason for at, reason in said.refused.items()},
            "tries": tries,
            "last": last,
            "at": now,
        },
    )
    if said.accepted or said.refused:
        details = {"tag": tag, "sent": len(said.accepted), "refused": len(said.refused)}
        audit.record(by=None, action="exposure:batch:sent", subject=f"partner:{name}", details=details)


def _receive(partner: Partner, now: datetime, limits: Limits, done: Exchanged) -> None:
    for back in range(DAYS_BACK, -1, -1):
        day = (now - timedelta(days=back)).date().isoformat()
        seen, _ = PartnerDay.objects.get_or_create(partner=partner.name, day=day)
        for tag, keys in partner.hub.download(day, seen.tag or None):
            with transaction.atomic():
                _take_batch(partner, keys, now, limits, done)
                seen.tag = tag
                seen.save(update_fields=["tag"])


def _take_batch(partner: Partner, keys: list[PartnerKey], now: datetime, limits: Limits, done: Exchanged) -> None:
    """Each key alone: one that is wrong is counted with its reason, and the others are taken."""
    refused: Counter[str] = Counter()
    by_origin: dict[str, list[DiagnosisKey]] = {}
    for message in keys:
        found = judged(message)
        if isinstance(found, str):
            refused[found] += 1
        elif found.origin == limits.export.region or (partner.countries and found.origin not in partner.countries):
            refused["origin"] += 1
        else:
            by_origin.setdefault(found.origin, []).append(found.key)
    for origin, theirs in by_origin.items():
        fresh = [key for key in theirs if key.report_type != ReportType.REVOKED]
        revoked = [key for key in theirs if key.report_type == ReportType.REVOKED]
        taken = take_in(keys=fresh, revised=revoked, origin=origin, now=now, limits=limits)
        done.new, done.revised = done.new + taken.new, done.revised + taken.revised
        refused.update(taken.refused)
    done.received += len(keys)
    for reason, count in refused.items():
        done.refused[reason] = done.refused.get(reason, 0) + count
    details = {"keys": len(keys), "refused": dict(refused)}
    audit.record(by=None, action="exposure:batch:received", subject=f"partner:{partner.name}", details=details)
