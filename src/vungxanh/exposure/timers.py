"""What the worker does for this room by the clock."""

from collections.abc import Iterator

from django.utils import timezone

from vungxanh.core.retention import Kind
from vungxanh.exposure import federation_actions, retention
from vungxanh.exposure.export_job import worker
from vungxanh.exposure.export_job.days import publish_days
from vungxanh.exposure.federation.partners import partners
from vungxanh.exposure.limits import limits


def export() -> worker.Run:
    """Close, pad, sign and write what is due."""
    return worker.run(now=int(timezone.now().timestamp()), limits=limits().export)


def days() -> int:
    """Day files for who was away."""
    return publish_days(now=int(timezone.now().timestamp()), limits=limits().export)


def kept() -> Iterator[Kind]:
    """Keys, files, uploads and shared encounters: one limit, one step."""
    rule = limits()
    yield Kind(
        "keys",
        "Khoá, tệp, lượt gửi và cuộc gặp đã chia sẻ",
        "Keys, files, uploads and shared encounters",
        rule.export.keep_days,
        "GAEN Exposure Key export file format v1.5: 14 days",
        True,
        lambda now: sum(retention.purge(now=now, limits=rule).values()),
    )


def federate() -> dict[str, federation_actions.Exchanged]:
    """Exchange keys with every partner that is set up; recalls travel with them."""
    now = timezone.now()
    return {one.name: federation_actions.exchange(partner=one, now=now, limits=limits()) for one in partners()}
