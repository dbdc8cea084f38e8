"""Keys of a window, out of the database without an object a key."""

from typing import Any

import numpy as np
import psycopg
from django.db import connection

from vungxanh.exposure.codec.keys import KEY_ROW, KeyTable, key_order

#: one key as the statement below packs it: fixed width, most significant byte first
_PACKED = np.dtype(
    [
        ("data", "u1", (16,)), ("start", ">i4"), ("period", ">i2"), ("report", ">i2"), ("onset", ">i2"),
        ("has_onset", "?"), ("risk", ">i2"), ("variant", ">i2"),
    ]
)  # fmt: skip
_PACK = (
    "data || int4send(start) || int2send(period) || int2send(report) || int2send(onset) || "
    "boolsend(has_onset) || int2send(risk) || int2send(variant)"
)


def read_keys(condition: str, values: list[Any]) -> KeyTable:
    """Rows of `exposure_key` that meet a condition, as `KEY_ROW`, sorted by key.

    They come as one value: a message a row costs more than all the rest of an export.
    """
    statement = f"SELECT string_agg({_PACK}, ''::bytea) FROM exposure_key WHERE {condition}"  # noqa: S608
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(statement, values, binary=True).fetchone()
    rows = np.frombuffer(row[0] or b"", _PACKED) if row else np.empty(0, _PACKED)
    table = np.empty(len(rows), KEY_ROW)
    for name in KEY_ROW.names or ():
        table[name] = rows[name]
    return table[key_order(table)]


def keys_of_window(start: int, end: int) -> KeyTable:
    return read_keys("slot >= %s AND slot < %s", [start, end])


def revised_of_window(start: int, end: int) -> KeyTable:
    """Keys published before that this window says something new of."""
    return read_keys("revised_slot >= %s AND revised_slot < %s", [start, end])
