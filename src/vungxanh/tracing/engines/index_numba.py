"""The inner loops of the index engine, compiled by Numba and cached on disk: `index_numpy` in machine code.

Same functions, same arguments, same answers. They let other threads run while they work. Columns are written as
numbers (see index_tables), which is what the compiler wants.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from vungxanh.lake.order import by_keys
from vungxanh.tracing.engines.index_numpy import Reached
from vungxanh.tracing.engines.index_tables import Items, Judged, Stays

NEVER = 2**31 - 1
FEW = 1024
NO_ORDER = np.zeros(0, dtype=np.int64)
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Machine code, kept beside the source (or in the user's cache) for the next process."""
    made: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Function, made)


@compiled
def _slot(listed: Any, known: Any, code: Any) -> Any:
    """Number of the slice of a code, -1 where there is none."""
    if len(listed) == 0:
        return code if code < known else -1
    low = _bisect(listed, 0, len(listed), code)
    return low if low < len(listed) and listed[low] == code else -1


@compiled
def _holds(ascending: Any, value: Any) -> Any:
    low = _bisect(ascending, 0, len(ascending), value)
    return low < len(ascending) and ascending[low] == value


@compiled
def _bisect(values: Any, low: Any, high: Any, wanted: Any) -> Any:
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _longer(table: Any) -> Any:
    found = np.empty((len(table) * 2, table.shape[1]), dtype=np.int32)
    found[: len(table)] = table
    return found


@compiled
def _gather(
    who: Any,
    of_person: Any,
    node: Any,
    starts: Any,
    ends: Any,
    bits: Any,
    hidden: Any,
    person: Any,
    start: Any,
    end: Any,
    layer: Any,
) -> Any:
    out = np.empty((max(32, 8 * len(person)), 10), dtype=np.int32)
    n = 0
    for h in range(len(person)):
        slot = _slot(who, len(of_person) - 1, person[h])
        if slot < 0:
            continue
        for i in range(of_person[slot], of_person[slot + 1]):
            s, e = max(starts[i], start[h]), min(ends[i], end[h])
            if s >= e or (len(hidden) and _holds(hidden, i)):
                continue
            if n == len(out):
                out = _longer(out)
            row = out[n]
            row[0], row[1], row[2], row[3], row[4] = h, node[i], node[i], s, e
            row[5], row[6], row[7], row[8], row[9] = i, bits[i], 0, layer, 0
            n += 1
    return out[:n]


def gather(ties: Any, person: Any, start: Any, end: Any, layer: int) -> Stays:
    """See index_numpy."""
    arrays = (ties.who, ties.of_person, ties.node, ties.start, ties.end, ties.bits, ties.hidden)
    return Stays(_gather(*arrays, person, start, end, layer))


