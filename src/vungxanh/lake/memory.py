"""What a lake is to its readers, and the lake that lives in memory only."""

from functools import cached_property
from typing import Protocol

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.segment import Segment
from vungxanh.lake.segment_build import build


class Lake(Protocol):
    """Anything that can be traced in."""

    def evidence(self) -> Evidence:
        """Every row, the live tail included."""

    def segment(self) -> Segment:
        """The same rows as index arrays."""

    @property
    def state(self) -> str:
        """A name for exactly these rows: two lakes of one state give one answer."""


class MemoryLake:
    """A lake of rows in hand: tests, drills, what-if questions."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def evidence(self) -> Evidence:
        return self._evidence

    @cached_property
    def _segment(self) -> Segment:
        return build(self._evidence)

    def segment(self) -> Segment:
        return self._segment

    @property
    def state(self) -> str:
        return f"memory:{self._evidence.fingerprint}"
