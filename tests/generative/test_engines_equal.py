"""Every engine gives the rows of the reference, whatever the world."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.generative.worlds import requests, worlds
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.tracing import trace
from vungxanh.tracing.model import TraceRequest, TraceResult

WORLDS = 3000 if os.environ.get("VUNGXANH_LONG") else 60
PARTS = ("windows", "truncated", "place_events", "bad_data", "unknown", "presumed", "lake")


def assert_equal(found: TraceResult, wanted: TraceResult) -> None:
    assert list(found.rows) == list(wanted.rows)
    for part in PARTS:
        assert getattr(found, part) == getattr(wanted, part), part


@pytest.mark.parametrize("engine", ["numpy", "numba", "duckdb"])
@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(evidence=worlds(), request_=requests())
def test_engine_equals_the_reference(engine: str, evidence: Evidence, request_: TraceRequest) -> None:
    lake = MemoryLake(evidence)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VUNGXANH_KERNEL", engine)
        found = trace(replace(request_, engine="duckdb" if engine == "duckdb" else "index"), lake)

    assert_equal(found, trace(replace(request_, engine="reference"), lake))