@compiled
def _meet(
    nodes: Any,
    of_node: Any,
    since: Any,
    till: Any,
    members: Any,
    piece: Any,
    marked: Any,
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
        stay = stays[k]
        slot = _slot(nodes, len(of_node) - 1, stay[1])
        if slot < 0:
            continue
        s, e, cell = stay[3], stay[4], stay[9]
        me, first = person[stay[0]], index[stay[0]]
        high = of_node[slot + 1]
        for i in range(_bisect(since, of_node[slot], high, s - longest[slot] + 1), high):
            if since[i] >= e:
                break
            if till[i] <= s or members[i] == me or members[i] == first:
                continue
            need = best[cell, marked[i] >> 1]
            if need >= NEVER or (len(hidden) and _holds(hidden, piece[i])):
                continue
            if n == len(out):
                out = _longer(out)
            row = out[n]
            begin, finish = max(s, since[i]), min(e, till[i])
            row[0], row[1], row[2], row[3], row[4] = stay[0], members[i], kind, stay[2], begin
            row[5], row[6], row[7], row[8] = finish, seconds * (finish - begin), stay[5], i
            row[9] = stay[7] | ((marked[i] | stay[6]) & 1)
            row[10] = NEVER if stay[7] & 4 else worst[cell, marked[i] >> 1]
            row[11], row[12], row[13] = need, stay[8], layer
            n += 1
    return out[:n]


def meet(ties: Any, stays: Stays, *about: Any) -> Items:
    """See index_numpy."""
    arrays = (
        ties.nodes,
        ties.of_node,
        ties.since,
        ties.till,
        ties.member,
        ties.piece,
        ties.marks,
        ties.longest,
        ties.hidden,
    )
    return Items(_meet(*arrays, stays.rows, *about))


@compiled
def _in_an_encounter(some: Any, m: Any, items: Any, wanted: Any) -> Any:
    """Do items of one kind at one place that overlap or touch sum up to what is wanted? `some` is reordered."""
    if m > 24:
        keys = np.empty(m, dtype=np.int64)
        for n in range(m):
            keys[n] = items[some[n], 4]
        some[:m] = some[:m][np.argsort(keys, kind="mergesort")]
        for n in range(m):
            keys[n] = (np.int64(items[some[n], 2]) << 40) + items[some[n], 3] + 1
        some[:m] = some[:m][np.argsort(keys, kind="mergesort")]
    else:
        for i in range(1, m):
            j = i
            while j > 0:
                a, b = items[some[j - 1]], items[some[j]]
                if (a[2], a[3], a[4]) <= (b[2], b[3], b[4]):
                    break
                some[j - 1], some[j] = some[j], some[j - 1]
                j -= 1
    total, reach, kind, place = np.int64(0), -1, -1, -2
    for n in range(m):
        row = items[some[n]]
        same = row[2] == kind and row[3] == place and row[4] <= reach
        total = total + row[6] if same else np.int64(row[6])
        reach = max(reach, row[5]) if same else row[5]
        kind, place = row[2], row[3]
        if total >= wanted:
            return True
    return False


@compiled
def _on_a_day(some: Any, m: Any, items: Any, told: Any, length: Any, wanted: Any, days: Any, totals: Any) -> Any:
    """Do the parts of items on one local day sum up to what is wanted? `totals` is all 0 before and after."""
    found = False
    for put in (1, 0):
        for n in range(m):
            c = some[n]
            at, end = np.int64(items[c, 4]), np.int64(items[c, 5])
            day = np.searchsorted(days, at, side="right") - 1
            while at < end:
                until = min(end, days[day + 1])
                if put:
                    if length[c]:
                        totals[day] += told[c] * (until - at) // length[c]
                    elif items[c, 2] != 1:
                        totals[day] += 60 * (until - at)
                    found = found or totals[day] >= wanted
                else:
                    totals[day] = 0
                at, day = until, day + 1
    return found


@compiled
def _overlap(some: Any, m: Any, items: Any) -> Any:
    """Do any two overlap? `some` is reordered."""
    if m > 24:
        keys = np.empty(m, dtype=np.int64)
        for n in range(m):
            keys[n] = items[some[n], 4]
        some[:m] = some[:m][np.argsort(keys, kind="mergesort")]
        reach = items[some[0], 5]
        for n in range(1, m):
            if items[some[n], 4] < reach:
                return True
            reach = max(reach, items[some[n], 5])
        return False
    for i in range(m):
        for j in range(i):
            a, b = items[some[i]], items[some[j]]
            if a[4] < b[5] and b[4] < a[5]:
                return True
    return False


@compiled
def _confirmed(
    low: Any,
    high: Any,
    order: Any,
    items: Any,
    asked: Any,
    scope: Any,
    days: Any,
    told: Any,
    length: Any,
    some: Any,
    totals: Any,
) -> Any:
    """Does what is recorded reach it within what the rule counts over?"""
    for wanted in asked:
        total, longest, m = np.int64(0), np.int64(0), 0
        for n in range(low, high):
            c = order[n]
            if items[c, 10] <= wanted and items[c, 9] == 0:
                total += items[c, 6]
                longest = max(longest, np.int64(items[c, 6]))
                some[m] = c
                m += 1
        if m == 0 or total < wanted:
            continue
        if wanted == 0 or scope == 0 or (scope == 1 and longest >= wanted):
            return True
        if scope == 1 and _in_an_encounter(some, m, items, wanted):
            return True
        if scope == 2 and _on_a_day(some, m, items, told, length, wanted, days, totals):
            return True
    return False


@compiled
def _reaches(low: Any, high: Any, order: Any, items: Any, asked: Any, column: Any, without: Any) -> Any:
    """Do the items whose need in `column` is met sum up to it over the window, but for those marked `without`?"""
    for wanted in asked:
        total, any_ = np.int64(0), False
        for n in range(low, high):
            c = order[n]
            if items[c, column] <= wanted and items[c, 9] & without == 0:
                total += items[c, 6]
                any_ = True
        if any_ and total >= wanted:
            return True
    return False


@compiled
def _alone(row: Any, asked: Any) -> Any:
    """Certainty of a pair of one item, where the minutes of an item are never cut."""
    found = 3
    for wanted in asked:
        if row[6] >= wanted:
            if row[10] <= wanted and row[9] & 4 == 0:
                return 0 if row[9] == 0 else 1
            if row[11] <= wanted:
                found = 2
    return found


@compiled
def _judge(  # noqa: C901 - one loop, as machine code wants it
    items: Any, order: Any, asked: Any, scope: Any, days: Any, told: Any, length: Any
) -> Any:
    size = len(items)
    if len(order) < size:
        keys = np.empty(size, dtype=np.int64)
        for i in range(size):
            keys[i] = (np.int64(items[i, 0]) << 32) | np.int64(items[i, 1])
        order = np.argsort(keys, kind="mergesort")
    out = np.empty((size, 10), dtype=np.int32)
    some, totals = np.empty(size, dtype=np.int64), np.zeros(len(days), dtype=np.int64)
    p, at = 0, 0
    while at < size:
        begin, c = at, items[order[at]]
        hop, contact, first, last, total, household, visits = c[0], c[1], c[4], c[5], np.int64(0), 0, 0
        while at < size:
            row = items[order[at]]
            if row[0] != hop or row[1] != contact:
                break
            first, last, total = min(first, row[4]), max(last, row[5]), total + row[6]
            household |= row[2] == 1
            if row[2] == 5:
                some[visits] = order[at]
                visits += 1
            at += 1
        twice = visits > 1 and _overlap(some, visits, items)
        if at - begin == 1 and scope != 2:
            verdict = _alone(c, asked)
        elif _confirmed(begin, at, order, items, asked, scope, days, told, length, some, totals):
            verdict = 0
        elif _reaches(begin, at, order, items, asked, 10, 4):
            verdict = 1
        else:
            verdict = 2 if _reaches(begin, at, order, items, asked, 11, 0) else 3
        if verdict < 3:
            pair = out[p]
            pair[0], pair[1], pair[2], pair[3], pair[4] = hop, contact, first, last, total
            pair[5], pair[6], pair[7], pair[8], pair[9] = verdict, household, twice, begin, at
            p += 1
    return out[:p], order


def judge(items: Items, asked: Any, scope: int, days: Any, told: Any, length: Any) -> tuple[Judged, Any]:
    """See index_numpy."""
    order = NO_ORDER if len(items) <= FEW else by_keys(items.hop, items.contact)
    rows, order = _judge(items.rows, order, asked, scope, days, told, length)
    return Judged(rows), order


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
