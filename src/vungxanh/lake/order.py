"""Orders of rows by several integer columns."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def by_keys(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """Order by the columns, the first counting most; equal rows keep theirs.

    Where they fit into 63 bits, keys and row numbers are sorted packed together: faster than an argsort.
    """
    size = len(columns[0])
    if not size:
        return np.zeros(0, dtype=np.int64)
    least = [int(column.min()) for column in columns]
    widths = [(int(column.max()) - low).bit_length() for column, low in zip(columns, least, strict=True)]
    room = (size - 1).bit_length()
    if sum(widths) + room > 63:
        return np.lexsort(columns[::-1])
    packed = columns[0].astype(np.int64)
    packed -= least[0]
    for column, low, width in zip(columns[1:], least[1:], widths[1:], strict=True):
        packed <<= width
        packed += column
        packed -= low
    packed <<= room
    packed += np.arange(size)
    packed.sort()
    packed &= (1 << room) - 1
    return packed
