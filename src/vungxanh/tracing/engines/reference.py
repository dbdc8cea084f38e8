"""The definition of a trace: plain Python, minute by minute, obviously right, slow. For tests and small lakes."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.memory import Lake
from vungxanh.rules.contact import Bounds, ContactRule, assumptions
from vungxanh.tracing.engines.judge import Pair, judge
from vungxanh.tracing.engines.sharing import Hop, is_hub, shared, stays
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.model import (
    Certainty,
    ContactRow,
    EvidenceItem,
    IndexPerson,
    PlaceEvent,
    TraceRequest,
    TraceResult,
    Truncation,
    TwoPlaces,
    Window,
)
from vungxanh.tracing.progress import note
from vungxanh.tracing.window import infectious, passing_on_ends, rule_of


@dataclass(frozen=True, slots=True)
class Chain:
    """How somebody was reached earliest: the people from the index on, and the worst certainty on the way."""

    path: tuple[int, ...]
    certainty: Certainty


@dataclass
class Search:
    """One index person's trace as it grows."""

    world: World
    rule: ContactRule
    bounds: Bounds
    case: IndexPerson
    window: Window
    exposed: dict[int, int] = field(default_factory=dict)  # A(p)
    generation: dict[int, int] = field(default_factory=dict)
    chain: dict[int, Chain] = field(default_factory=dict)
    rows: list[ContactRow] = field(default_factory=list)
    events: set[PlaceEvent] = field(default_factory=set)
    left_out: Counter[tuple[int, str]] = field(default_factory=Counter)

    def run(self, generations: int) -> None:
        """Hop by hop; whoever's A improved passes on (again) in the next hop."""
        index = self.window.index
        self.generation[index], self.chain[index] = 0, Chain((index,), Certainty.CONFIRMED)
        frontier = [Hop(index, self.window.start, self.window.end)]
        for hop in range(1, generations + 1):
            found = self.reached_from(frontier, hop)
            improved = self.settle(found, hop)
            frontier = [self.passes_on(person) for person in self.cut(improved, hop + 1, last=hop == generations)]

    def reached_from(self, frontier: list[Hop], hop: int) -> dict[int, list[Pair]]:
        """contact -> the pairs that reach it in this hop."""
        found: dict[int, list[Pair]] = defaultdict(list)
        for number, infector in enumerate(frontier):
            note(f"hop {hop}:", number, len(frontier))
            self.note_hubs(infector, hop)
            for contact in self.world.people:
                if contact not in (infector.infector, self.window.index):
                    pair = self.pair(infector, contact, hop)
                    if pair:
                        found[contact].append(pair)
        return found

    def pair(self, infector: Hop, contact: int, hop: int) -> Pair | None:
        items = shared(self.world, self.rule, self.bounds, infector, contact)
        found = judge(infector.infector, contact, items, self.rule)
        if found and hop > 1 and self.too_short(found):
            self.left_out[hop, "hop_minutes"] += 1
            return None
        return found

    def too_short(self, pair: Pair) -> bool:
        """Below the bound of later hops; a household needs no minutes."""
        household = any(item.kind == "household" for item in pair.items)
        return not household and pair.seconds < 60 * self.bounds.hop_minutes

    def settle(self, found: dict[int, list[Pair]], hop: int) -> list[int]:
        """Rows for the newly reached; who was exposed earlier than known until now."""
        before = dict(self.chain)
        improved = []
        for contact, pairs in found.items():
            if contact not in self.generation:
                self.rows.append(self.row(contact, pairs, hop, before))
                self.generation[contact] = hop
            best = min(pairs, key=lambda pair: pair.order)
            if contact not in self.exposed or best.first < self.exposed[contact]:
                self.exposed[contact] = best.first
                self.chain[contact] = extend(before[best.infector], best)
                improved.append(contact)
        return improved

    def row(self, contact: int, pairs: list[Pair], hop: int, chains: dict[int, Chain]) -> ContactRow:
        """The named infector is of class hop-1 where one is; the others of that class stay in the evidence."""
        of_class = [pair for pair in pairs if self.generation[pair.infector] == hop - 1] or pairs
        named = min(of_class, key=lambda pair: pair.order)
        chain = extend(chains[named.infector], named)
        items: list[EvidenceItem] = [item for pair in of_class for item in pair.items]
        return ContactRow(
            self.window.index,
            contact,
            hop,
            named.first,
            named.last,
            named.seconds,
            chain.certainty,
            self.rule.id,
            chain.path,
            tuple(sorted(items, key=lambda item: item.order)),
        )

    def cut(self, people: list[int], hop: int, *, last: bool) -> list[int]:
        """The frontier of hop `hop`: the first by (first exposed, person)."""
        ordered = sorted(people, key=lambda person: (self.exposed[person], person))
        limit = self.bounds.frontier_people
        if last or limit is None or len(ordered) <= limit:
            return ordered
        self.left_out[hop, "frontier"] += len(ordered) - limit
        return ordered[:limit]

    def passes_on(self, person: int) -> Hop:
        """`[A + latency, own isolation)`, at the latest to the end of the search."""
        start = self.exposed[person] + self.rule.latency_minutes
        horizon = self.world.end if self.case.end is None else self.case.end
        apart = passing_on_ends(start, self.world.isolations.get(person, []))
        return Hop(person, start, max(start, horizon if apart is None else min(apart, horizon)))

    def note_hubs(self, infector: Hop, hop: int) -> None:
        """Hubs that the infector was in, or inside of, become place events."""
        for place, mine in self.world.presence.get(infector.infector, {}).items():
            for stay in stays(mine, infector, self.world.linger(place, self.rule)):
                for meeting in (place, *self.world.above(place)):
                    for minute in range(stay.piece.start, stay.piece.end):
                        if is_hub(self.world, self.bounds, meeting, minute):
                            day = minute // MINUTES_A_DAY
                            people = self.world.people_at[meeting, day]
                            self.events.add(PlaceEvent(self.window.index, hop, meeting, day, people))


