"""Zoning: levels of 3,321 communes, a proposal for 200 cases among 1,000,000, and how well zones hold on generated
epidemics beside a commune lockdown and beside closing every exposed place."""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import visits
from bench.zoning_world import Ints, Outbreak, outbreak, table
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.segment_build import build
from vungxanh.rules.level_baseline import BaselineRule
from vungxanh.rules.levels import level_rule
from vungxanh.zoning.model.baselines import commune_levels
from vungxanh.zoning.model.forward import Case
from vungxanh.zoning.model.proposal import Proposal, propose
from vungxanh.zoning.model.units import chain
from vungxanh.zoning.model.warning import judge_week

COMMUNES = 3321


def median_of(times: int, work: Callable[[], Any]) -> float:
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent)


def levels() -> None:
    """Five years of daily counts of every commune -> month and week sums -> status; and the early warning."""
    rng, rule = np.random.default_rng(1), level_rule("tt-15-2026")
    assert isinstance(rule, BaselineRule)
    daily = rng.poisson(0.3, (COMMUNES, 6, 365)).astype(np.int16)

    def work() -> None:
        months, weeks = (
            daily[:, :, 243:273].sum(axis=2, dtype=float),
            daily[:, :, 266:273].sum(axis=2, dtype=float),
        )
        quiet = np.zeros((COMMUNES, 5), bool)
        commune_levels(rule, months[:, :5], quiet, weeks[:, :5], months[:, 5], weeks[:, 5])

    print(
        f"levels of {COMMUNES} communes from 5 years of daily counts: median {median_of(5, work):.3f} s (goal 2)"
    )
    weekly = rng.poisson(2.0, (COMMUNES, 312)).astype(float)
    spent = median_of(5, lambda: judge_week(weekly, 311))
    print(f"early warning for one week of {COMMUNES} communes: median {spent:.3f} s")


