"""Figures of lake and tracing on this machine: medians, with the machine's name.

python bench/tracing.py [--visits 10000000] [--cases 10000]
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench.visits import case_days, evidence
from vungxanh.lake.segment import Segment, load, save
from vungxanh.lake.segment_build import build
from vungxanh.rules.contact import Branch, contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

#: fifteen minutes in all at the same place: the question that every engine compared here can be asked
RULE = replace(
    contact_rule("vn.covid19.f1.11042"),
    id="bench.fifteen-minutes",
    minutes_over="window",
    branches=(Branch("t", {"all": [{"space": ["closed_narrow"]}, {"minutes": ">=15"}]}, "", "", "no"),),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`cpu`: the same in processor time, for machines that do other things meanwhile."""

    what: str
    median: float
    cpu: float
    unit: str
    wanted: str
    runs: int


class SegmentLake:
    """A lake that is a segment and nothing else."""

    state = "bench"

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def segment(self) -> Segment:
        return self._segment

    def evidence(self) -> object:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Times:
    wall: float
    cpu: float


def timed(action: Callable[[], object], runs: int) -> Times:
    """Medians of `runs`."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Times(statistics.median(walls), statistics.median(cpus))


def cases(visits: int, count: int) -> list[IndexPerson]:
    return [IndexPerson(p, start=s, end=e, onset=None, sampled=None) for p, s, e in case_days(visits, count)]


def ask(lake: SegmentLake, chosen: tuple[IndexPerson, ...]) -> TraceResult:
    return trace(TraceRequest(chosen, RULE), lake)  # type: ignore[arg-type]


def measure(visits: int, many: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        figures = [both_orders(visits, Path(directory) / "index")]
        opening = timed(lambda: load(Path(directory) / "index"), 15)
        figures.append(Figure("lake opened", opening.wall * 1e3, opening.cpu * 1e3, "ms", "≤ 50", 15))
        lake = SegmentLake(load(Path(directory) / "index"))
        figures.append(one_case(lake, cases(visits, 50)))
        figures.append(one_pass(lake, tuple(cases(visits, many))))
    return figures


def both_orders(visits: int, directory: Path) -> Figure:
    """From an Arrow table in the lake's schema to a segment in memory."""
    given = evidence(visits)
    save(build(given), directory)
    spent, rate = timed(lambda: build(given), 3), visits / 1e6
    return Figure("both orders built", rate / spent.wall, rate / spent.cpu, "million visits/s", "≥ 3", 3)


def one_case(lake: SegmentLake, people: list[IndexPerson]) -> Figure:
    """Warm: each case is asked once before it is measured."""
    found = []
    for person in people:
        ask(lake, (person,))
        found.append(timed(lambda person=person: ask(lake, (person,)), 1))  # type: ignore[misc]
    wall, cpu = statistics.median(t.wall for t in found), statistics.median(t.cpu for t in found)
    return Figure("one case, first generation, warm", wall * 1e3, cpu * 1e3, "ms", "≤ 2", len(people))


def one_pass(lake: SegmentLake, people: tuple[IndexPerson, ...]) -> Figure:
    rows = len(ask(lake, people).rows)
    spent = timed(lambda: ask(lake, people), 5)
    return Figure(f"{len(people):,} cases in one pass ({rows:,} contacts)", spent.wall, spent.cpu, "s", "≤ 1", 5)


def machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--visits", type=int, default=10_000_000)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    figures = measure(chosen.visits, chosen.cases)
    if chosen.json:
        print(json.dumps({"machine": machine(), "figures": [asdict(f) for f in figures]}, ensure_ascii=False))
        return
    print(f"{chosen.visits:,} visits · {machine()}")
    for f in figures:
        print(f"  {f.what:<52} {f.median:>9.3f} {f.unit} (cpu {f.cpu:.3f}) wanted {f.wanted}, median of {f.runs}")


if __name__ == "__main__":
    main()
