"""Where rows that are not exported yet come from: each room registers one source in its AppConfig.

The live tail of a lake is, for every source, `closed_since(what the lake has)` and `tail(now)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from vungxanh.lake.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that will not change any more, and the watermark to ask with next time."""

    watermark: int
    evidence: Evidence


class EvidenceSource(Protocol):
    """A room as the lake sees it."""

    @property
    def name(self) -> str:
        """Stable name; the lake keeps one watermark under it."""

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """Rows accepted after `watermark` (0 is the beginning) that are closed, oldest first, in batches.

        A row appears once: a watermark never passes over a row that may still be committed below it.
        """

    def tail(self, now: int) -> Evidence:
        """Rows that are still open at minute `now`: visits without a check-out get their assumed end here
        (the least of start + the usual minutes of the kind, closing time, the person's next start)
        and the flag ASSUMED_END."""


_registry: dict[str, EvidenceSource] = {}


def register(source: EvidenceSource) -> None:
    """Called by a room's AppConfig; the same name again replaces."""
    _registry[source.name] = source


def unregister(name: str) -> None:
    _registry.pop(name, None)


def registered() -> tuple[EvidenceSource, ...]:
    """All sources, by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def assumed_end(
    start: int, *, usual_minutes: int, closing: int | None = None, next_start: int | None = None
) -> int:
    """End of a visit that nobody closed: the least of the three, at least one minute after its start."""
    ends = [start + usual_minutes, *(e for e in (closing, next_start) if e is not None and e > start)]
    return max(start + 1, min(ends))
