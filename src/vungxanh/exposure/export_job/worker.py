"""One run of the export worker: close what is due, build what is closed, write the index. Any number may run."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.db.models import Max, Min, Q

from vungxanh.exposure.codec.index import read_index, write_index
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.export_job.build import build
from vungxanh.exposure.export_job.close import close
from vungxanh.exposure.export_job.windows import due
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import File, Key, Window


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did."""

    closed: int
    windows: int
    files: int
    keys: int


def run(*, now: int, limits: ExportLimits) -> Run:
    """Bring everything up to `now` (Unix s)."""
    closed = sum(close(start, end, limits) for start, end in _due(now, limits))
    windows, files, keys = 0, 0, 0
    for window in leased(now, limits):
        made = build(window, limits)
        windows, files, keys = windows + 1, files + len(made), keys + sum(f.keys for f in made)
    publish_index(limits)
    return Run(closed, windows, files, keys)


def _due(now: int, limits: ExportLimits) -> list[tuple[int, int]]:
    last = Window.objects.filter(state__gt=Window.State.OPEN).aggregate(end=Max("end"))["end"]
    first = Key.objects.filter(slot__gt=0).aggregate(slot=Min("slot"))["slot"] if last is None else None
    return due(last, first, now, limits)


def leased(now: int, limits: ExportLimits) -> Iterator[Window]:
    """Closed windows, one by one, each under a lease: a worker that dies loses it, two never hold one."""
    while True:
        with transaction.atomic():
            free = Q(lease=None) | Q(lease_until__lte=now)
            window = (
                Window.objects.select_for_update(skip_locked=True)
                .filter(free, state=Window.State.CLOSED)
                .order_by("start")
                .first()
            )
            if window is None:
                return
            window.lease, window.lease_until = uuid4(), now + limits.lease_seconds
            window.save(update_fields=["lease", "lease_until"])
        yield window


def publish_index(limits: ExportLimits) -> None:
    """Write the index from what is entered, whatever stood there: a lost or old index mends itself."""
    names = File.objects.filter(window__state=Window.State.DONE).values_list("name", flat=True)
    text = write_index(limits.region.lower(), read_index("\n".join(names)))
    folder.write(folder.INDEX, text.encode())
