"""What the worker does for this room by the clock."""

from django.utils import timezone

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


def purge() -> dict[str, int]:
    """Remove what has been kept its whole time."""
    return retention.purge(now=timezone.now(), limits=limits())


def federate() -> dict[str, federation_actions.Exchanged]:
    """Exchange keys with every partner that is set up; recalls travel with them."""
    now = timezone.now()
    return {one.name: federation_actions.exchange(partner=one, now=now, limits=limits()) for one in partners()}
