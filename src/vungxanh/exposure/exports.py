"""Our keys for other countries as signed files: never a key that came from elsewhere, so none goes in circles."""

from datetime import UTC, datetime
from pathlib import Path

from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.index import IndexEntry
from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.export_job.table import read_keys
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Window
from vungxanh.exposure.signing import export_signers


def partner_files(folder: Path, *, since: int, limits: ExportLimits) -> list[str]:
    """Write a file for each finished window from `since` (Unix s) on. -> names of those written."""
    made = []
    for window in Window.objects.filter(state=Window.State.DONE, end__gt=since).order_by("start"):
        span = [window.start, window.end, limits.region]
        keys = read_keys("slot >= %s AND slot < %s AND origin = %s", span)
        revised = read_keys("revised_slot >= %s AND revised_slot < %s AND origin = %s", span)
        if not len(keys) and not len(revised):
            continue
        name = IndexEntry(window.start, window.end, 1).name
        data = write_export(
            start=window.start,
            end=window.end,
            keys=keys[keys["report"] != ReportType.REVOKED],
            revised=revised,
            signers=export_signers(datetime.fromtimestamp(window.end, UTC)),
            region=limits.region,
        )
        (folder / name).write_bytes(data)
        made.append(name)
    return made
