"""Key tables -> protobuf records, many at once.

A key is 26 to 40 bytes of fixed shape, so the bytes of all keys are laid out as one matrix together with a
mask of those that each key needs; what the mask keeps, in order, is exactly what protobuf would write.
"""

import numpy as np
from numpy.typing import NDArray

from vungxanh.exposure.codec.keys import KEY_BYTES, KeyTable

KEYS_FIELD, REVISED_FIELD = 7, 8
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def _varint(values: NDArray[np.int64], width: int) -> tuple[Bytes, Mask]:
    """Values >= 0 as base-128, low group first: (bytes, which of them exist)."""
    shifts = np.arange(width, dtype=np.int64) * 7
    groups = values[:, None] >> shifts
    out = (groups & 0x7F).astype(np.uint8)
    out[:, :-1] |= np.where(groups[:, 1:] > 0, 0x80, 0).astype(np.uint8)
    keep = groups > 0
    keep[:, 0] = True
    return out, keep


def _field(number: int, values: NDArray[np.int64], width: int, present: Mask) -> tuple[Bytes, Mask]:
    """A varint field with its tag; absent where `present` is not set."""
    body, keep = _varint(values, width)
    tag = np.full((len(values), 1), number << 3, np.uint8)
    mask = np.concatenate([np.ones((len(values), 1), np.bool_), keep], axis=1)
    return np.concatenate([tag, body], axis=1), mask & present[:, None]


def _constant(raw: bytes, rows: int) -> tuple[Bytes, Mask]:
    return np.tile(np.frombuffer(raw, np.uint8), (rows, 1)), np.ones((rows, len(raw)), np.bool_)


def encode(table: KeyTable, field: int = KEYS_FIELD) -> bytes:
    """Rows of `KEY_ROW` -> the repeated field `field` of an export, byte for byte as protobuf writes it.

    An unknown onset and a zero variant are left out; everything else is written.
    """
    rows = len(table)
    onset = table["onset"].astype(np.int64)
    always, has_onset = np.ones(rows, np.bool_), table["has_onset"].astype(np.bool_)
    parts = [
        _constant(bytes([0x0A, KEY_BYTES]), rows),
        (table["data"], np.ones((rows, KEY_BYTES), np.bool_)),
        _field(2, table["risk"].astype(np.int64), 1, always),
        _field(3, table["start"].astype(np.int64), 5, always),
        _field(4, table["period"].astype(np.int64), 2, always),
        _field(5, table["report"].astype(np.int64), 1, always),
        _field(6, (onset << 1) ^ (onset >> 63), 3, has_onset),
        _field(8, table["variant"].astype(np.int64), 1, table["variant"] > 0),
    ]
    body = np.concatenate([part for part, _ in parts], axis=1)
    keep = np.concatenate([mask for _, mask in parts], axis=1)
    length = keep.sum(axis=1).astype(np.uint8)  # never above 127, so one byte
    head = np.stack([np.full(rows, field << 3 | 2, np.uint8), length], axis=1)
    whole: Bytes = np.concatenate([head, body], axis=1)
    keep = np.concatenate([np.ones((rows, 2), np.bool_), keep], axis=1)
    if rows and bool((keep == keep[0]).all()):
        whole = whole[:, keep[0]]  # all of one shape, as most files are: three times as quick
        return whole.tobytes()
    mixed: Bytes = whole[keep]
    return mixed.tobytes()
