"""From items to pairs and their verdicts, in machine code: items are brought together by contact in a small table.

Same answers as `index_numpy.judge`; columns are written as numbers (see index_tables).
"""

from typing import Any

import numpy as np

from vungxanh.tracing.engines.index_tables import Items, Judged
from vungxanh.tracing.engines.numba_common import compiled


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
            if items[c, 10] <= wanted and items[c, 9] & 7 == 0:
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
def _alone(items: Any, c: Any, asked: Any) -> Any:
    """Certainty of a pair of one item, where the minutes of an item are never cut."""
    found = 3
    for wanted in asked:
        if items[c, 6] >= wanted:
            if items[c, 10] <= wanted and items[c, 9] & 4 == 0:
                return 0 if items[c, 9] & 7 == 0 else 1
            if items[c, 11] <= wanted:
                found = 2
    return found


@compiled
def _note(out: Any, p: Any, items: Any, c: Any, verdict: Any, begin: Any) -> None:
    """Pair p is item c and nothing else."""
    out[p, 0], out[p, 1], out[p, 2], out[p, 3] = items[c, 0], items[c, 1], items[c, 4], items[c, 5]
    out[p, 4], out[p, 5], out[p, 6], out[p, 7] = items[c, 6], verdict, items[c, 2] == 1, 0
    out[p, 8], out[p, 9] = begin, begin + 1


@compiled
def _by_hop(items: Any) -> Any:
    """Order of the items by hop, those of one hop as they come."""
    size, most, ascending = len(items), 0, True
    for i in range(size):
        most = max(most, items[i, 0])
        ascending = ascending and (i == 0 or items[i - 1, 0] <= items[i, 0])
    if ascending:
        return np.arange(size)
    next_of = np.zeros(most + 2, dtype=np.int64)
    for i in range(size):
        next_of[items[i, 0] + 1] += 1
    next_of = np.cumsum(next_of)
    order = np.empty(size, dtype=np.int64)
    for i in range(size):
        hop = items[i, 0]
        order[next_of[hop]] = i
        next_of[hop] += 1
    return order


@compiled
def _longest_run(items: Any, order: Any) -> Any:
    longest, run = 0, 0
    for n in range(len(order)):
        run = run + 1 if n and items[order[n], 0] == items[order[n - 1], 0] else 1
        longest = max(longest, run)
    return longest


@compiled
def _group(items: Any, order: Any, low: Any, high: Any, known: Any, member: Any, ends: Any, spare: Any) -> Any:
    """Bring the items `order[low : high]`, of one hop, together by contact; `ends` gets where each group ends.

    `known`: a table of (contact, group + 1), all 0 before and after; `member`, `spare`: room for a run.
    """
    last, groups = len(known) - 1, 0
    for n in range(low, high):
        contact = items[order[n], 1]
        at = (contact * np.int64(2654435761)) & last
        while known[at, 1] and known[at, 0] != contact:
            at = (at + 1) & last
        if not known[at, 1]:
            known[at, 0], known[at, 1] = contact, groups + 1
            ends[groups] = 0
            groups += 1
        member[n - low] = at
        ends[known[at, 1] - 1] += 1
    total = low
    for g in range(groups):
        total, ends[g] = total + ends[g], total
    for n in range(high - low):
        spare[n] = order[low + n]
    for n in range(high - low):
        g = known[member[n], 1] - 1
        order[ends[g]] = spare[n]
        ends[g] += 1
    for n in range(high - low):
        known[member[n], 1] = 0
    return groups


@compiled
def _judge(items: Any, asked: Any, scope: Any, days: Any, told: Any, length: Any) -> Any:
    size = len(items)
    order = _by_hop(items)
    room = _longest_run(items, order)
    width = 16
    while width < 2 * room:
        width *= 2
    known, member = np.zeros((width, 2), dtype=np.int32), np.empty(room, dtype=np.int64)
    ends, spare = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    some, totals = np.empty(room, dtype=np.int64), np.zeros(len(days), dtype=np.int64)
    out = np.empty((size, 10), dtype=np.int32)
    p, low = 0, 0
    while low < size:
        high = low + 1
        while high < size and items[order[high], 0] == items[order[low], 0]:
            high += 1
        first, begin = p, low
        for g in range(_group(items, order, low, high, known, member, ends, spare)):
            if ends[g] - begin == 1 and scope != 2:
                verdict = _alone(items, order[begin], asked)
                if verdict < 3:
                    _note(out, p, items, order[begin], verdict, begin)
            else:
                verdict = _pair(
                    begin, ends[g], order, items, asked, scope, days, told, length, some, totals, out, p
                )
            begin = ends[g]
            p += verdict < 3
        if p - first > 1:
            out[first:p] = out[first:p][np.argsort(out[first:p, 1])]
        low = high
    return out[:p], order


@compiled
def _pair(
    begin: Any,
    end: Any,
    order: Any,
    items: Any,
    asked: Any,
    scope: Any,
    days: Any,
    told: Any,
    length: Any,
    some: Any,
    totals: Any,
    out: Any,
    p: Any,
) -> Any:
    """Certainty of a pair, which becomes row p of `out`; 3 where the rule says no."""
    c = order[begin]
    hop, contact, first, last, total = items[c, 0], items[c, 1], items[c, 4], items[c, 5], np.int64(0)
    household, visits = 0, 0
    for n in range(begin, end):
        c = order[n]
        first, last, total = min(first, items[c, 4]), max(last, items[c, 5]), total + items[c, 6]
        household |= items[c, 2] == 1
        if items[c, 2] == 5:
            some[visits] = c
            visits += 1
    twice = visits > 1 and _overlap(some, visits, items)
    if _confirmed(begin, end, order, items, asked, scope, days, told, length, some, totals):
        verdict = 0
    elif _reaches(begin, end, order, items, asked, 10, 4):
        verdict = 1
    else:
        verdict = 2 if _reaches(begin, end, order, items, asked, 11, 0) else 3
    out[p, 0], out[p, 1], out[p, 2], out[p, 3], out[p, 4] = hop, contact, first, last, total
    out[p, 5], out[p, 6], out[p, 7], out[p, 8], out[p, 9] = verdict, household, twice, begin, end
    return verdict


def judge(items: Items, *about: Any) -> tuple[Judged, Any]:
    """See index_numpy."""
    rows, order = _judge(items.rows, *about)
    return Judged(rows), order
