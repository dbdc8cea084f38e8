"""Presence of one person at one place as disjoint pieces: the reference's way.

Recorded rows that overlap are one run; so are assumed rows; an assumed run keeps what no record covers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vungxanh.lake.rows import Flag, Roster, Visit


@dataclass(frozen=True, slots=True)
class Piece:
    """Presence `[start, end)`. `row`: the earliest of its run; `mask`: what all rows of the run say, else None."""

    start: int
    end: int
    assumed: bool
    row: int
    mask: bool | None


UNSURE = Flag.ASSUMED_END | Flag.SCHEDULED


def pieces(rows: Sequence[Visit | Roster]) -> list[Piece]:
    """Disjoint pieces of one person at one place (or group), by start."""
    absent = {m for row in rows if row.flags & Flag.ABSENT for m in range(row.start, row.end)}
    present = [row for row in rows if not row.flags & Flag.ABSENT]
    sure = runs([row for row in present if not row.flags & UNSURE], assumed=False)
    covered = {m for piece in sure for m in range(piece.start, piece.end)} | absent
    found = list(sure)
    for run in runs([row for row in present if row.flags & UNSURE], assumed=True):
        left = [m for m in range(run.start, run.end) if m not in covered]
        found += [Piece(s, e, True, run.row, run.mask) for s, e in stretches(left)]
    return sorted(found, key=lambda piece: piece.start)


def runs(rows: Iterable[Visit | Roster], *, assumed: bool) -> list[Piece]:
    """Rows that overlap become one piece; rows that only touch stay two."""
    found: list[Piece] = []
    for row in sorted(rows, key=lambda r: (r.start, r.row)):
        last = found[-1] if found else None
        if last and row.start < last.end:
            mask = last.mask if last.mask is row.mask else None
            found[-1] = Piece(last.start, max(last.end, row.end), assumed, last.row, mask)
        else:
            found.append(Piece(row.start, row.end, assumed, row.row, row.mask))
    return found


def stretches(minutes: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending minutes -> maximal intervals."""
    found: list[tuple[int, int]] = []
    for minute in minutes:
        if found and found[-1][1] == minute:
            found[-1] = (found[-1][0], minute + 1)
        else:
            found.append((minute, minute + 1))
    return found
