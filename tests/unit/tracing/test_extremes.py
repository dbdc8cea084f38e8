"""Too much of everything: an answer, and never a hang."""

from datetime import date

import numpy as np
import pyarrow as pa

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.schema import SCHEMAS
from vungxanh.rules.contact import Bounds
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

ZERO = day_start(date(2022, 1, 3))
CASE = IndexPerson(1, onset=date(2022, 1, 3))


def lake(person: np.ndarray, place: np.ndarray, start: np.ndarray, end: np.ndarray) -> MemoryLake:
    size = len(person)
    columns = {
        "person": person,
        "place": place,
        "start": start,
        "end": end,
        "mask": pa.nulls(size, pa.bool_()),
        "flags": np.zeros(size, dtype=np.int16),
        "source": pa.array(["test"] * size),
        "row": np.arange(1, size + 1),
    }
    return MemoryLake(Evidence.empty().with_tables(visits=pa.table(columns).select(SCHEMAS["visits"].names)))


def test_a_hundred_thousand_visits_of_one_person_in_a_day() -> None:
    rng, size = np.random.default_rng(1), 100_000
    start = ZERO + rng.integers(0, 1400, size)
    person = np.append(np.full(size, 1), 2)
    place = np.append(rng.integers(1, 4, size), 1)
    found = trace(
        TraceRequest((CASE,), generations=2, bounds=Bounds()),
        lake(person, place, np.append(start, ZERO), np.append(start + 30, ZERO + 1430)),
    )
    (row,) = found.rows
    assert row.contact == 2
    assert 1300 * 60 < row.seconds <= 1430 * 60  # merged: no minute counts twice


def test_a_place_with_everybody_in_it_is_a_place_event() -> None:
    size = 30_000
    everybody = np.arange(1, size + 1)
    same = np.full(size, 7)
    stadium = lake(everybody, same, np.full(size, ZERO + 600), np.full(size, ZERO + 720))
    found = trace(TraceRequest((CASE,), generations=3), stadium)
    assert len(found.rows) == 0
    assert [(event.place, event.people) for event in found.place_events] == [(7, size)]
    everyone = trace(TraceRequest((CASE,), generations=1, bounds=Bounds()), stadium)
    assert len(everyone.rows) == size - 1
