"""Distinct heard identifiers, arranged for look-up: a bitmap of their first bits, then a sorted prefix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.exposure.codec.keys import KEY_BYTES
from vungxanh.exposure.matching.sightings import SightingTable

#: 4 MB of flags stay in the cache and let 1 in 40 strangers through where 100,000 identifiers were heard
BITMAP_BITS = 22


@dataclass(frozen=True, slots=True)
class Heard:
    """`rpis`: (n, 16) bytes in the order of `prefixes`, their first 8 bytes as numbers.

    Equal identifiers are one row; should two different ones share a prefix, either may stand twice, which
    costs a comparison and changes nothing.

    The sightings of `rpis[i]` are the rows `order[starts[i]:starts[i + 1]]`.
    """

    rpis: NDArray[np.uint8]
    prefixes: NDArray[np.uint64]
    flags: NDArray[np.bool_]
    order: NDArray[np.int64]
    starts: NDArray[np.int64]


def prefix(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """First 8 of 16 bytes as a number, lowest byte first: any order will do, and this one costs nothing."""
    found: NDArray[np.uint64] = rows.view("<u8").reshape(-1, 2)[:, 0]
    return found


def slots(prefixes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Place of each prefix in the bitmap; as signed numbers, by which NumPy indexes five times as quickly."""
    return (prefixes >> np.uint64(64 - BITMAP_BITS)).view(np.int64)


def heard_of(sightings: SightingTable) -> Heard:
    """Index of what was heard."""
    rows = np.ascontiguousarray(sightings["rpi"]).reshape(-1, KEY_BYTES)
    order = np.argsort(prefix(rows)).astype(np.int64)
    ordered = rows[order]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    starts = np.append(np.flatnonzero(new), len(rows)).astype(np.int64)
    rpis = np.ascontiguousarray(ordered[new])
    prefixes = np.ascontiguousarray(prefix(rpis))
    flags = np.zeros(1 << BITMAP_BITS, np.bool_)
    flags[slots(prefixes)] = True
    return Heard(rpis, prefixes, flags, order, starts)


def find(heard: Heard, candidates: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows of `candidates`, rows of `heard.rpis`) that agree in all 16 bytes."""
    prefixes = prefix(candidates)
    maybe = np.flatnonzero(heard.flags[slots(prefixes)])
    wanted = prefixes[maybe]
    low = np.searchsorted(heard.prefixes, wanted)
    hit = heard.prefixes[np.minimum(low, len(heard.prefixes) - 1)] == wanted
    maybe, low, wanted = maybe[hit], low[hit], wanted[hit]
    left, right = _pairs(maybe, low, np.searchsorted(heard.prefixes, wanted, "right"))
    same = (candidates[left] == heard.rpis[right]).all(axis=1)
    return left[same], right[same]


def _pairs(
    rows: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each row with every number of its range low … high-1."""
    counts = high - low
    left = np.repeat(rows, counts)
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return left, np.repeat(low, counts) + within


def sightings_of(heard: Heard, found: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(positions in `found`, sighting rows) of every sighting of each found identifier."""
    at, places = _pairs(np.arange(len(found)), heard.starts[found], heard.starts[found + 1])
    return at, heard.order[places]
