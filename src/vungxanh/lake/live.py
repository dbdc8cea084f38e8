"""The live tail of a lake, kept in this process: only what came since the last question is read and sorted again.

Closed rows never change, so they are collected; once there are many they become a layer that stays. What is open,
and what closed a moment ago, is a small layer made for each question that finds something new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.compute as pc

from vungxanh.lake import sources
from vungxanh.lake.evidence import Evidence, Mark, mark_of
from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Segment
from vungxanh.lake.segment_build import build
from vungxanh.lake.segment_extend import Raw, extended

#: closed rows that are collected before they become a layer that stays
MANY = 4096


@dataclass(frozen=True)
class Tail:
    """What the registered sources held beyond the watermarks of a lake when they were asked."""

    settled: Evidence
    recent: Evidence
    settled_mark: Mark
    keeper: "TailKeeper"

    @property
    def num_rows(self) -> int:
        return self.settled.num_rows + self.recent.num_rows

    @cached_property
    def fingerprint(self) -> str:
        """A name for exactly these rows, however they are split."""
        return self.settled_mark.plus(mark_of(self.recent)).text

    @cached_property
    def evidence(self) -> Evidence:
        return self.settled.joined(self.recent)

    def segment(self, base: Segment, raw: Raw, whole: Callable[[], Evidence]) -> Segment:
        """`base` with the tail on top; built from the `whole` where the tail changes what cannot be changed."""
        found = self.keeper.below(self, base, raw)
        if found is not None and self.recent.num_rows:
            found = extended(found, self.recent, self.with_settled(raw))
        return build(whole()) if found is None else found

    def with_settled(self, raw: Raw) -> Raw:
        """Visits of the lake and those settled above it."""

        def visits(persons: Longs) -> pa.Table:
            mine = self.settled.visits
            return pa.concat_tables(
                [raw(persons), mine.filter(pc.is_in(mine.column("person"), pa.array(persons)))]
            )

        return visits


class TailKeeper:
    """Remembers what was read of the sources of one lake since its last export."""

    def __init__(self, watermarks: dict[str, int]) -> None:
        self.watermarks, self.asked = dict(watermarks), dict(watermarks)
        self.sources = sources.registered()
        self.settled = self.closed = Evidence.empty()
        self.mark = Mark()
        self._below: tuple[Evidence, Segment, Segment | None] | None = None
        self._last: tuple[str, Segment, Segment] | None = None

    def read(self, now: int) -> Tail:
        """Ask the sources for what is new."""
        fresh = [batch.evidence for source in self.sources for batch in self.closed_by(source)]
        if fresh:
            self.closed = self.closed.joined(*fresh)
        if self.closed.num_rows > MANY:
            self.settled, self.closed = self.settled.joined(self.closed), Evidence.empty()
            self.mark = mark_of(self.settled)
        still_open = [found for source in self.sources if (found := source.tail(now)).num_rows]
        return Tail(self.settled, self.closed.joined(*still_open), self.mark, self)

    def closed_by(self, source: sources.EvidenceSource) -> list[sources.Batch]:
        found = list(source.closed_since(self.asked.get(source.name, 0)))
        if found:
            self.asked[source.name] = found[-1].watermark
        return found

    def below(self, tail: Tail, base: Segment, raw: Raw) -> Segment | None:
        """The layer that stays, on top of `base`."""
        if not tail.settled.num_rows:
            return base
        if self._below is None or self._below[0] is not tail.settled or self._below[1] is not base:
            self._below = (tail.settled, base, extended(base, tail.settled, raw))
        return self._below[2]

    def segment(self, tail: Tail, base: Segment, raw: Raw, whole: Callable[[], Evidence]) -> Segment:
        """That of the last question, where nothing came since."""
        name = tail.fingerprint
        if self._last is None or self._last[0] != name or self._last[1] is not base:
            self._last = (name, base, tail.segment(base, raw, whole))
        return self._last[2]


_keepers: dict[Path, TailKeeper] = {}
_lock = Lock()


def tail_of(directory: Path, watermarks: dict[str, int], now: int) -> Tail:
    """The tail of a lake as it is now. An export, or other sources than before, begins a new one."""
    with _lock:
        keeper = _keepers.get(directory)
        if keeper is None or keeper.watermarks != watermarks or keeper.sources != sources.registered():
            keeper = _keepers[directory] = TailKeeper(watermarks)
        return keeper.read(now)
