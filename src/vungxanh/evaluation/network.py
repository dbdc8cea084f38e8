"""A real contact network, an epidemic on it, and what would have been recorded of it.

Infection follows hidden shedding and hidden closeness along the true contacts; the record is drawn apart from it.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from vungxanh.evaluation.plan import Conditions, Plan
from vungxanh.lake.evidence import Evidence, table_of
from vungxanh.lake.lines import Reading
from vungxanh.lake.readers import sociopatterns
from vungxanh.lake.rows import Encounter, Flag, Place, Visit

DAY = 1440
NEVER = 2**31 - 1
USUAL = 480  # minutes of an office day, for arrivals without a departure


@dataclass(frozen=True)
class Network:
    """Encounters in order of time, and where each person belongs."""

    met: list[Encounter]
    people: list[int]
    room: dict[int, int]

    @cached_property
    def table(self) -> pa.Table:
        """The encounters in the lake's schema."""
        return table_of("encounters", self.met)

    @property
    def start(self) -> int:
        return self.met[0].start

    @property
    def end(self) -> int:
        return max(e.end for e in self.met)


@dataclass(frozen=True, slots=True)
class Epidemic:
    """What truly happened. Minutes; `infector` of each infected person but the first."""

    index: int
    infected: dict[int, int]
    onset: dict[int, int]
    infector: dict[int, int]


def read(path: Path, rooms: Path | None, zero: int) -> Network:
    """A SocioPatterns file with its metadata (`person room …`); without metadata all share one room."""
    met = [r.row for r in sociopatterns(path, Reading(), "network", zero) if isinstance(r.row, Encounter)]
    met.sort(key=lambda e: (e.start, e.a, e.b))
    people = sorted({p for e in met for p in (e.a, e.b)})
    named = {}
    if rooms is not None:
        named = {int(words[0]): words[1] for line in rooms.read_text().splitlines() if (words := line.split())}
    numbers = {name: n for n, name in enumerate(sorted(set(named.values())), start=1)}
    return Network(met, people, {p: numbers.get(named.get(p, ""), 0) for p in people})


def spread(network: Network, plan: Plan, rng: np.random.Generator) -> Epidemic:
    """One epidemic from one person, met in order of time."""
    d = plan.disease
    size = len(network.people)
    shedding = dict(
        zip(network.people, rng.gamma(d["shedding_shape"], 1 / d["shedding_shape"], size), strict=True)
    )
    waits = rng.lognormal(d["incubation_meanlog"], d["incubation_sdlog"], size) * DAY
    incubation = dict(zip(network.people, waits, strict=True))
    first, second = d["closeness"]
    closeness = rng.beta(float(first), float(second), len(network.met))
    luck = rng.random(len(network.met))
    index = int(rng.choice(network.people))
    begun = network.start - int(d["index_infected_days_before"] * DAY)
    found = Epidemic(index, {index: begun}, {index: begun + int(incubation[index])}, {})
    before = int(d["infectious_before_onset_days"] * DAY)
    for e, near, chance in zip(network.met, closeness, luck, strict=True):
        for source, other in ((e.a, e.b), (e.b, e.a)):
            if (
                source in found.infected
                and other not in found.infected
                and e.start >= found.onset[source] - before
            ):
                hazard = d["hourly_hazard"] * shedding[source] * near * e.seconds / 3600
                if chance < 1 - np.exp(-hazard):
                    found.infected[other] = e.start
                    found.onset[other] = e.start + int(incubation[other])
                    found.infector[other] = source
    return found


def recorded(network: Network, how: Conditions, rng: np.random.Generator) -> Evidence:
    """What phones heard and gates saw: an incomplete, mistimed sample."""
    carries = dict(zip(network.people, rng.random(len(network.people)) < how.adoption, strict=True))
    carrying = np.array([person for person, has in carries.items() if has], dtype=np.int64)
    a, b = (network.table.column(name).to_numpy() for name in ("a", "b"))
    heard = network.table.filter(pa.array(np.isin(a, carrying) & np.isin(b, carrying)))
    rooms = sorted(set(network.room.values()))
    seen = Evidence.of(
        visits=scans(network, how, rng), places=[Place(1000 + room, "office_room") for room in rooms]
    )
    return seen.with_tables(encounters=heard)


def scans(network: Network, how: Conditions, rng: np.random.Generator) -> list[Visit]:
    """A day at work is one visit to the own room, from the first contact to the last, if it was scanned."""
    days: dict[tuple[int, int], tuple[int, int]] = {}
    for e in network.met:
        for person in (e.a, e.b):
            key = (person, e.start // DAY)
            first, last = days.get(key, (NEVER, 0))
            days[key] = (min(first, e.start), max(last, e.end))
    found = []
    for (person, _), (first, last) in sorted(days.items()):
        scanned, forgot = rng.random(2) < (how.discipline, how.forgotten)
        late = int(rng.integers(0, 10))
        if scanned and first + late < last:
            end = first + late + USUAL if forgot else last
            flags = int(Flag.ASSUMED_END) if forgot else 0
            found.append(Visit(person, 1000 + network.room[person], first + late, end, flags=flags))
    return found
