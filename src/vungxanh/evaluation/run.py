"""The whole evaluation: each curve of the plan on a network or on the generator's district, and its table."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from vungxanh.evaluation.measure import METHODS, Known, Tally, measure
from vungxanh.evaluation.network import DAY, Epidemic, Network, recorded, spread
from vungxanh.evaluation.plan import Conditions, Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a method under some conditions on some world."""

    world: str
    varies: str
    method: str
    conditions: Conditions
    cases: int
    infected: int
    recall: float | None
    listed_per_found: float | None
    days_gained: float | None

    def flat(self) -> dict[str, object]:
        row = asdict(self)
        return {**{k: v for k, v in row.items() if k != "conditions"}, **row["conditions"]}


def known_cases(network: Network, epidemic: Epidemic, delay_days: float) -> Iterator[Known]:
    """Every case whose trace falls into the time of the network, with those it had infected by then."""
    for person, onset in epidemic.onset.items():
        at = onset + int(delay_days * DAY)
        if network.start <= onset and at <= network.end:
            infected = {
                other: epidemic.onset[other]
                for other, source in epidemic.infector.items()
                if source == person and epidemic.infected[other] < at
            }
            yield Known(person, onset, at, infected)


def on_network(
    name: str, network: Network, plan: Plan, say: Callable[[str], None], points: list[tuple[str, Conditions]]
) -> list[Line]:
    """Epidemics of all seeds at each point. The same seed is the same epidemic at every point."""
    found, people = [], set(network.people)
    for varies, how in points:
        sums = {method: Tally() for method in METHODS}
        cases = 0
        for seed in range(plan.seeds):
            epidemic = spread(network, plan, np.random.default_rng((seed, 0)))
            evidence = recorded(network, how, np.random.default_rng((seed, 1)))
            known = list(known_cases(network, epidemic, how.delay_days))
            cases += len(known)
            for method, tally in measure(evidence, known, lambda _: people, plan.generations).items():
                joined(sums[method], tally)
        found += [line(name, varies, method, how, cases, tally) for method, tally in sums.items()]
        say(f"{name}: {varies} {getattr(how, varies, '')} …")
    return found


def joined(into: Tally, more: Tally) -> None:
    into.infected += more.infected
    into.found += more.found
    into.listed += more.listed
    into.days += more.days


def line(name: str, varies: str, method: str, how: Conditions, cases: int, tally: Tally) -> Line:
    return Line(
        name,
        varies,
        method,
        how,
        cases,
        tally.infected,
        rounded(tally.recall),
        rounded(tally.listed_per_found),
        rounded(tally.days_gained),
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def judged(lines: list[Line], plan: Plan) -> dict[str, object]:
    """The success criteria of each world against its lines at the best conditions."""
    return {world: judged_one([x for x in lines if x.world == world], plan) for world in {x.world for x in lines}}


def judged_one(lines: list[Line], plan: Plan) -> dict[str, object]:
    wanted = plan.success["district" if lines[0].world == "district" else "network"]
    best = {line.method: line for line in lines if line.varies == "best"}
    tracing, place = best["tracing"], best["same place that day"]
    enough = tracing.recall is not None and tracing.recall >= wanted["least_recall"]
    share = None
    if tracing.listed_per_found is not None and place.listed_per_found is not None:
        share = tracing.listed_per_found / place.listed_per_found
    few = share is not None and share <= wanted["most_listed_share_of_same_place"]
    return {"recall": tracing.recall, "recall_met": enough, "listed_share": rounded(share), "listed_met": few}
