"""Who is reached for the first time, and whose exposure comes earlier, in machine code. See index_numpy."""

from typing import Any

import numpy as np

from vungxanh.tracing.engines.index_numpy import Reached
from vungxanh.tracing.engines.index_tables import Judged
from vungxanh.tracing.engines.numba_common import compiled


@compiled
def _settle(  # noqa: C901
    pairs: Any, infector: Any, rank: Any, generation: Any, mark: Any, hop: Any
) -> Any:
    size = len(pairs)
    named, lesser, count = np.empty(size, np.int64), np.empty(size, np.bool_), np.empty(size, np.int64)
    rows = 0
    for p in range(size):
        c = pairs[p, 1]
        if generation[c] >= 0:
            continue
        less, r = generation[infector[p]] != hop - 1, mark[c]
        if r < 0:
            mark[c], named[rows], lesser[rows], count[rows] = rows, p, less, 1
            rows += 1
        elif less == lesser[r]:
            count[r] += 1
            if _before(pairs, rank, p, named[r]):
                named[r] = p
        elif lesser[r]:
            named[r], lesser[r], count[r] = p, False, 1
    high = np.cumsum(count[:rows])
    low = high - count[:rows]
    of_row = np.empty(high[-1] if rows else 0, dtype=np.int64)
    filled = low + 1
    for p in range(size):
        r = mark[pairs[p, 1]]
        if r >= 0 and (generation[infector[p]] != hop - 1) == lesser[r]:
            if named[r] == p:
                of_row[low[r]] = p
            else:
                of_row[filled[r]] = p
                filled[r] += 1
    for r in range(rows):
        mark[pairs[named[r], 1]] = -1
    for r in range(rows):
        generation[pairs[named[r], 1]] = hop
    return named[:rows].copy(), of_row, low, high


@compiled
def _before(pairs: Any, rank: Any, p: Any, q: Any) -> Any:
    """Is pair p earlier, else longer, else of a lesser infector than pair q?"""
    if pairs[p, 2] != pairs[q, 2]:
        return pairs[p, 2] < pairs[q, 2]
    if pairs[p, 4] != pairs[q, 4]:
        return pairs[p, 4] > pairs[q, 4]
    return rank[p] < rank[q]


def settle(pairs: Judged, *about: Any) -> Reached:
    """See index_numpy."""
    return Reached(*_settle(pairs.rows, *about))


@compiled
def _improve(pairs: Any, rank: Any, exposed: Any, mark: Any) -> Any:
    best = np.empty(len(pairs), dtype=np.int64)
    found = 0
    for p in range(len(pairs)):
        c = pairs[p, 1]
        if pairs[p, 2] >= exposed[c]:
            continue
        if mark[c] < 0:
            mark[c] = found
            best[found] = p
            found += 1
        elif _before(pairs, rank, p, best[mark[c]]):
            best[mark[c]] = p
    for r in range(found):
        mark[pairs[best[r], 1]] = -1
    return best[:found].copy()


def improve(pairs: Judged, rank: Any, exposed: Any, mark: Any) -> Any:
    """See index_numpy."""
    return _improve(pairs.rows, rank, exposed, mark)
