"""Who was listed, who should have been: tracing and three baselines on the same records."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from vungxanh.core.minutes import local_date
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.rules.contact import Bounds
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

RULE = "vn.covid19.f1.11042"
DAY = 1440
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


def measure(evidence: Evidence, cases: Iterable[Known], everybody: set[int], generations: int) -> dict[str, Tally]:
    """A tally for each method."""
    lake = MemoryLake(evidence)
    tallies = {method: Tally() for method in METHODS}
    for case in cases:
        for method, listed in lists(lake, case, everybody, generations).items():
            tallies[method].add(case, listed - {case.person})
    return tallies


def lists(lake: MemoryLake, case: Known, everybody: set[int], generations: int) -> dict[str, set[int]]:
    onset: date = local_date(case.onset)
    person = IndexPerson(case.person, onset=onset, end=case.traced_at)
    found = trace(TraceRequest((person,), RULE, generations, bounds=Bounds()), lake)
    window = found.window
    return {
        "tracing": {row.contact for row in found.rows},
        "confirmed only": {row.contact for row in found.rows if row.certainty == 0},
        "same place that day": same_place(lake.evidence(), case.person, window.start, window.end),
        "everybody": set(everybody),
        "any sighting": sighted(lake.evidence(), case.person, window.start, window.end),
    }


def same_place(evidence: Evidence, person: int, start: int, end: int) -> set[int]:
    """Everybody at a place on a local day on which the case was there."""
    table = evidence.visits.select(["person", "place", "start", "end"]).to_pylist()
    there = {
        (v["place"], local_date(v["start"]))
        for v in table
        if v["person"] == person and v["end"] > start and v["start"] < end
    }
    return {v["person"] for v in table if (v["place"], local_date(v["start"])) in there}


def sighted(evidence: Evidence, person: int, start: int, end: int) -> set[int]:
    """Everybody whose phone ever heard the case's in the window."""
    rows = evidence.encounters.select(["a", "b", "start", "end"]).to_pylist()
    return {
        e["b"] if e["a"] == person else e["a"]
        for e in rows
        if person in (e["a"], e["b"]) and e["end"] > start and e["start"] < end
    }
