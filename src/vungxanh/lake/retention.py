"""Days that are over leave the lake: their files, and every segment that was built over them."""

from datetime import datetime
from pathlib import Path

from vungxanh.core.minutes import MINUTES_A_DAY, floor_minute
from vungxanh.lake import manifest as state
from vungxanh.lake.store import open_lake


def forget_before(directory: Path, moment: datetime) -> int:
    """Remove the UTC days that ended at or before `moment`. -> rows; a day goes whole or not at all.

    A reader that opened the lake before keeps what it mapped until it closes it. 0 where there is no lake.
    """
    if not (directory / state.NAME).exists():
        return 0
    last = floor_minute(moment) // MINUTES_A_DAY
    with state.locked(directory):
        manifest = state.load(directory)
        over = [file for file in manifest.files if file.day is not None and file.day < last]
        if not over:
            return 0
        left = manifest.with_files([], {}, frozenset(file.path for file in over))
        state.save(directory, left)
        state.sweep(directory, left)
    open_lake(directory).index()
    return sum(file.rows for file in over if file.order != "place")
