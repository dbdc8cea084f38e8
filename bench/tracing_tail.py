"""What a live tail costs a trace, and how fast rows are exported."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.visits import ZERO, as_table
from vungxanh.lake import sources
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.export import export
from vungxanh.lake.live import TailKeeper
from vungxanh.lake.schema import SCHEMAS
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import Bounds, ContactRule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

TAIL, RUNS = 100_000, 30
ROWS, BATCH = 3_000_000, 50_000


def drawn(people: int, venues: int, size: int, first_row: int, seed: int = 3) -> pa.Table:
    """Visits of anybody anywhere on the last day."""
    rng = np.random.default_rng((seed, first_row))
    start = (ZERO + 13 * 1440 + rng.integers(0, 1200, size)).astype(np.int32)
    person, place = rng.integers(1, people + 1, size), rng.integers(1, venues + 1, size).astype(np.int32)
    return as_table(person, place, start, start + 45, first_row)


class Gate:
    """A room whose visits come in, hundred thousand first, then one at a time."""

    name = "gate"

    def __init__(self, visits: int) -> None:
        self.people, self.venues, self.given = visits // 20, visits // 200, 0

    def more(self, size: int) -> None:
        self.given += size

    def closed_since(self, watermark: int) -> Iterator[sources.Batch]:
        if watermark < self.given:
            rows = drawn(self.people, self.venues, self.given - watermark, 2**40 + watermark)
            yield sources.Batch(self.given, Evidence.empty().with_tables(visits=rows))

    def tail(self, now: int) -> Evidence:
        return Evidence.empty()


class Held:
    """A lake that is a segment."""

    state = "bench"

    def __init__(self, made: Segment) -> None:
        self.made = made

    def segment(self) -> Segment:
        return self.made

    def evidence(self) -> Any:
        raise NotImplementedError


def nobody(_: Any) -> pa.Table:
    return SCHEMAS["visits"].empty_table()


def tail_cost(
    base: Segment, visits: int, cases: list[tuple[int, int, int]], rule: ContactRule
) -> Iterator[tuple[str, float, str, int]]:
    """One more visit has come each time; without the tail, and with a tail of hundred thousand."""
    gate = Gate(visits)
    sources.register(gate)
    keeper = TailKeeper({})
    gate.more(TAIL)
    begin = time.perf_counter()
    asked(keeper, base, cases[0], rule)
    yield f"live tail of {TAIL:,} visits read and laid on top, once", 1e3 * (time.perf_counter() - begin), "ms", 1
    with_tail, alone = [], []
    for case in cases[:RUNS]:
        gate.more(1)
        begin = time.perf_counter()
        asked(keeper, base, case, rule)
        middle = time.perf_counter()
        ask(Held(base), case, rule)
        with_tail.append(middle - begin)
        alone.append(time.perf_counter() - middle)
    added = statistics.median(with_tail) - statistics.median(alone)
    yield f"live tail of {TAIL:,} visits, one more each time: added to a trace", 1e3 * added, "ms", RUNS
    sources.unregister(gate.name)


def asked(keeper: TailKeeper, base: Segment, case: tuple[int, int, int], rule: ContactRule) -> int:
    tail = keeper.read(0)
    return ask(Held(keeper.segment(tail, base, nobody, Evidence.empty)), case, rule)


def ask(lake: Held, case: tuple[int, int, int], rule: ContactRule) -> int:
    person, start, end = case
    request = TraceRequest((IndexPerson(person, start=start, end=end),), rule, bounds=Bounds())
    return len(trace(request, lake).rows)


class Closed:
    """A room with visits of three days to hand over, in batches."""

    name = "closed"

    def closed_since(self, watermark: int) -> Iterator[sources.Batch]:
        for first in range(watermark, ROWS, BATCH):
            rows = drawn(500_000, 50_000, BATCH, first + 1)
            yield sources.Batch(first + BATCH, Evidence.empty().with_tables(visits=rows))

    def tail(self, now: int) -> Evidence:
        return Evidence.empty()


def export_rate(folder: Path) -> float:
    """Visits a second from batches of Arrow rows into both orders of a lake that holds a million, made durable;
    without the time in which the rows were drawn, and without the index segment."""
    lake, source = folder / "lake", Closed()
    begin = time.perf_counter()
    for _ in source.closed_since(0):
        pass
    drawing = time.perf_counter() - begin
    sources.register(source)
    begin = time.perf_counter()
    (done,) = export(lake, index=False)
    spent = time.perf_counter() - begin - drawing
    sources.unregister(source.name)
    return done.new / spent
