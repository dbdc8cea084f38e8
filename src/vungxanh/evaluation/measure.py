"""Who was listed, who should have been: tracing and three baselines on the same records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from vungxanh.core.minutes import local_date
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.rules.contact import Bounds
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

RULE = "vn.covid19.f1.11042"
DAY = 1440
OFFSET = 420  # minutes from UTC to the day in Viet Nam
METHODS = ("tracing", "confirmed only", "same place that day", "everybody", "any sighting")


@dataclass(frozen=True, slots=True)
class Known:
    """A case as it became known, and whom it had truly infected by then (with their own onsets, minutes)."""

    person: int
    onset: int
    traced_at: int
    infected: dict[int, int]


@dataclass
class Tally:
    """Sums over cases: people truly infected, found among them, people listed, days gained on those found."""

    infected: int = 0
    found: int = 0
    listed: int = 0
    days: list[float] = field(default_factory=list)

    def add(self, case: Known, listed: set[int]) -> None:
        hit = listed & case.infected.keys()
        self.infected += len(case.infected)
        self.found += len(hit)
        self.listed += len(listed)
        self.days += [max(0.0, (case.infected[p] - case.traced_at) / DAY) for p in hit]

    @property
    def recall(self) -> float | None:
        return self.found / self.infected if self.infected else None

    @property
    def listed_per_found(self) -> float | None:
        return self.listed / self.found if self.found else None

    @property
    def days_gained(self) -> float | None:
        """Mean over those found: from the trace to the onset they would have had anyway."""
        return sum(self.days) / len(self.days) if self.days else None


#: who counts as "everybody" for a case
Everybody = Callable[[int], set[int]]


def measure(
    evidence: Evidence, cases: Iterable[Known], everybody: Everybody, generations: int
) -> dict[str, Tally]:
    """A tally for each method."""
    lake, seen = MemoryLake(evidence), Seen(evidence)
    tallies = {method: Tally() for method in METHODS}
    for case in cases:
        for method, listed in lists(lake, seen, case, everybody, generations).items():
            tallies[method].add(case, listed - {case.person})
    return tallies


def lists(
    lake: MemoryLake, seen: "Seen", case: Known, everybody: Everybody, generations: int
) -> dict[str, set[int]]:
    onset: date = local_date(case.onset)
    person = IndexPerson(case.person, onset=onset, end=case.traced_at)
    found = trace(TraceRequest((person,), RULE, generations, bounds=Bounds()), lake)
    start, end = found.window.start, found.window.end
    return {
        "tracing": {row.contact for row in found.rows},
        "confirmed only": {row.contact for row in found.rows if row.certainty == 0},
        "same place that day": seen.same_place(case.person, start, end),
        "everybody": everybody(case.person),
        "any sighting": seen.sighted(case.person, start, end),
    }


class Seen:
    """The rows that the baselines look at, as arrays."""

    def __init__(self, evidence: Evidence) -> None:
        names = ("person", "place", "start", "end")
        self.person, self.place, self.start, self.end = (evidence.visits.column(n).to_numpy() for n in names)
        self.day = (self.start + OFFSET) // DAY
        self.met = [evidence.encounters.column(n).to_numpy() for n in ("a", "b", "start", "end")]

    def same_place(self, person: int, start: int, end: int) -> set[int]:
        """Everybody at a place on a local day on which the case was there."""
        own = (self.person == person) & (self.end > start) & (self.start < end)
        keys = (self.place.astype(np.int64) << 32) | self.day
        return set(self.person[np.isin(keys, keys[own])].tolist())

    def sighted(self, person: int, start: int, end: int) -> set[int]:
        """Everybody whose phone ever heard the case's in the window."""
        a, b, begin, finish = self.met
        near = ((a == person) | (b == person)) & (finish > start) & (begin < end)
        return set(np.where(a == person, b, a)[near].tolist())
