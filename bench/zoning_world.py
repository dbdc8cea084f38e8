"""A generated epidemic as the zoning model meets it: evidence up to `now`, and the truth of the days after."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vungxanh.core.minutes import day_start
from vungxanh.demo.generate import District, Plan, generate
from vungxanh.demo.kinds import Kind
from vungxanh.demo.movement import SCHOOL_DAY, SHIFTS
from vungxanh.demo.parameters import parameters
from vungxanh.demo.record import OPEN
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.schema import SCHEMAS
from vungxanh.zoning.model.forward import Case

Ints = NDArray[np.int64]
DAY = 1440
#: minutes assumed where nobody checked out
USUAL = {Kind.LINE: 480, Kind.ROOM: 480, Kind.CLASSROOM: 480, Kind.SHOP: 120, Kind.STALL: 15, Kind.CAFE: 60}


@dataclass(frozen=True)
class Outbreak:
    """`later`: (person, infector, place) of the true infections of the next days; place 0 at home or elsewhere."""

    district: District
    evidence: Evidence
    now: int
    cases: tuple[Case, ...]
    later: tuple[Ints, Ints, Ints]
    areas: dict[int, int]


def outbreak(persons: int, seed: int, before: int = 14, after: int = 7, *, lists: bool = False) -> Outbreak:
    """`before` days of evidence, then `after` days of which only the truth is kept. `lists`: with the lists of
    classes, lines, rooms, shops and stalls that schools and employers keep."""
    first = date(2022, 1, 3)
    plan = Plan(persons, before + after, seed, len(parameters().district["communes"]), day_start(first), 0)
    made = generate(plan, parameters())
    now = plan.day0 + before * DAY
    found = evidence(made, now)
    if lists:
        found = found.with_tables(rosters=rosters(made, before))
    return Outbreak(made, found, now, cases(made, now), later(made, now), areas(made))


def rosters(district: District, days: int) -> pa.Table:
    """Who is expected where on which day; nobody said who stayed away."""
    world, plan = district.world, district.plan
    who = np.flatnonzero(world.people.site >= 0)
    kind = world.sites.kind[world.people.site[who]]
    begin, end = SHIFTS[world.people.shift[who]].T
    begin = np.where(kind == Kind.CLASSROOM, SCHOOL_DAY[0], begin)
    end = np.where(kind == Kind.CLASSROOM, SCHOOL_DAY[1], end)
    parts = []
    for day in range(days):
        weekday = (plan.weekday0 + day) % 7
        closed = {5: [Kind.CLASSROOM, Kind.ROOM], 6: [Kind.CLASSROOM, Kind.ROOM, Kind.LINE]}.get(weekday, [])
        there = ~np.isin(kind, closed)
        midnight = plan.day0 + day * DAY
        parts.append(
            (who[there] + 1, world.people.site[who[there]] + 1, midnight + begin[there], midnight + end[there])
        )
    person, group, start, stop = (np.concatenate(column) for column in zip(*parts, strict=True))
    return table("rosters", person=person, group=group, start=start, end=stop)


def evidence(district: District, now: int) -> Evidence:
    """What the systems saw before `now`, forgotten exits assumed."""
    visits, meets, world = district.visits, district.encounters, district.world
    usual = np.array([USUAL.get(kind, 60) for kind in Kind])[world.sites.kind[visits.site]]
    end = np.where(visits.end == OPEN, visits.start + usual, visits.end)
    seen, heard = visits.start < now, meets.start < now
    everybody = np.arange(1, world.size + 1)
    home = {"household": world.people.household + 1, "start": 0 * everybody, "end": 0 * everybody + now}
    met = {name: getattr(meets, name)[heard] for name in ("start", "end", "seconds")}
    stayed = {"start": visits.start[seen], "end": end[seen]}
    return Evidence.empty().with_tables(
        visits=table("visits", person=visits.person[seen] + 1, place=visits.site[seen] + 1, **stayed),
        encounters=table("encounters", a=meets.a[heard] + 1, b=meets.b[heard] + 1, **met),
        households=table("households", person=everybody, **home),
        places=places(district),
    )


def places(district: District) -> pa.Table:
    sites = district.world.sites
    number = np.arange(1, len(sites.kind) + 1)
    parent = pa.array(sites.parent + 1, mask=sites.parent < 0)
    kinds = pa.array([Kind(kind).name.lower() for kind in sites.kind.tolist()])
    return table("places", place=number, parent=parent, kind=kinds)


def table(kind: str, /, **columns: Any) -> pa.Table:
    """Columns in the lake's schema; what is not given is null, 0 or empty, and rows are numbered."""
    size = len(next(iter(columns.values())))
    blank = {"row": pa.array(np.arange(1, size + 1)), "source": pa.array([""] * size)}
    made = []
    for field in SCHEMAS[kind]:
        filler = pa.nulls(size, field.type) if field.nullable else pa.array(np.zeros(size, np.int64))
        given = columns.get(field.name, blank.get(field.name, filler))
        made.append((given if isinstance(given, pa.Array) else pa.array(given)).cast(field.type))
    return pa.table(made, schema=SCHEMAS[kind])


def cases(district: District, now: int) -> tuple[Case, ...]:
    """Known by `now`: sampled and isolated."""
    truth = district.truth
    found = np.flatnonzero(truth.isolated < now)
    return tuple(Case(int(row) + 1, int(truth.onset[row]), int(truth.isolated[row])) for row in found)


def later(district: District, now: int) -> tuple[Ints, Ints, Ints]:
    truth = district.truth
    rows = np.flatnonzero((truth.infected >= now) & (truth.infected < district.plan.until) & (truth.infector >= 0))
    return rows + 1, truth.infector[rows] + 1, truth.site[rows] + 1


def areas(district: District) -> dict[int, int]:
    """Household -> commune (from 1)."""
    people = district.world.people
    first = np.searchsorted(people.household, np.arange(people.household.max() + 1))
    return {household + 1: int(commune) + 1 for household, commune in enumerate(people.commune[first].tolist())}