def city() -> None:
    """200 cases who share a handful of places, in a city of 1,000,000 with 14 days of visits, from its segment."""
    people = 1_000_000
    parts = [visits.day_visits(people * 20, day) for day in range(visits.DAYS)]
    person, place, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    everybody = np.arange(1, people + 1)
    now = visits.ZERO + visits.DAYS * 1440
    home = {"household": everybody // 4, "start": 0 * everybody, "end": 0 * everybody + now}
    evidence = Evidence.empty().with_tables(
        visits=table("visits", person=person, place=place, start=start, end=end),
        households=table("households", person=everybody, **home),
    )
    chosen = np.unique(person[place == np.bincount(place).argsort()[-50]])[:200]
    cases = [Case(int(one), now - 5 * 1440) for one in chosen]
    segment, rows = build(evidence), len(person)
    propose(cases, segment, now)
    processor = time.process_time()
    spent = median_of(3, lambda: propose(cases, segment, now))
    processor = (time.process_time() - processor) / 3
    print(f"proposal, {len(cases)} cases, {people:,} people, {rows:,} visits: median {spent:.2f} s (goal 5)")
    print(f"  of which this process computed {processor:.2f} s; the segment is the lake's, built once and kept")


def share_held(made: Outbreak, people: Ints, places: Ints) -> float:
    """Share of the true infections of the next days that would be held: to or by somebody closed in, at a closed
    place, or following from one that is."""
    infected, infector, place = made.later
    held = np.isin(infected, people) | np.isin(infector, people) | np.isin(place, places)
    row = {int(person): number for number, person in enumerate(infected)}
    for number in np.argsort(made.district.truth.infected[infected - 1], kind="stable").tolist():
        before = row.get(int(infector[number]))
        held[number] |= before is not None and held[before]
    return float(held.mean())


class Closing:
    """Units closed one after the other: whom they truly close in, also who belongs there and is on no record."""

    def __init__(self, proposal: Proposal, made: Outbreak) -> None:
        self.proposal, self.made = proposal, made
        world = made.district.world
        self.site = world.people.site + 1
        above = {row + 1: int(up) + 1 for row, up in enumerate(world.sites.parent) if up >= 0}
        self.inside: dict[int, list[int]] = defaultdict(list)
        for place in range(1, len(world.sites.kind) + 1):
            for one in chain(place, above):
                self.inside[one].append(place)

    def up_to(self, most: float) -> tuple[Ints, Ints]:
        """People and places of the greedy path as far as `most` people."""
        closed, places = np.zeros(self.made.district.world.size + 1, bool), [0]
        for name in self.proposal.search.path:
            unit = self.proposal.search.units[name]
            inside = self.inside[name[1]] if name[0] == "place" else []
            more = np.concatenate((unit.people, np.flatnonzero(np.isin(self.site, inside)) + 1))
            grown = closed.copy()
            grown[more] = True
            if grown.sum() > most:
                break
            closed = grown
            places += inside
        return np.flatnonzero(closed), np.array(places[1:], np.int64)


def ring(made: Outbreak, most: float) -> Ints:
    """Who lives in the rings around the homes of the cases, of the radius that closes in `most` people. The
    generator gives homes no coordinates: each is put at random into a square kilometre of its commune."""
    world, rng = made.district.world, np.random.default_rng(1)
    household, commune = world.people.household, world.people.commune
    spot = rng.random((household.max() + 1, 2))[household] + 2.0 * commune[:, None]
    known = spot[[case.person - 1 for case in made.cases]]
    nearest = np.min([np.hypot(*(spot - one).T) for one in known], axis=0)
    return np.sort(np.argsort(nearest)[: int(most)]) + 1


def row(seed: int, persons: int, *, lists: bool) -> list[float]:
    """Shares held by our area at 5, 10, 20, 40 % of the people locked down; by a ring at 20 %, by every exposed
    place (and its people), by the commune."""
    made = outbreak(persons, seed, lists=lists)
    proposal = propose(made.cases, made.evidence, made.now)
    commune = made.district.world.people.commune
    hit = np.unique(commune[[case.person - 1 for case in made.cases]])
    locked = np.flatnonzero(np.isin(commune, hit)) + 1
    closing, none = Closing(proposal, made), np.zeros(0, np.int64)
    ours = [share_held(made, *closing.up_to(part * len(locked))) for part in (0.05, 0.10, 0.20, 0.40)]
    seen = made.evidence.visits
    person, place = (seen.column(name).to_numpy() for name in ("person", "place"))
    exposed = np.unique(place[np.isin(person, [case.person for case in made.cases])])
    everyone = np.unique(person[np.isin(place, exposed)])
    around = share_held(made, ring(made, 0.2 * len(locked)), none)
    beside = [around, share_held(made, everyone, exposed), len(everyone) / len(locked)]
    return [len(made.cases), len(made.later[0]), *ours, *beside, share_held(made, locked, none)]


def epidemics(seeds: range, persons: int, *, lists: bool = False) -> None:
    kept = "scans and phones" if not lists else "scans, phones, and the lists of classes, lines and staff"
    print(
        f"generated epidemics, {persons:,} people, day 14, infections of 7 days held (all, traced or not); {kept}:"
    )
    print("seed cases later | ours at 5 % 10 % 20 % 40 % of the locked | ring at 20 %")
    print("  | every exposed place (its people) | commune")
    rows = [row(seed, persons, lists=lists) for seed in seeds]
    for seed, one in zip(seeds, rows, strict=True):
        print(f"{seed:4} {one[0]:5.0f} {one[1]:5.0f} | " + " ".join(f"{value:5.0%}" for value in one[2:]))
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(f"median {middle[0]:3.0f} {middle[1]:5.0f} | " + " ".join(f"{value:5.0%}" for value in middle[2:]))
    print("goal: 90 % at 20 %.")


if __name__ == "__main__":
    levels()
    chosen = range(101, 101 + int(sys.argv[1]) if len(sys.argv) > 1 else 109)
    epidemics(chosen, 50_000)
    epidemics(chosen, 50_000, lists=True)
    city()
