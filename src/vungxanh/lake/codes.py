"""Ids of persons, places and households, and the dense codes that arrays call them by."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Longs

Numbers = NDArray[np.int64] | NDArray[np.int32]


class Ids:
    """Code i < len(first) is `first[i]`, ascending; what came later is `more`, in the order in which it came."""

    def __init__(self, first: Numbers, more: Longs | None = None) -> None:
        self.first = first
        self.more: Longs = np.zeros(0, dtype=np.int64) if more is None else more

    def __len__(self) -> int:
        return len(self.first) + len(self.more)

    @cached_property
    def _sorted_more(self) -> tuple[Longs, Longs]:
        order = np.argsort(self.more)
        return self.more[order], order + len(self.first)

    def codes(self, ids: Numbers) -> NDArray[np.int64]:
        """Codes of ids; -1 for one that is not known."""
        found = place_in(self.first, ids)
        if len(self.more):
            ascending, code = self._sorted_more
            at = place_in(ascending, ids)
            found = np.where(at >= 0, code[at], found)
        return found

    def of(self, codes: Numbers) -> Longs:
        """Ids of codes."""
        if not len(self.more):
            return self.first[codes].astype(np.int64)
        late = codes >= len(self.first)
        found = np.zeros(len(codes), dtype=np.int64)
        found[~late] = self.first[codes[~late]]
        found[late] = self.more[codes[late] - len(self.first)]
        return found

    def one(self, code: int) -> int:
        size = len(self.first)
        return int(self.first[code] if code < size else self.more[code - size])

    def rank(self, codes: Numbers) -> Numbers:
        """Numbers that are ordered as the ids are."""
        return self.of(codes) if len(self.more) else codes

    @property
    def ordered(self) -> bool:
        """Are codes ordered as ids are?"""
        return not len(self.more)

    def joined(self, ids: NDArray[np.int64]) -> "Ids":
        """With the ids among these that are not known yet."""
        asked = np.unique(ids).astype(np.int64)
        fresh = asked[self.codes(asked) < 0]
        return Ids(self.first, np.concatenate([self.more, fresh])) if len(fresh) else self


def place_in(ascending: Numbers, ids: Numbers) -> NDArray[np.int64]:
    """Where each id stands; -1 where it does not."""
    if not len(ascending):
        return np.full(len(ids), -1, dtype=np.int64)
    at = np.searchsorted(ascending, ids)
    at[at == len(ascending)] = 0
    return np.where(ascending[at] == ids, at, -1)
