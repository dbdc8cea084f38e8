"""A zone proposal: cases + evidence -> the smallest area, a smaller and a larger one, and the curve between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from vungxanh.core.errors import UserError
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.segment import Segment
from vungxanh.zoning.model.forward import Case, Events, Simulation
from vungxanh.zoning.model.parameters import course
from vungxanh.zoning.model.presence import Presence
from vungxanh.zoning.model.smallest import Cover, Point, Search
from vungxanh.zoning.model.units import Unit, UnitId, units

#: smaller, proposed, larger: shares of the expected infections to hold
SHARES = (0.80, 0.90, 0.97)
#: replicates are chosen so that about so many cases are simulated in all: many cases even one another out
SIMULATED_CASES, REPLICATES = 2000, (10, 100)


@dataclass(frozen=True)
class Option:
    """One of the three areas. `missed`: expected infections of the next days that it does not hold."""

    share: float
    cover: Cover
    units: tuple[Unit, ...]
    missed: float


@dataclass(frozen=True)
class Proposal:
    """What an officer edits and decides on. `expected`: infections in `days` days if nothing is closed."""

    now: int
    days: int
    cases: tuple[Case, ...]
    expected: float
    options: tuple[Option, ...]
    curve: tuple[Point, ...]
    search: Search
    events: Events
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def proposed(self) -> Option:
        return self.options[len(self.options) // 2]

    def edited(self, chosen: Sequence[UnitId]) -> Cover:
        """What a set chosen by hand holds and closes."""
        return self.search.measured([name for name in chosen if name in self.search.units])


def propose(
    cases: Sequence[Case],
    evidence: Evidence | Segment,
    now: int,
    *,
    areas: Mapping[int, int] | None = None,
    shares: tuple[float, ...] = SHARES,
    days: int = 7,
    replicates: int | None = None,
    seed: int = 1,
    disease: str = "covid19",
) -> Proposal:
    """The smallest areas for one cluster at minute `now`.

    `evidence`: a lake's segment, of which only what is touched is read, or plain evidence; `areas`: household ->
    lane or commune.
    Raises UserError `zoning.no-cases`, `zoning.unknown-disease`.
    """
    if not cases:
        raise UserError("zoning.no-cases", field="cases")
    clock, natural, loaded = _Clock(), course(disease), Presence.of(evidence)
    times = replicates or int(np.clip(SIMULATED_CASES // len(cases), *REPLICATES))
    events = Simulation(loaded, natural, now, replicates=times, seed=seed).run(tuple(cases), days)
    clock.mark("simulation")
    found = units(loaded, events, natural, now, areas)
    clock.mark("units")
    search = Search(found, len(events))
    options = tuple(_option(search, events, share) for share in shares)
    clock.mark("search")
    return Proposal(
        now, days, tuple(cases), events.expected, options, thinned(search.curve), search, events, clock.seconds
    )


def _option(search: Search, events: Events, share: float) -> Option:
    cover = search.holding(share)
    chosen = tuple(search.units[name] for name in cover.order)
    return Option(share, cover, chosen, events.expected * (1 - cover.share))


def thinned(curve: Sequence[Point], most: int = 60) -> tuple[Point, ...]:
    """At most `most` points, both ends kept."""
    if len(curve) <= most:
        return tuple(curve)
    rows = np.unique(np.linspace(0, len(curve) - 1, most).round().astype(int))
    return tuple(curve[row] for row in rows)


class _Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def mark(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name], self._last = now - self._last, now
