"""The inner loops of the index engine, compiled by Numba and cached on disk: `index_numpy` in machine code.

Same functions, same arguments, same answers. They let other threads run while they work. Columns are written as
numbers (see index_tables), which is what the compiler wants.
"""

from typing import Any

import numpy as np

from vungxanh.tracing.engines.index_tables import Items, Stays
from vungxanh.tracing.engines.numba_common import NEVER, compiled, holds, slot_of
from vungxanh.tracing.engines.numba_judge import judge
from vungxanh.tracing.engines.numba_settle import improve, settle

__all__ = ["gather", "improve", "judge", "meet", "settle"]


@compiled
def _longer(table: Any) -> Any:
    found = np.empty((len(table) * 2, table.shape[1]), dtype=np.int32)
    found[: len(table)] = table
    return found


@compiled
def _gather(
    who: Any,
    of_person: Any,
    own: Any,
    hidden: Any,
    person: Any,
    start: Any,
    end: Any,
    layer: Any,
) -> Any:
    out = np.empty((max(32, 8 * len(person)), 10), dtype=np.int32)
    n = 0
    for h in range(len(person)):
        slot = slot_of(who, len(of_person) - 1, person[h])
        if slot < 0:
            continue
        for i in range(of_person[slot], of_person[slot + 1]):
            mine = own[i]
            s, e = max(mine[1], start[h]), min(mine[2], end[h])
            if s >= e or (len(hidden) and holds(hidden, i)):
                continue
            if n == len(out):
                out = _longer(out)
            row = out[n]
            row[0], row[1], row[2], row[3], row[4] = h, mine[0], mine[0], s, e
            row[5], row[6], row[7], row[8], row[9] = i, mine[3], 0, layer, 0
            n += 1
    return out[:n]


def gather(ties: Any, person: Any, start: Any, end: Any, layer: int) -> Stays:
    """See index_numpy."""
    return Stays(_gather(ties.who, ties.of_person, ties.own, ties.hidden, person, start, end, layer))


@compiled
def _started(there: Any, low: Any, high: Any, wanted: Any) -> Any:
    """First row in [low, high) that starts at `wanted` or later."""
    while low < high:
        middle = (low + high) >> 1
        if there[middle, 0] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _meet(
    nodes: Any,
    of_node: Any,
    there: Any,
    piece: Any,
    longest: Any,
    hidden: Any,
    stays: Any,
    person: Any,
    index: Any,
    worst: Any,
    best: Any,
    kind: Any,
    layer: Any,
    seconds: Any,
) -> Any:
    out = np.empty((max(256, 16 * len(stays)), 14), dtype=np.int32)
    n = 0
    for k in range(len(stays)):
        slot = slot_of(nodes, len(of_node) - 1, stays[k, 1])
        if slot < 0:
            continue
        hop, place, s, e, mine, bits = stays[k, 0], stays[k, 2], stays[k, 3], stays[k, 4], stays[k, 5], stays[k, 6]
        marks, layer_of_mine, cell = stays[k, 7], stays[k, 8], stays[k, 9]
        me, first = person[hop], index[hop]
        high = of_node[slot + 1]
        for i in range(_started(there, of_node[slot], high, s - longest[slot] + 1), high):
            since, till, member = there[i, 0], there[i, 1], there[i, 2]
            if since >= e:
                break
            if till <= s or member == me or member == first:  # noqa: SIM109 - a tuple costs machine code time
                continue
            marked = there[i, 3]
            need = best[cell, marked >> 1]
            if need >= NEVER or (len(hidden) and holds(hidden, piece[i])):
                continue
            if n == len(out):
                out = _longer(out)
            begin, finish = max(s, since), min(e, till)
            out[n, 0], out[n, 1], out[n, 2], out[n, 3], out[n, 4] = hop, member, kind, place, begin
            out[n, 5], out[n, 6], out[n, 7], out[n, 8] = finish, seconds * (finish - begin), mine, i
            out[n, 9] = marks | ((marked | bits) & 1)
            out[n, 10] = NEVER if marks & 4 else worst[cell, marked >> 1]
            out[n, 11], out[n, 12], out[n, 13] = need, layer_of_mine, layer
            n += 1
    return out[:n]


def meet(ties: Any, stays: Stays, *about: Any) -> Items:
    """See index_numpy."""
    arrays = (ties.nodes, ties.of_node, ties.there, ties.piece, ties.longest, ties.hidden)
    return Items(_meet(*arrays, stays.rows, *about))
