"""Who infected the known cases: drawn backwards, so that those still about are simulated onwards.

For each replicate the day of infection of a case is drawn, and of all recorded ways of that day one, in proportion
to its hazard times the chance that the other was infectious then. That chance is what a case known (or drawn
before) shed on that day; for anybody else it is `hidden`, raised where the person would explain other cases too.
The person drawn may have been infected by somebody in turn: `STEPS` times back.
"""

from dataclasses import dataclass

import numpy as np

from vungxanh.zoning.model.edges import Edges, Ways
from vungxanh.zoning.model.infected import NO_EVENT, Drawing, Infected, keys
from vungxanh.zoning.model.parameters import Flags, Ints, Reals
from vungxanh.zoning.model.presence import expand
from vungxanh.zoning.model.sorting import among, distinct, firsts, order_of

STEPS = 3
#: cases are gone through in so many groups by onset: who was drawn for an earlier one may explain a later one
GROUPS = 8
#: the most (log) by which explaining other cases raises the chance of somebody
MOST = 11.5


@dataclass(frozen=True)
class _Asked:
    """Whom we ask about: rows of `Infected` (replicate, person, day), and the edges of their days."""

    replicate: Ints
    person: Ints
    pair: Ints  # number of (person, day) in `edges.source`
    day: Ints
    edges: Edges

    def rows(self, wanted: Ints) -> tuple[Ints, Ints]:
        """(position in `wanted`, edge) of every edge of these rows."""
        pair = self.pair[wanted]
        low = np.searchsorted(self.edges.source, pair, side="left")
        return expand(low, np.searchsorted(self.edges.source, pair, side="right"))


