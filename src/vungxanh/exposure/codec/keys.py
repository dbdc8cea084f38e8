"""A diagnosis key, alone and by the million.

Source: google/exposure-notifications-server `internal/pb/export/export.proto` and its publish rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.errors import UserError

KEY_BYTES = 16
INTERVAL_SECONDS = 600
INTERVALS_A_DAY = 144


class ReportType(IntEnum):
    """How the diagnosis was made; numbers of the export format."""

    UNKNOWN = 0
    CONFIRMED_TEST = 1
    CONFIRMED_CLINICAL = 2
    SELF_REPORT = 3
    RECURSIVE = 4
    REVOKED = 5


@dataclass(frozen=True, slots=True)
class DiagnosisKey:
    """One day key of an ill person, as published. `days_since_onset` is None where the file says nothing."""

    data: bytes
    rolling_start: int
    rolling_period: int = INTERVALS_A_DAY
    report_type: int = ReportType.CONFIRMED_TEST
    days_since_onset: int | None = None
    transmission_risk: int = 0
    variant: int = 0

    @property
    def rolling_end(self) -> int:
        """First interval at which the key is no longer advertised."""
        return self.rolling_start + self.rolling_period


#: columns of a key table; `onset` counts only where `has_onset` is set
KEY_ROW = np.dtype(
    [
        ("data", "u1", (KEY_BYTES,)),
        ("start", "<i4"),
        ("period", "<i2"),
        ("report", "i1"),
        ("onset", "<i2"),
        ("has_onset", "?"),
        ("risk", "i1"),
        ("variant", "i1"),
    ]
)
KeyTable = NDArray[np.void]


def table_of(keys: Iterable[DiagnosisKey]) -> KeyTable:
    """Keys -> structured array of `KEY_ROW`, in the order given."""
    rows = [
        (
            np.frombuffer(k.data, np.uint8),
            k.rolling_start,
            k.rolling_period,
            int(k.report_type),
            k.days_since_onset or 0,
            k.days_since_onset is not None,
            k.transmission_risk,
            k.variant,
        )
        for k in keys
    ]
    return np.array(rows, dtype=KEY_ROW)


def keys_of(table: KeyTable) -> list[DiagnosisKey]:
    """Structured array -> keys, in its order."""
    return [
        DiagnosisKey(
            data=row["data"].tobytes(),
            rolling_start=int(row["start"]),
            rolling_period=int(row["period"]),
            report_type=int(row["report"]),
            days_since_onset=int(row["onset"]) if row["has_onset"] else None,
            transmission_risk=int(row["risk"]),
            variant=int(row["variant"]),
        )
        for row in table
    ]


def key_order(table: KeyTable) -> NDArray[np.intp]:
    """Order by key bytes: neighbours in a file then tell nothing about who uploaded them."""
    halves = np.ascontiguousarray(table["data"]).view(">u8").reshape(-1, 2).astype(np.uint64)
    first = halves[:, 0]
    if bool((first[1:] > first[:-1]).all()):
        return np.arange(len(table))
    # eight random bytes are hardly ever equal, and one column sorts in a tenth of the time of two
    order = np.argsort(first)
    ordered = first[order]
    if bool((ordered[1:] == ordered[:-1]).any()):
        return np.lexsort((halves[:, 1], first))
    return order


def hex_bytes(text: str, length: int, field: str) -> bytes:
    """Hexadecimal text of exactly `length` bytes. Raises UserError `exposure.bad-hex`."""
    try:
        found = bytes.fromhex(text.strip())
    except ValueError as exc:
        raise UserError("exposure.bad-hex", field=field, name=field, length=length) from exc
    if len(found) != length:
        raise UserError("exposure.bad-hex", field=field, name=field, length=length)
    return found
