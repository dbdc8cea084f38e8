"""Zoning: levels of 3,321 communes, a proposal for 200 cases among 1,000,000, and how well zones hold on generated
epidemics beside a commune lockdown and beside closing every exposed place."""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import visits
from bench.zoning_world import Ints, Outbreak, outbreak, table
from vungxanh.lake.evidence import Evidence
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
    """200 cases who share a handful of places, in a city of 1,000,000 with 14 days of visits."""
    people = 1_000_000
    parts = [visits.day_visits(people * 20, day) for day in range(visits.DAYS)]
    person, place, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    everybody = np.arange(people)
    now = visits.ZERO + visits.DAYS * 1440
    home = {"household": everybody // 4, "start": 0 * everybody, "end": 0 * everybody + now}
    evidence = Evidence.empty().with_tables(
        visits=table("visits", person=person, place=place, start=start, end=end),
        households=table("households", person=everybody, **home),
    )
    chosen = np.unique(person[place == np.bincount(place).argsort()[-50]])[:200]
    cases = [Case(int(one), now - 5 * 1440) for one in chosen]
    spent = median_of(3, lambda: propose(cases, evidence, now, replicates=100))
    print(
        f"proposal, {len(cases)} cases, {people:,} people, {len(person):,} visits: median {spent:.2f} s (goal 5)"
    )


def share_held(made: Outbreak, people: Ints, places: Ints) -> float:
    """Share of the true infections of the next days that would be held: to or by somebody closed in, or there."""
    infected, infector, place = made.later
    return float((np.isin(infected, people) | np.isin(infector, people) | np.isin(place, places)).mean())


def of_units(proposal: Proposal, made: Outbreak, most: float) -> tuple[Ints, Ints]:
    """People and places of the greedy path as far as `most` people."""
    path = proposal.search.path
    chosen = [name for name, point in zip(path, proposal.search.curve[1:], strict=True) if point.people <= most]
    units = [proposal.search.units[name] for name in chosen]
    people = np.unique(np.concatenate([unit.people for unit in units])) if units else np.zeros(0, np.int64)
    closed = {unit.id[1] for unit in units if unit.id[0] == "place"}
    parent = dict(
        zip(*(made.evidence.places.column(name).to_pylist() for name in ("place", "parent")), strict=True)
    )
    above = {child: up for child, up in parent.items() if up is not None}
    return people, np.array([place for place in parent if closed & set(chain(place, above))], np.int64)


def row(seed: int, persons: int) -> list[float]:
    """Shares held by our area at 5, 10, 20 % of the people locked down, by every exposed place, by the commune."""
    made = outbreak(persons, seed)
    proposal = propose(made.cases, made.evidence, made.now)
    commune = made.district.world.people.commune
    hit = np.unique(commune[[case.person - 1 for case in made.cases]])
    locked = np.flatnonzero(np.isin(commune, hit)) + 1
    ours = [share_held(made, *of_units(proposal, made, part * len(locked))) for part in (0.05, 0.10, 0.20)]
    seen = made.evidence.visits
    person, place = (seen.column(name).to_numpy() for name in ("person", "place"))
    exposed = np.unique(place[np.isin(person, [case.person for case in made.cases])])
    everyone = np.unique(person[np.isin(place, exposed)])
    beside = [share_held(made, everyone, exposed), len(everyone) / len(locked)]
    return [len(made.cases), len(made.later[0]), *ours, *beside, share_held(made, locked, np.zeros(0, np.int64))]


def epidemics(seeds: range, persons: int) -> None:
    print(f"generated epidemics, {persons:,} people, day 14, infections of 7 days held (all, traced or not):")
    print("seed cases later | ours at 5 % 10 % 20 % of the locked | every exposed place (its people) | commune")
    rows = [row(seed, persons) for seed in seeds]
    for seed, one in zip(seeds, rows, strict=True):
        print(f"{seed:4} {one[0]:5.0f} {one[1]:5.0f} | " + " ".join(f"{value:5.0%}" for value in one[2:]))
    middle = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(f"median {middle[0]:3.0f} {middle[1]:5.0f} | " + " ".join(f"{value:5.0%}" for value in middle[2:]))
    print("goal: 90 % at 20 %. A ring by radius is not measured: the generator gives places no coordinates.")


if __name__ == "__main__":
    levels()
    epidemics(range(101, 101 + int(sys.argv[1]) if len(sys.argv) > 1 else 109), 50_000)
    city()