class Origins:
    """Adds to the known cases those who may have infected them, and others about whom nobody knows."""

    def __init__(self, ways: Ways, drawing: Drawing, replicates: int) -> None:
        self.ways, self.drawing, self.replicates = ways, drawing, replicates
        self.disease, self.rng, self.size = drawing.disease, drawing.rng, drawing.evidence.persons

    def add(self, known: Infected, cases: int) -> Infected:
        """`known`: rows replicate by replicate, `cases` of them in each."""
        asked = self._asked(known)
        gain, own = self._explains(asked, known.person[:cases])
        infected, fresh = known, known.take(np.zeros(0, np.int64))
        by_onset = np.argsort(np.argsort(known.onset[:cases], kind="stable"), kind="stable")
        rank = by_onset[np.arange(len(known)) % cases]
        for group in np.array_split(np.arange(cases), min(cases, GROUPS)):
            drawn = self._sources(asked, np.flatnonzero(np.isin(rank, group)), infected, gain, own)
            infected, fresh = infected.grow(drawn), fresh.grow(drawn)
        for _ in range(STEPS - 1):
            further = self._asked(fresh)
            fresh = self._sources(further, np.arange(len(fresh)), infected, gain, 0.0)
            infected = infected.grow(fresh)
        unseen = self._unseen(known)
        there = np.sort(keys(infected.replicate, infected.person))
        new = ~among(keys(unseen.replicate, unseen.person), there)
        return infected.grow(unseen.take(np.flatnonzero(new)))

    def _asked(self, rows: Infected) -> _Asked:
        """Edges of everybody on the day they were infected."""
        if not len(rows):
            none = np.zeros(0, np.int64)
            return _Asked(none, none, none, none, Edges(none, none, none.astype(float), none))
        first = int(rows.day.min())
        named = (rows.day - first) * self.size + rows.person
        both = distinct(named)
        day, person = np.divmod(both, self.size)
        day += first
        parts: list[Edges] = []
        numbers: list[Ints] = []
        for one in distinct(day - first).tolist():
            mine = np.flatnonzero(day == one + first)
            parts.append(self.ways.on(person[mine], one + first))
            numbers.append(mine[parts[-1].source])
        contact = np.concatenate([one.contact for one in parts])
        hazard = np.concatenate([one.hazard for one in parts])
        place = np.concatenate([one.place for one in parts])
        edges = Edges(np.concatenate(numbers), contact, hazard, place)
        return _Asked(rows.replicate, rows.person, np.searchsorted(both, named), rows.day, edges)

    def _explains(self, asked: _Asked, cases: Ints) -> tuple[Reals, Reals]:
        """(by person, by edge): log of how much likelier it makes somebody that they would explain the cases; and
        what of it comes from the edge's own case."""
        edges, disease = asked.edges, self.disease
        size = int(asked.pair.max(initial=-1)) + 1
        weight = np.bincount(asked.pair, minlength=size) / self.replicates
        person = np.zeros(size, np.int64)
        person[asked.pair] = asked.person
        case = np.searchsorted(distinct(cases), person)[edges.source]
        mean = edges.hazard * self.ways.peak * weight[edges.source]
        total = np.bincount(case, mean, minlength=len(cases)) + disease.unrecorded
        named = case * self.size + edges.contact
        both = distinct(named)
        inverse = np.searchsorted(both, named)
        of_case, contact = np.divmod(both, self.size)
        explained = np.log1p(np.bincount(inverse, mean, minlength=len(both)) / (disease.hidden * total[of_case]))
        gain = np.zeros(self.size)
        np.add.at(gain, contact, explained)
        return gain, explained[inverse]

    def _sources(self, asked: _Asked, rows: Ints, infected: Infected, gain: Reals, own: Reals | float) -> Infected:
        """One infector for each row, where it falls on somebody recorded who is not yet among the infected."""
        at, edge = asked.rows(rows)
        contact, day = asked.edges.contact[edge], asked.day[rows][at]
        replicate = asked.replicate[rows][at]
        raised = gain[contact] - (own if isinstance(own, float) else own[edge])
        unknown = np.minimum(self.disease.hidden * np.exp(np.minimum(raised, MOST)), 1.0)
        known, shed = self._shedding(infected, replicate, contact, day)
        weight = asked.edges.hazard[edge] * self.ways.peak * np.where(known, shed, unknown)
        chosen = self._choose(at, weight, len(rows), self.disease.unrecorded * self.disease.hidden)
        chosen = chosen[~known[chosen]]
        first = self._once(keys(replicate[chosen], contact[chosen]))
        chosen = chosen[first]
        return self.drawing.source(replicate[chosen], contact[chosen], day[chosen])

    def _unseen(self, known: Infected) -> Infected:
        """Infected people whom no record links to a case: found by walking from the cases over recorded ways by
        hazard, so that they are near as meetings go."""
        rows = known.take(self.rng.integers(0, len(known), round(self.disease.unlinked * len(known))))
        first_day = min(int(known.onset.min()) + self.disease.first_day, -7)
        replicate, person = rows.replicate, rows.person
        for _ in range(self.disease.unlinked_steps):
            day = self.rng.integers(first_day, 0, len(person))
            asked = self._asked(Infected(replicate, person, day, day, day, np.ones(len(day)), day))
            at, edge = asked.rows(np.arange(len(person)))
            chosen = self._choose(at, asked.edges.hazard[edge], len(person), 0.0)
            replicate, person = replicate[at[chosen]], asked.edges.contact[edge[chosen]]
        first = self._once(keys(replicate, person))
        replicate, person = replicate[first], person[first]
        day = -np.ceil(self.rng.exponential(self.disease.unlinked_days, len(first))).astype(np.int64)
        found = self.drawing.infected(replicate, person, day, np.full(len(first), NO_EVENT))
        return found.take(np.flatnonzero(found.apart > 0))

    @staticmethod
    def _once(key: Ints) -> Ints:
        """The first row of each key."""
        order = order_of(key)
        return order[firsts(key[order])]

    def _choose(self, at: Ints, weight: Reals, rows: int, elsewhere: float) -> Ints:
        """Position of one edge for each row, drawn by weight; rows that fall on what is not recorded have none."""
        total = np.bincount(at, weight, minlength=rows)
        running = np.cumsum(weight)
        before = np.concatenate(([0.0], np.cumsum(total)))[:-1]
        draw = self.rng.random(rows) * (total + elsewhere)
        hit = (draw < total) & (total > 0)
        position = np.searchsorted(running, before[hit] + draw[hit], side="right")
        return np.minimum(position, len(weight) - 1)

    def _shedding(self, infected: Infected, replicate: Ints, person: Ints, day: Ints) -> tuple[Flags, Reals]:
        """Is the person infected in that replicate, and what share of the peak did they shed on the day?"""
        known, shed = np.zeros(len(person), bool), np.zeros(len(person))
        any_of = np.zeros(self.size, bool)
        any_of[infected.person] = True
        maybe = np.flatnonzero(any_of[person])
        named = keys(infected.replicate, infected.person)
        order = order_of(named)
        wanted = keys(replicate[maybe], person[maybe])
        row = order[np.minimum(np.searchsorted(named[order], wanted), len(named) - 1)]
        same = named[row] == wanted
        row, maybe = row[same], maybe[same]
        known[maybe] = True
        strength = self.disease.strength(day[maybe] - infected.onset[row]) / self.ways.peak
        about = (infected.day[row] < day[maybe]) & (infected.apart[row] > day[maybe])
        shed[maybe] = np.where(about, strength * infected.shedding[row], 0.0)
        return known, shed
