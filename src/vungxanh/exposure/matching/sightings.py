"""What a device heard: one row a received identifier, in a CSV file or a NumPy table.

Columns: `rpi` (32 hex), `at` (Unix seconds or ISO 8601), `rssi` (dBm), and, where known, `aem` (8 hex) and
`since` (seconds since the device's scan before this one).
"""

import csv
import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_instant
from vungxanh.exposure.codec.keys import KEY_BYTES, hex_bytes

#: `since` 0: the device does not know when it scanned before
SIGHTING_ROW = np.dtype(
    [("rpi", "u1", (KEY_BYTES,)), ("at", "<i8"), ("rssi", "<i2"), ("aem", "u1", (4,)), ("since", "<i4")]
)
SightingTable = NDArray[np.void]
Sighting = tuple[bytes, int, int, bytes, int]
#: our name -> names that other tools give the column
NAMES = {
    "rpi": ("rpi", "id", "identifier", "bleid"),
    "at": ("at", "time", "timestamp", "unix"),
    "rssi": ("rssi",),
    "aem": ("aem", "metadata"),
    "since": ("since", "seconds_since_last_scan"),
}


def table_of(rows: Iterable[Sighting]) -> SightingTable:
    """(rpi, at, rssi, aem, since) -> structured array of `SIGHTING_ROW`."""
    made = [
        (np.frombuffer(rpi, np.uint8), at, rssi, np.frombuffer(aem, np.uint8), since)
        for rpi, at, rssi, aem, since in rows
    ]
    return np.array(made, dtype=SIGHTING_ROW)


def read_sightings(text: str) -> SightingTable:
    """CSV -> sightings. Raises UserError `exposure.sightings-columns`, `exposure.sightings-row`."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    try:
        columns = _columns(next(reader, []))
        rows = [_row(line, columns, number) for number, line in enumerate(reader, 2) if any(line)]
    except csv.Error as exc:
        raise UserError("exposure.sightings-row", line=reader.line_num) from exc
    return table_of(rows)


def _columns(head: list[str]) -> dict[str, int]:
    given = [name.strip().lower() for name in head]
    found = {
        ours: next(given.index(name) for name in names if name in given)
        for ours, names in NAMES.items()
        if any(name in given for name in names)
    }
    missing = [name for name in ("rpi", "at", "rssi") if name not in found]
    if missing:
        raise UserError("exposure.sightings-columns", field=missing[0], missing=", ".join(missing))
    return found


def _row(line: list[str], columns: dict[str, int], number: int) -> Sighting:
    cells = {name: line[at].strip() if at < len(line) else "" for name, at in columns.items()}
    try:
        made = (
            hex_bytes(cells["rpi"], KEY_BYTES, "rpi"),
            _seconds(cells["at"]),
            int(cells["rssi"]),
            hex_bytes(cells.get("aem") or "00000000", 4, "aem"),
            int(cells.get("since") or 0),
        )
        np.array([made[1:3] + made[4:]], dtype="<i8,<i2,<i4")
    except (ValueError, OverflowError, UserError) as exc:
        raise UserError("exposure.sightings-row", field=f"line {number}", line=number) from exc
    return made


def _seconds(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else int(parse_instant(text).timestamp())
