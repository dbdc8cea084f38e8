"""Files for weak networks: one instead of a day's windows, and one instead of the days that somebody was away.

They hold what the windows of finished UTC days hold, and no more; a client takes either. Made anew from the table
they are the same bytes, so they need no row of their own. Files of several days end with the newest finished day;
where they would be large they are left out: there the bytes are what costs, and not the requests.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from vungxanh.exposure.codec.export_write import NO_KEYS, write_export
from vungxanh.exposure.codec.index import NAME, IndexEntry, write_index
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.export_job.build import split
from vungxanh.exposure.export_job.table import keys_of_window, revised_of_window
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Key, Window
from vungxanh.exposure.signing import export_signers

DAY = 86_400
FOLDER, INDEX = "days", "days.txt"
SPANS, SPANS_INDEX = "spans", "spans.txt"
Span = tuple[int, int]


def finished_days(now: int, limits: ExportLimits) -> list[int]:
    """Starts (Unix s) of the days that are over, are kept, and whose every window is written."""
    first = (now - limits.keep_days * DAY) // DAY * DAY + DAY
    done = set(Window.objects.filter(state=Window.State.DONE, start__gte=first).values_list("start", flat=True))
    return [
        day
        for day in range(first, now // DAY * DAY, DAY)
        if all(start in done for start in range(day, day + DAY, limits.period_seconds))
    ]


def spans_of(days: Sequence[int], lengths: Sequence[int]) -> Iterator[Span]:
    """(start, end) of the last so many days, for each length that there are days without a gap for."""
    for length in lengths:
        last = list(days[-length:])
        if len(last) == length and last[-1] - last[0] == (length - 1) * DAY:
            yield last[0], last[-1] + DAY


def publish_days(*, now: int, limits: ExportLimits) -> int:
    """Write what is missing, drop what is over, write both lists. -> files written."""
    days = finished_days(now, limits)
    made = _publish(FOLDER, INDEX, [(day, day + DAY) for day in days], limits)
    return made + _publish(SPANS, SPANS_INDEX, list(spans_of(days, limits.spans_days)), limits)


def _publish(where: str, index: str, wanted: Sequence[Span], limits: ExportLimits) -> int:
    entries, made = [], 0
    target = folder.folder() / where
    target.mkdir(exist_ok=True)
    there = {path.name for path in target.glob("*.zip")}
    for start, end in wanted:
        mine = sorted(name for name in there if name.startswith(f"{start:010d}-{end:010d}-"))
        if not mine and (where == FOLDER or _is_small(start, end, limits)):
            mine = _write(where, start, end, limits)
            made += len(mine)
        entries += [_entry(name) for name in mine]
    for name in there - {entry.name for entry in entries}:
        folder.remove(f"{where}/{name}")
    folder.write(index, write_index(f"{limits.region.lower()}-{where}", entries).encode())
    return made


def _is_small(start: int, end: int, limits: ExportLimits) -> bool:
    most = limits.spans_keys
    return Key.objects.filter(slot__gte=start, slot__lt=end).order_by()[: most + 1].count() <= most


def _entry(name: str) -> IndexEntry:
    found = NAME.fullmatch(name)
    assert found
    return IndexEntry(int(found["start"]), int(found["end"]), int(found["num"]))


def _write(where: str, start: int, end: int, limits: ExportLimits) -> list[str]:
    parts = split(keys_of_window(start, end), limits.split)
    revised = revised_of_window(start, end)
    if not parts and len(revised):
        parts = [NO_KEYS]
    names = []
    for number, keys in enumerate(parts, 1):
        name = IndexEntry(start, end, number).name
        data = write_export(
            start=start,
            end=end,
            keys=keys,
            revised=revised if number == 1 else NO_KEYS,
            signers=export_signers(datetime.fromtimestamp(end, UTC)),
            region=limits.region,
            batch=(number, len(parts)),
        )
        folder.write(f"{where}/{name}", data)
        names.append(name)
    return names
