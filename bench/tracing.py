"""Figures of lake and tracing on this machine: medians, each peer asked the same question of the same visits.

python -m bench.tracing [--visits 10000000] [--cases 10000] [--peers PostgreSQL,SQLite,DuckDB,Polars,PySpark]
    [--slow 10000000] [--out var/bench]

`--slow`: SQLite is loaded by single statements, so it gets at most so many visits; its times hardly grow.
Every answer is compared with ours: pairs and minutes must be the same.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import machine
from bench.tracing_peers import PEERS, Answer, Case, Columns, loaded
from bench.tracing_tail import export_rate, tail_cost
from bench.visits import case_days, evidence
from vungxanh.lake.segment import Segment, load, save
from vungxanh.lake.segment_build import build
from vungxanh.rules.contact import Bounds, Branch, contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

#: fifteen minutes in all at the same place: the question that every engine compared here can be asked
RULE = replace(
    contact_rule("vn.covid19.f1.11042"),
    id="bench.fifteen-minutes",
    minutes_over="window",
    branches=(Branch("t", {"all": [{"space": ["closed_narrow"]}, {"minutes": ">=15"}]}, "", "", "no"),),
)
SINGLE = {"PostgreSQL": 40, "SQLite": 100, "DuckDB": 20, "Polars": 5, "PySpark": 3}
MIDDLE = 1000


@dataclass
class Figures:
    """What was measured: name -> (value, unit, how many runs)."""

    visits: int
    machine: str
    rows: dict[str, tuple[float, str, int]] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str, runs: int) -> None:
        self.rows[name] = (value, unit, runs)
        print(f"  {name:<62} {value:>11.4g} {unit} (median of {runs})", flush=True)


class SegmentLake:
    """A lake that is a segment and nothing else."""

    state = "bench"

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def segment(self) -> Segment:
        return self._segment

    def evidence(self) -> Any:
        raise NotImplementedError


def ask(lake: SegmentLake, cases: list[Case], generations: int = 1) -> TraceResult:
    people = tuple(IndexPerson(p, start=s, end=e) for p, s, e in cases)
    return trace(TraceRequest(people, RULE, generations, bounds=Bounds()), lake)


def answer(found: TraceResult) -> Answer:
    """(pairs, minutes) of an index answer, from its columns."""
    seconds: Any = found.rows
    return len(found.rows), int(seconds.column("seconds").sum() // 60)


def seconds_of(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def median_of(actions: list[Callable[[], object]]) -> float:
    return statistics.median(seconds_of(action) for action in actions)


def evict(folder: Path) -> None:
    """Drop the page cache of our own files."""
    for file in folder.glob("*.npy"):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def ours(figures: Figures, folder: Path, cases: list[Case], many: int) -> None:
    """The index engine: warm, cold, generations, one pass."""
    lake = SegmentLake(load(folder))
    for case in cases[:200]:
        ask(lake, [case])
    figures.add("index: one case, warm p50", 1e3 * median_of([one(lake, c) for c in cases[:200]]), "ms", 200)
    cold = []
    for case in cases[200:215]:
        lake = None  # type: ignore[assignment]  # the old mapping holds pages
        evict(folder)
        fresh = SegmentLake(load(folder))
        cold.append(seconds_of(one(fresh, case)))
        del fresh
    figures.add("index: one case, cold p50", 1e3 * statistics.median(cold), "ms", len(cold))
    lake = SegmentLake(load(folder))
    generations(figures, lake, cases)
    for count in (MIDDLE, many):
        ask(lake, cases[:count])
        spent = median_of([lambda n=count: ask(lake, cases[:n])] * 7)  # type: ignore[misc]
        figures.add(f"index: {count:,} cases in one pass", spent, "s", 7)


def one(lake: SegmentLake, case: Case) -> Callable[[], object]:
    return lambda: len(ask(lake, [case]).rows)


def generations(figures: Figures, lake: SegmentLake, cases: list[Case]) -> None:
    """Counted; then all rows of one answer made."""
    ask(lake, cases[:1], 3)
    chosen = cases[:15]
    spent = median_of([lambda c=c: len(ask(lake, [c], 3).rows) for c in chosen])  # type: ignore[misc]
    sizes = [len(ask(lake, [c], 3).rows) for c in chosen]
    figures.add(
        f"index: generations 1-3 of one case (median {statistics.median(sizes):,.0f} people)",
        1e3 * spent,
        "ms",
        15,
    )
    found = ask(lake, cases[:1], 3).rows
    if len(found) <= 2_000_000:
        spent = seconds_of(lambda: sum(1 for _ in found))
        figures.add("index: rows with evidence made of such an answer", len(found) / spent, "rows/s", 1)


def peers(
    figures: Figures, columns: Columns, cases: list[Case], options: argparse.Namespace, folder: Path
) -> None:
    """Each peer on the same visits; SQLite on at most `--slow` of them."""
    wanted = [name for name in options.peers.split(",") if name]
    for name in wanted:
        small = name == "SQLite" and options.slow < options.visits
        figured = cut(options.slow) if small else columns
        asked = list(case_days(options.slow, options.cases)) if small else cases
        mark = f"{name} ({options.slow:,} visits)" if small else name
        with loaded(name, figured, folder / "peers") as (question, spent, size):
            figures.add(f"{mark}: loaded, {size:.1f} GB", spent, "s", 1)
            if not small:
                compare(name, question, cases, folder)
            singles = asked[: SINGLE[name]]
            question([singles[0]])
            figures.add(
                f"{mark}: one case",
                1e3 * median_of([lambda c=c, q=question: q([c]) for c in singles]),
                "ms",
                len(singles),
            )  # type: ignore[misc]
            for count in (MIDDLE, options.cases):
                runs = 1 if name in ("PySpark", "SQLite") else 3
                spent = median_of([lambda n=count, a=asked, q=question: q(a[:n])] * runs)  # type: ignore[misc]
                figures.add(f"{mark}: {count:,} cases in one pass", spent, "s", runs)


def compare(name: str, question: Any, cases: list[Case], folder: Path) -> None:
    lake = SegmentLake(load(folder / "index"))
    for asked in (cases[:1], cases[:MIDDLE]):
        wanted, found = answer(ask(lake, asked)), question(asked)
        if wanted != found:
            raise SystemExit(f"{name} answers {found}, the index {wanted}")


def cut(visits: int) -> Columns:
    return columns_of(evidence(visits))


def columns_of(given: Any) -> Columns:
    names = {"person": "person", "place": "place", "s": "start", "e": "end"}
    return {short: given.visits.column(name).to_numpy().astype(np.int32) for short, name in names.items()}


def measure(options: argparse.Namespace, folder: Path) -> Figures:
    figures = Figures(options.visits, machine())
    print(f"{options.visits:,} visits · {figures.machine}", flush=True)
    given: Any = evidence(options.visits)
    columns = columns_of(given)
    spent = seconds_of(lambda: save(build(given), folder / "index"))
    figures.add("index: built and written, both orders", options.visits / spent / 1e6, "million visits/s", 1)
    figures.add("index: opened", 1e3 * median_of([lambda: load(folder / "index")] * 9), "ms", 9)
    given = None
    cases = list(case_days(options.visits, max(options.cases, 1000)))
    ours(figures, folder / "index", cases, options.cases)
    for name, value, unit, runs in tail_cost(load(folder / "index"), options.visits, cases, RULE):
        figures.add(name, value, unit, runs)
    figures.add("incremental export", export_rate(folder), "visits/s", 1)
    peers(figures, columns, cases, options, folder)
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--visits", type=int, default=10_000_000)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument("--slow", type=int, default=10_000_000)
    options.add_argument("--out", type=Path, default=Path("var/bench"))
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("VUNGXANH_BENCH")))
    try:
        figures = measure(chosen, folder)
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / f"tracing-{chosen.visits}.json").write_text(json.dumps(asdict(figures), indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
