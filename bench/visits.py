"""Visits for measurements: one density at every size, so that a case has about 100 contacts at any N.

P = N/20 people, V = N/200 venues, 14 days, three slots of five hours a day each taken with p = N/(42 P); half of
the visits go to one of three favourite venues; popularity is Zipf-Mandelbrot (s = 1, q = V/1000); stays are
lognormal with median 30 minutes and sigma 0.9, from 5 to 240 minutes.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.schema import SCHEMAS

DAYS, SLOTS, SLOT_MINUTES = 14, 3, 300
ZERO = day_start(date(2022, 1, 3))


def venues_of(rng: np.random.Generator, size: int, venues: int) -> np.ndarray:
    """Venues by popularity: the inverse of the Zipf-Mandelbrot cumulated weights."""
    q = venues / 1000
    u = rng.random(size)
    ranks = np.exp(np.log1p(q) + u * (np.log(venues + 1 + q) - np.log1p(q))) - q
    return np.clip(ranks.astype(np.int64) - 1, 0, venues - 1).astype(np.int32)


def day_visits(n: int, day: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(person, venue, start, end) of one day, ordered by nothing."""
    people, venues = n // 20, n // 200
    favourites = venues_of(np.random.default_rng((seed, 0)), people * 3, venues).reshape(people, 3)
    rng = np.random.default_rng((seed, 1, day))
    taken = rng.random((people, SLOTS)) < n / (DAYS * SLOTS * people)
    person, slot = np.nonzero(taken)
    size = len(person)
    venue = venues_of(rng, size, venues)
    usual = rng.random(size) < 0.5
    venue[usual] = favourites[person[usual], rng.integers(0, 3, usual.sum())]
    stay = np.clip(rng.lognormal(np.log(30), 0.9, size), 5, 240).astype(np.int32)
    start = ZERO + day * 1440 + 360 + slot * SLOT_MINUTES + rng.integers(0, SLOT_MINUTES - stay + 1)
    return person.astype(np.int64) + 1, venue + 1, start.astype(np.int32), (start + stay).astype(np.int32)


def table(n: int, seed: int = 7) -> pa.Table:
    """All visits in the lake's schema."""
    parts = [day_visits(n, day, seed) for day in range(DAYS)]
    person, place, start, end = (np.concatenate([p[i] for p in parts]) for i in range(4))
    return as_table(person, place, start, end)


def as_table(
    person: np.ndarray, place: np.ndarray, start: np.ndarray, end: np.ndarray, first_row: int = 1
) -> pa.Table:
    size = len(person)
    columns = {
        "person": person,
        "place": place,
        "start": start,
        "end": end,
        "mask": pa.nulls(size, pa.bool_()),
        "flags": np.zeros(size, dtype=np.int16),
        "source": constant(size),
        "row": np.arange(first_row, first_row + size, dtype=np.int64),
    }
    return pa.table(columns).cast(SCHEMAS["visits"])


def constant(size: int) -> pa.Array:
    """One source for all."""
    return pa.DictionaryArray.from_arrays(np.zeros(size, dtype=np.int8), ["bench"]).cast(pa.string())


def evidence(n: int, seed: int = 7) -> Evidence:
    """The visits and their venues, all of them rooms."""
    venues = n // 200
    places = pa.table(
        {
            "place": np.arange(1, venues + 1, dtype=np.int32),
            "kind": constant(venues),
            "parent": pa.nulls(venues, pa.int32()),
            "space": pa.array(["closed_narrow"] * venues),
            "source": constant(venues),
            "row": np.arange(1, venues + 1, dtype=np.int64),
        }
    ).cast(SCHEMAS["places"])
    return Evidence.empty().with_tables(visits=table(n, seed), places=places)


def case_days(n: int, count: int, seed: int = 11) -> Iterator[tuple[int, int, int]]:
    """(person, start, end): random people with windows of five days that begin on day 2 to 8."""
    rng = np.random.default_rng(seed)
    for person in rng.choice(n // 20, size=count, replace=False):
        first = int(rng.integers(2, 9))
        yield int(person) + 1, ZERO + first * 1440, ZERO + (first + 5) * 1440
