"""The generator's district as a world to be judged by: one true epidemic a seed, recorded under every condition.

The generator shares no module with tracing; infection in it follows hidden closeness and hidden shedding along
true whereabouts, of which the records are an incomplete, mistimed sample.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from vungxanh.core.minutes import day_start
from vungxanh.demo.epidemic import NEVER, Epidemic, Truth
from vungxanh.demo.evidence import Numbers, evidence, trip_keys
from vungxanh.demo.generate import LEAST_INTRODUCED, District, known
from vungxanh.demo.generate import Plan as DistrictPlan
from vungxanh.demo.movement import DAY, Movement
from vungxanh.demo.parameters import Parameters, parameters
from vungxanh.demo.record import Recorder
from vungxanh.demo.world import World, build
from vungxanh.evaluation.measure import METHODS, Known, Tally, measure
from vungxanh.evaluation.plan import Conditions, Plan
from vungxanh.evaluation.run import Line, joined, line
from vungxanh.lake.evidence import Evidence

FIRST = date(2022, 1, 3)


@dataclass(frozen=True, slots=True)
class Lived:
    """One epidemic as it truly was, and who recorded it under which conditions."""

    plan: DistrictPlan
    world: World
    truth: Truth
    recorders: dict[Conditions, Recorder]


def on_district(plan: Plan, say: Callable[[str], None], points: list[tuple[str, Conditions]]) -> list[Line]:
    """Epidemics of all seeds at each point. The same seed is the same epidemic at every point."""
    sums = [{method: Tally() for method in METHODS} for _ in points]
    counts = [0] * len(points)
    for seed in range(plan.seeds):
        lived = live(seed, plan, {undelayed(how) for _, how in points})
        records = {how: recorded(lived, recorder) for how, recorder in lived.recorders.items()}
        for number, (_, how) in enumerate(points):
            cases = list(known_cases(lived, how.delay_days))[: plan.district["cases"]]
            counts[number] += len(cases)
            found = measure(records[undelayed(how)], cases, commune_of(lived.world), plan.generations)
            for method, tally in found.items():
                joined(sums[number][method], tally)
        say(f"district: {seed + 1}/{plan.seeds} …")
    return [
        line("district", varies, method, how, counts[number], tally)
        for number, (varies, how) in enumerate(points)
        for method, tally in sums[number].items()
    ]


def undelayed(how: Conditions) -> Conditions:
    """The delay changes nothing in the record."""
    return replace(how, delay_days=0.0)


def live(seed: int, plan: Plan, wanted: set[Conditions]) -> Lived:
    """Live through the days once; every recorder watches."""
    size = plan.district
    chosen, zero = parameters(), day_start(FIRST)
    drawn = DistrictPlan(size["persons"], size["days"], seed, size["communes"], zero, FIRST.weekday())
    world = build(drawn.persons, drawn.communes, chosen, np.random.default_rng((seed, 0)))
    epidemic = Epidemic(world, Movement(world, chosen, zero, drawn.weekday0, seed), chosen, seed)
    epidemic.introduce(LEAST_INTRODUCED)
    recorders = {how: Recorder(carrying(world, how, seed), under(chosen, how), seed) for how in wanted}
    for day in range(drawn.days):
        stays = epidemic.day(day)
        for recorder in recorders.values():
            recorder.see(stays)
    return Lived(drawn, world, epidemic.truth, recorders)


def carrying(world: World, how: Conditions, seed: int) -> World:
    """The same people, of whom so many carry the application and scan so often."""
    rng = np.random.default_rng((seed, 7))
    app = rng.random(world.size) < how.adoption
    spread = rng.normal(0, 0.1, world.size) if how.discipline < 1 else np.zeros(world.size)
    scans = np.clip(how.discipline + spread, 0, 1).astype(np.float32)
    return replace(world, people=replace(world.people, app=app, discipline=scans))


def under(chosen: Parameters, how: Conditions) -> Parameters:
    """Exits forgotten so often; at full discipline every place has a QR and every phone in reach is heard."""
    record: dict[str, Any] = {**chosen.record, "forgotten_out": how.forgotten}
    if how.discipline == 1:
        record["adoption"] = dict.fromkeys(chosen.record["adoption"], 1.0)
    return replace(chosen, record=record)


def recorded(lived: Lived, recorder: Recorder) -> Evidence:
    """What the lake would hold, persons and places numbered from 1."""
    found = known(lived.truth, lived.plan.until)
    district = District(
        lived.plan, lived.world, lived.truth, recorder.visits, recorder.encounters, recorder.seats, found
    )
    sites = len(lived.world.sites.kind)
    trips = {key: sites + 1 + n for n, key in enumerate(sorted(set(trip_keys(recorder.seats))))}
    numbers = Numbers(
        np.arange(1, lived.world.size + 1, dtype=np.int64), np.arange(1, sites + 1, dtype=np.int32), trips
    )
    return evidence(district, numbers)


def known_cases(lived: Lived, delay_days: float) -> Iterator[Known]:
    """Every case with symptoms whose trace falls into the time, by onset, with those it had infected by then."""
    truth, plan = lived.truth, lived.plan
    ill = np.flatnonzero((truth.infected < NEVER) & ~truth.asymptomatic & (truth.onset >= plan.day0))
    for person in ill[np.argsort(truth.onset[ill], kind="stable")].tolist():
        at = int(truth.onset[person]) + int(delay_days * DAY)
        if at <= plan.until:
            victims = np.flatnonzero((truth.infector == person) & (truth.infected < at))
            yield Known(
                person + 1, int(truth.onset[person]), at, {v + 1: int(truth.onset[v]) for v in victims.tolist()}
            )


def commune_of(world: World) -> Callable[[int], set[int]]:
    """Everybody in the commune of a case."""
    commune = world.people.commune
    members = {c: set((np.flatnonzero(commune == c) + 1).tolist()) for c in np.unique(commune).tolist()}
    return lambda person: members[int(commune[person - 1])]
