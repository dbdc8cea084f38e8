"""A lake read as a kept segment with what came later on top answers as one built from all of it."""

import os
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.generative.test_engines_equal import assert_equal
from tests.generative.worlds import requests, worlds
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Segment
from vungxanh.lake.segment_build import build
from vungxanh.lake.segment_extend import Raw, extended
from vungxanh.tracing import trace
from vungxanh.tracing.model import TraceRequest

PARTS = st.lists(st.integers(0, 2), min_size=1, max_size=7)
WORLDS = 3000 if os.environ.get("VUNGXANH_LONG") else 100


@dataclass
class Layered:
    """A lake in three pieces."""

    whole: Evidence
    made: Segment
    state: str

    def evidence(self) -> Evidence:
        return self.whole

    def segment(self) -> Segment:
        return self.made


def visits_of(evidence: Evidence) -> Raw:
    def raw(persons: Longs) -> pa.Table:
        table = evidence.visits
        return table.filter(pc.is_in(table.column("person"), pa.array(persons, type=pa.int64())))

    return raw


def split(evidence: Evidence, parts: list[int]) -> list[Evidence]:
    """Row i of every kind goes to the piece that `parts` names; the same row may come again later."""

    def piece(number: int) -> Evidence:
        tables = {}
        for kind, table in evidence.tables():
            chosen = [parts[(i + len(kind)) % len(parts)] == number for i in range(table.num_rows)]
            tables[kind] = table.filter(pa.array(chosen, type=pa.bool_()))
        return Evidence(**tables)

    return [piece(number) for number in range(3)]


def layered(pieces: list[Evidence], again: Evidence) -> Segment | None:
    found: Segment | None = build(pieces[0])
    below = pieces[0]
    for piece in (pieces[1].joined(again), pieces[2]):
        assert found is not None
        found = extended(found, piece, visits_of(below))
        below = below.joined(piece)
        if found is None:
            return None
    return found


@pytest.mark.parametrize("kernel", ["numpy", "numba"])
@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(evidence=worlds(), request_=requests(), parts=PARTS, twice=st.booleans())
def test_layers_answer_as_one(
    kernel: str, evidence: Evidence, request_: TraceRequest, parts: list[int], *, twice: bool
) -> None:
    pieces = split(evidence, parts)
    made = layered(pieces, again=pieces[0] if twice else Evidence.empty())
    whole = MemoryLake(evidence)
    if made is None:  # rosters over rosters, or a place that is described otherwise: built anew
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VUNGXANH_KERNEL", kernel)
        found = trace(request_, Layered(evidence, made, whole.state))
        alone = trace(request_, whole)
    assert_equal(found, alone)
    assert_equal(found, trace(replace(request_, engine="reference"), whole))
