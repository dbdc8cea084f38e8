"""Day files for weak networks: one file instead of a day's windows, for who was away.

They hold what the windows of a finished UTC day hold, and no more; a client takes either. Made anew from the table
they are the same bytes, so they need no row of their own.
"""

from datetime import UTC, datetime

from vungxanh.exposure.codec.export_write import NO_KEYS, write_export
from vungxanh.exposure.codec.index import NAME, IndexEntry, write_index
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.export_job.build import split
from vungxanh.exposure.export_job.table import keys_of_window, revised_of_window
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Window
from vungxanh.exposure.signing import export_signers

DAY = 86_400
FOLDER, INDEX = "days", "days.txt"


def finished_days(now: int, limits: ExportLimits) -> list[int]:
    """Starts (Unix s) of the days that are over, are kept, and whose every window is written."""
    first = (now - limits.keep_days * DAY) // DAY * DAY + DAY
    done = set(Window.objects.filter(state=Window.State.DONE, start__gte=first).values_list("start", flat=True))
    return [
        day
        for day in range(first, now // DAY * DAY, DAY)
        if all(start in done for start in range(day, day + DAY, limits.period_seconds))
    ]


def publish_days(*, now: int, limits: ExportLimits) -> int:
    """Write what is missing, drop what is over, write the index. -> files written."""
    days, entries, made = finished_days(now, limits), [], 0
    target = folder.folder() / FOLDER
    target.mkdir(exist_ok=True)
    there = {path.name for path in target.glob("*.zip")}
    for day in days:
        mine = sorted(name for name in there if name.startswith(f"{day:010d}-"))
        if not mine:
            mine = _write(day, limits)
            made += len(mine)
        entries += [_entry(name) for name in mine]
    for name in there - {entry.name for entry in entries}:
        folder.remove(f"{FOLDER}/{name}")
    folder.write(INDEX, write_index(f"{limits.region.lower()}-{FOLDER}", entries).encode())
    return made


def _entry(name: str) -> IndexEntry:
    found = NAME.fullmatch(name)
    assert found
    return IndexEntry(int(found["start"]), int(found["end"]), int(found["num"]))


def _write(day: int, limits: ExportLimits) -> list[str]:
    parts = split(keys_of_window(day, day + DAY), limits.split)
    revised = revised_of_window(day, day + DAY)
    if not parts and len(revised):
        parts = [NO_KEYS]
    names = []
    for number, keys in enumerate(parts, 1):
        name = IndexEntry(day, day + DAY, number).name
        data = write_export(
            start=day,
            end=day + DAY,
            keys=keys,
            revised=revised if number == 1 else NO_KEYS,
            signers=export_signers(datetime.fromtimestamp(day + DAY, UTC)),
            region=limits.region,
            batch=(number, len(parts)),
        )
        folder.write(f"{FOLDER}/{name}", data)
        names.append(name)
    return names