def extend(chain: Chain, pair: Pair) -> Chain:
    return Chain((*chain.path, pair.contact), max(chain.certainty, pair.certainty))


def trace(request: TraceRequest, world: World) -> TraceResult:
    """Every case as if alone."""
    searches = [search(request, world, case) for case in request.cases]
    rows = sorted((row for s in searches for row in s.rows), key=lambda row: row.order)
    left_out: Counter[tuple[int, str]] = Counter()
    for s in searches:
        left_out.update(s.left_out)
        left_out.update((event.hop, "hub") for event in s.events)
    return TraceResult(
        rows=merge(rows) if request.merge else rows,
        windows=tuple(s.window for s in searches),
        truncated=tuple(sorted(Truncation(hop, bound, n) for (hop, bound), n in left_out.items())),
        place_events=tuple(sorted(event for s in searches for event in s.events)),
        bad_data=tuple(two_places(rows, world)),
        unknown=tuple(case.person for case in request.cases if case.person not in world.people),
        presumed=tuple(sorted(assumptions().presumed)),
        engine="reference",
    )


def search(request: TraceRequest, world: World, case: IndexPerson) -> Search:
    rule = rule_of(request, case)
    window = infectious(case, rule, world.isolations.get(case.person, []), world.end)
    found = Search(world, rule, request.bounds or rule.bounds, case, window)
    found.run(request.generations)
    return found


def merge(rows: list[ContactRow]) -> list[ContactRow]:
    """Per contact the least (generation, first_exposed, index)."""
    best: dict[int, ContactRow] = {}
    for row in sorted(rows, key=lambda r: (r.generation, r.first_exposed, r.index)):
        best.setdefault(row.contact, row)
    return sorted(best.values(), key=lambda row: row.order)


def two_places(rows: list[ContactRow], world: World) -> list[TwoPlaces]:
    """Rows whose pair shared time at two places at once, neither inside the other."""
    found = []
    for row in rows:
        visits = [
            i for i in row.evidence if i.kind == "visit" and i.infector == row.infector and i.place is not None
        ]
        if any(
            a.start < b.end and b.start < a.end and world.meeting_place(a.place or 0, b.place or 0) is None
            for n, a in enumerate(visits)
            for b in visits[n + 1 :]
        ):
            found.append(TwoPlaces(row.index, row.infector, row.contact))
    return found


def run(request: TraceRequest, lake: Lake) -> TraceResult:
    """`trace` in any lake; see vungxanh.tracing."""
    found = trace(request, World(lake.evidence()))
    return replace(found, lake=lake.state)
