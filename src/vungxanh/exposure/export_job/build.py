"""Files of a closed window. Made anew they are the same bytes: a worker that dies costs time and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from django.db import transaction

from vungxanh.exposure.codec.export_write import NO_KEYS, write_export
from vungxanh.exposure.codec.index import IndexEntry
from vungxanh.exposure.codec.keys import KeyTable
from vungxanh.exposure.codec.signature import Signer
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.export_job.table import keys_of_window, revised_of_window
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import File, Window
from vungxanh.exposure.signing import export_signers


def build(window: Window, limits: ExportLimits) -> list[File]:
    """Write the files of a window and enter them; the window is done."""
    parts = split(keys_of_window(window.start, window.end), limits.split)
    revised = revised_of_window(window.start, window.end)
    if not parts and len(revised):
        parts = [NO_KEYS]
    signers = export_signers(datetime.fromtimestamp(window.end, UTC))
    files = []
    for number, keys in enumerate(parts, 1):
        first = revised if number == 1 else NO_KEYS
        files.append(_file(window, number, len(parts), keys, first, signers, limits))
    with transaction.atomic():
        File.objects.bulk_create(files, ignore_conflicts=True)
        Window.objects.filter(pk=window.pk).update(state=Window.State.DONE, lease=None)
    return files


def split(keys: KeyTable, size: int) -> list[KeyTable]:
    """Keys in their order, at most `size` a file and evenly filled."""
    count = -(-len(keys) // size)
    return [keys[len(keys) * n // count : len(keys) * (n + 1) // count] for n in range(count)]


def _file(
    window: Window,
    number: int,
    count: int,
    keys: KeyTable,
    revised: KeyTable,
    signers: Sequence[Signer],
    limits: ExportLimits,
) -> File:
    name = IndexEntry(window.start, window.end, number).name
    data = write_export(
        start=window.start,
        end=window.end,
        keys=keys,
        revised=revised,
        signers=signers,
        region=limits.region,
        batch=(number, count),
    )
    folder.write(name, data)
    return File(
        name=name,
        window=window,
        number=number,
        keys=len(keys),
        revised=len(revised),
        size=len(data),
        sha256=sha256(data).hexdigest(),
        first_key=keys["data"][0].tobytes() if len(keys) else None,
        last_key=keys["data"][-1].tobytes() if len(keys) else None,
        made_at=window.end,
    )
