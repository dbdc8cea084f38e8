"""Which published key was heard when.

An identifier counts where it was heard at most two hours from the ten minutes it belongs to: a replay of
yesterday's identifier is no meeting. Source: Exposure Notification cryptography v1.2, matching.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.exposure.codec.gaen import CLOCK_TOLERANCE
from vungxanh.exposure.codec.keys import INTERVAL_SECONDS, KeyTable
from vungxanh.exposure.matching import fast
from vungxanh.exposure.matching.expand import expand
from vungxanh.exposure.matching.heard import Heard, find, heard_of, sightings_of
from vungxanh.exposure.matching.sightings import SightingTable

#: keys expanded at once: 2.3 MB of identifiers stay in the cache
CHUNK = 1_000
#: below, the compiled loop takes longer to be made than NumPy takes for the work
WORTH_COMPILING = 100_000
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Row i: the key `key[i]` sent identifier `interval[i]`, heard in sighting `sighting[i]`."""

    key: Rows
    interval: Rows
    sighting: Rows

    def __len__(self) -> int:
        return len(self.key)


def match(
    keys: KeyTable, sightings: SightingTable, *, tolerance: int = CLOCK_TOLERANCE, engine: str | None = None
) -> Matches:
    """Every sighting of every key, in the order of keys and then of intervals.

    `tolerance`: intervals of ten minutes. `engine`: "numpy", "fast", or None for the quicker one: the compiled
    loop, where it is installed and there are enough keys to be worth compiling it.
    """
    heard = heard_of(sightings)
    if not len(keys) or not len(sightings):
        none = np.empty(0, np.int64)
        return Matches(none, none, none)
    quick = engine == "fast" or (engine is None and len(keys) >= WORTH_COMPILING and fast.available())
    key, interval, found = fast.candidates(keys, heard) if quick else candidates(keys, heard)
    at, rows = sightings_of(heard, found)
    key, interval = key[at], interval[at]
    when = sightings["at"][rows] // INTERVAL_SECONDS
    kept = np.abs(when - interval) <= tolerance
    return Matches(key[kept], interval[kept], rows[kept])


def candidates(keys: KeyTable, heard: Heard) -> tuple[Rows, Rows, Rows]:
    """(key row, interval, row of `heard.rpis`) of every identifier that was heard, whenever that was."""
    parts = []
    for first in range(0, len(keys), CHUNK):
        chunk = keys[first : first + CHUNK]
        ids, offsets = expand(chunk)
        at, found = find(heard, ids)
        owner = np.searchsorted(offsets, at, "right") - 1
        parts.append((owner + first, chunk["start"][owner] + (at - offsets[owner]), found))
    key, interval, found = (np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True))
    return key, interval, found
