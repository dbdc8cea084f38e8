"""Presence of a person at a place as disjoint pieces, for millions of rows.

Recorded rows that overlap are one piece with the row id of the earliest; so are assumed ones, which keep only what
no record covers; rows of absence take assumed presence away. Almost all rows need none of it: only groups
(person, place) with an overlap or an absence are worked through one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.rows import Flag

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bits = NDArray[np.int8]

UNSURE = int(Flag.ASSUMED_END | Flag.SCHEDULED)
ASSUMED, MASK_SHIFT = 1, 1  # bits: 1 assumed; then mask: 0 unknown, 1 no, 2 yes


@dataclass(frozen=True, slots=True)
class Pieces:
    """Columns of equal length, ordered by (person, place, start)."""

    person: Ints
    place: Ints
    start: Ints
    end: Ints
    bits: Bits
    row: Longs


def bits_of(flags: NDArray[np.int16], mask: Bits) -> Bits:
    """`mask`: -1 unknown, 0 no, 1 yes."""
    found: Bits = (((flags & UNSURE) != 0).astype(np.int8) * ASSUMED) | ((mask + 1) << MASK_SHIFT).astype(np.int8)
    return found


def disjoint(rows: Pieces, absent: NDArray[np.bool_] | None = None) -> Pieces:
    """Rows ordered by (person, place, start) -> disjoint pieces in the same order."""
    n = len(rows.person)
    if not n:
        return rows
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = (rows.person[1:] != rows.person[:-1]) | (rows.place[1:] != rows.place[:-1])
    if absent is None and not (~fresh[1:] & (rows.start[1:] < rows.end[:-1])).any():
        return rows  # no neighbours overlap, so nothing does
    number = np.cumsum(fresh) - 1
    reach = np.maximum.accumulate((number << 32) + rows.end)
    clash = np.zeros(n, dtype=bool)
    clash[1:] = ~fresh[1:] & ((number[1:] << 32) + rows.start[1:] < reach[:-1])
    if absent is not None:
        clash |= absent
    if not clash.any():
        return rows
    odd = np.isin(number, np.unique(number[clash]))
    return spliced(rows, odd, worked_through(rows, np.flatnonzero(odd), absent))


def spliced(rows: Pieces, odd: NDArray[np.bool_], repaired: Pieces) -> Pieces:
    """The sound rows and the repaired pieces, in order."""
    kept = ~odd
    joined = [
        np.concatenate([getattr(rows, name)[kept], getattr(repaired, name)])
        for name in Pieces.__dataclass_fields__
    ]
    order = np.lexsort((joined[2], joined[1], joined[0]))
    return Pieces(*(column[order] for column in joined))


def worked_through(rows: Pieces, which: Longs, absent: NDArray[np.bool_] | None) -> Pieces:
    """Pieces of the groups that `which` (ascending) lists."""
    found: list[tuple[int, int, int, int, int, int]] = []
    start = 0
    for stop in range(1, len(which) + 1):
        first = which[start]
        if stop == len(which) or (rows.person[which[stop]], rows.place[which[stop]]) != (
            rows.person[first],
            rows.place[first],
        ):
            members = which[start:stop]
            spans = [
                Span(int(rows.start[i]), int(rows.end[i]), int(rows.bits[i]), int(rows.row[i]))
                for i in members
                if absent is None or not absent[i]
            ]
            gone = [(int(rows.start[i]), int(rows.end[i])) for i in members if absent is not None and absent[i]]
            for span in resolve(spans, gone):
                found.append((int(rows.person[first]), int(rows.place[first]), *span.values()))
            start = stop
    columns = list(zip(*found, strict=True)) if found else [()] * 6
    types = (np.int32, np.int32, np.int32, np.int32, np.int8, np.int64)
    return Pieces(*(np.array(c, dtype=t) for c, t in zip(columns, types, strict=True)))


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    bits: int
    row: int

    def values(self) -> tuple[int, int, int, int]:
        return (self.start, self.end, self.bits, self.row)


def resolve(spans: list[Span], gone: list[tuple[int, int]]) -> list[Span]:
    """Disjoint spans of one person at one place, by start."""
    sure = merged(s for s in spans if not s.bits & ASSUMED)
    covered = [(s.start, s.end) for s in sure] + gone
    found = list(sure)
    for span in merged(s for s in spans if s.bits & ASSUMED):
        found += [Span(s, e, span.bits, span.row) for s, e in without((span.start, span.end), covered)]
    return sorted(found, key=lambda s: s.start)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans become one; a mask on which they differ is unknown."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.row)):
        last = found[-1] if found else None
        if last and span.start < last.end:
            bits = last.bits if last.bits == span.bits else last.bits & ASSUMED
            found[-1] = Span(last.start, max(last.end, span.end), bits, last.row)
        else:
            found.append(span)
    return found


def without(span: tuple[int, int], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of a span lies in no hole; parts that touch are one."""
    left = []
    at, end = span
    for hole_start, hole_end in sorted(holes):
        if hole_end <= at or hole_start >= end:
            continue
        if hole_start > at:
            left.append((at, hole_start))
        at = max(at, hole_end)
    return [*left, (at, end)] if at < end else left
