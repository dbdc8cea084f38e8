"""Writing an upload: which window its keys go to, and one statement for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

from vungxanh.core.vault import encrypt
from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, DiagnosisKey
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Key, Window

#: first half of the advisory locks that publishing and closing a window meet in
LOCK = 0x45585057


#: what `exposure_put` answers: written; some key stands here already; the certificate was used
WRITTEN, KNOWN, USED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """An upload as it is written; a fake one goes to tables of the same make. `onsets`: days, None unknown."""

    fake: bool
    moment: int
    handle: bytes
    revision: bytes
    receipt: bytes
    report_type: int
    keys: Sequence[DiagnosisKey]
    datas: list[bytes]
    onsets: list[int] | None


_PUT = (
    "SELECT outcome, fresh FROM exposure_put(%s, %s, %s::int, %s::bigint, %s::bigint, %s::bigint, %s, %s, %s, %s, "
    "%s::int, %s, %s::bytea[], %s::int[], %s::int[], %s::int[], %s, %s::int[])"
)


def put(entry: Entry, limits: ExportLimits, *, careful: bool = False) -> tuple[int, int]:
    """Write an upload: one statement, one transaction. -> (outcome, how many keys were new).

    `careful`: keys that stand here already are left as they are; without it, one of them stops the whole.
    """
    values = [
        entry.fake,
        careful,
        LOCK,
        limits.period_seconds,
        entry.moment,
        limits.hold_seconds,
        limits.region,
        entry.handle,
        entry.revision,
        entry.receipt,
        entry.report_type,
        encrypt("exposure-upload", ",".join([data.hex() for data in entry.datas])),
        "{" + ",".join([f'"\\\\x{data.hex()}"' for data in entry.datas]) + "}",
        _array([key.rolling_start for key in entry.keys]),
        _array([key.rolling_period for key in entry.keys]),
        _array([0] * len(entry.keys) if entry.onsets is None else entry.onsets),
        entry.onsets is not None,
        _array([key.transmission_risk for key in entry.keys]),
    ]
    try:
        return _put(values)
    except psycopg.OperationalError:
        if connection.in_atomic_block:
            raise
        connection.close()  # the server was started anew; asking again is harmless, whatever became of the first
        return _put(values)


def _array(numbers: Sequence[int]) -> str:
    """An array as PostgreSQL reads it; the driver takes ten times as long over a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _put(values: list[Any]) -> tuple[int, int]:
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(_PUT, values, prepare=True, binary=True).fetchone()
    assert row
    return row[0], row[1]


def window_of(seconds: int, period: int) -> int:
    """Start of the window that a moment lies in."""
    return seconds // period * period


def open_slot(now: int, limits: ExportLimits) -> int:
    """Start of the first window that still takes keys, held open until the transaction ends."""
    slot = window_of(now, limits.period_seconds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK, slot // limits.period_seconds])
        # a statement of its own: the lock may have been waited for
        cursor.execute('SELECT max("end") FROM exposure_window WHERE state > 0')
        row = cursor.fetchone()
    return max(slot, row[0] or 0) if row else slot


def slot_of(key: DiagnosisKey, first: int, limits: ExportLimits) -> int:
    """Window in which a key is published: not while somebody could still send its identifiers as their own."""
    safe = key.rolling_end * INTERVAL_SECONDS + limits.hold_seconds
    return max(first, window_of(safe, limits.period_seconds))


COLUMNS = ("data", "start", "period", "report", "onset", "has_onset", "risk", "variant", "slot", "origin")
TYPES = ("bytea", "int", "smallint", "smallint", "smallint", "bool", "smallint", "smallint", "bigint", "text")


def insert(table: str, keys: Sequence[DiagnosisKey], slots: Sequence[int], origin: str) -> int:
    """Write keys that are not there yet. -> how many were new."""
    values: Any = [
        [key.data for key in keys],
        [key.rolling_start for key in keys],
        [key.rolling_period for key in keys],
        [int(key.report_type) for key in keys],
        [key.days_since_onset or 0 for key in keys],
        [key.days_since_onset is not None for key in keys],
        [key.transmission_risk for key in keys],
        [key.variant for key in keys],
        list(slots),
        [origin] * len(keys),
    ]
    arrays = ", ".join(f"%s::{kind}[]" for kind in TYPES)
    statement = f"INSERT INTO {table} ({', '.join(COLUMNS)}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def known(keys: Sequence[DiagnosisKey]) -> dict[bytes, Key]:
    """Keys that stand in the table already."""
    return {bytes(row.data): row for row in Key.objects.filter(data__in=[key.data for key in keys])}


def is_closed(slot: int) -> bool:
    return Window.objects.filter(start__lte=slot, end__gt=slot, state__gt=Window.State.OPEN).exists()
