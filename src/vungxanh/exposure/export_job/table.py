"""Keys of a window, out of the database by binary COPY, without an object a key."""

from typing import Any

import numpy as np
from django.db import connection

from vungxanh.exposure.codec.keys import KEY_ROW, KeyTable

#: one row of binary COPY: field count, then length and value of each column, all of fixed width
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("l0", ">i4"), ("data", "u1", (16,)),
        ("l1", ">i4"), ("start", ">i4"),
        ("l2", ">i4"), ("period", ">i2"),
        ("l3", ">i4"), ("report", ">i2"),
        ("l4", ">i4"), ("onset", ">i2"),
        ("l5", ">i4"), ("has_onset", "?"),
        ("l6", ">i4"), ("risk", ">i2"),
        ("l7", ">i4"), ("variant", ">i2"),
    ]
)  # fmt: skip
_HEADER, _TRAILER = 19, 2
COLUMNS = "data, start, period, report, onset, has_onset, risk, variant"


def read_keys(condition: str, values: list[Any]) -> KeyTable:
    """Rows of `exposure_key` that meet a condition, as `KEY_ROW`, sorted by key."""
    statement = (
        f"COPY (SELECT {COLUMNS} FROM exposure_key WHERE {condition} ORDER BY data) TO STDOUT (FORMAT BINARY)"  # noqa: S608
    )
    with connection.cursor() as cursor, cursor.copy(statement, values) as copy:
        raw = b"".join(bytes(part) for part in copy)
    rows = np.frombuffer(raw[_HEADER : len(raw) - _TRAILER], _COPY_ROW)
    table = np.empty(len(rows), KEY_ROW)
    for name in KEY_ROW.names or ():
        table[name] = rows[name]
    return table


def keys_of_window(start: int, end: int) -> KeyTable:
    return read_keys("slot >= %s AND slot < %s", [start, end])


def revised_of_window(start: int, end: int) -> KeyTable:
    """Keys published before that this window says something new of."""
    return read_keys("revised_slot >= %s AND revised_slot < %s", [start, end])
