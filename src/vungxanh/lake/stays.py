"""Assumed ends for visits without one: the writer's part of the bargain that no engine ever guesses."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.compute as pc

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag, Visit
from vungxanh.lake.sources import assumed_end
from vungxanh.lake.store import LakeStore


@cache
def _table() -> Mapping[str, object]:
    return tomllib.loads((resources.files("vungxanh.lake") / "stays.toml").read_text("utf-8"))


def usual_minutes(kind: str | None) -> int:
    """How long people usually stay at a place of that kind."""
    minutes, default = _table()["minutes"], _table()["default"]
    assert isinstance(minutes, dict)
    assert isinstance(default, int)
    return int(minutes.get(kind, default))


def closed(open_visits: Iterable[Visit], lake: LakeStore) -> list[Visit]:
    """The visits with assumed ends: usual stay of the kind of place, or the person's next start in the lake."""
    given = list(open_visits)
    kinds = {
        place.place: place.kind
        for place in Evidence.empty().with_tables(places=lake.table("places")).rows("places")
    }
    starts = next_starts(given, lake)
    found = []
    for visit in given:
        later = [s for s in starts.get(visit.person, []) if s > visit.start]
        end = assumed_end(
            visit.start, usual_minutes=usual_minutes(kinds.get(visit.place)), next_start=min(later, default=None)
        )
        found.append(replace(visit, end=end, flags=visit.flags | Flag.ASSUMED_END))
    return found


def next_starts(open_visits: list[Visit], lake: LakeStore) -> dict[int, list[int]]:
    """Starts of everything these persons did, the open visits among it."""
    persons = pa.array(sorted({visit.person for visit in open_visits}), type=pa.int64())
    found: dict[int, list[int]] = {}
    for visit in open_visits:
        found.setdefault(visit.person, []).append(visit.start)
    table = lake.table("visits")
    known = table.filter(pc.is_in(table.column("person"), persons)).select(["person", "start"])
    for person, start in zip(known.column("person").to_pylist(), known.column("start").to_pylist(), strict=True):
        found[person].append(start)
    return found
