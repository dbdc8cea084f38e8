"""Tracing as a relational expression over the Parquet lake: what DuckDB and Spark share.

The database finds, sums and judges the pairs of a hop; the order of hops, the frontier and the paths are those of
the definition (engines/reference.py), worked on what is left.
"""

# ruff: noqa: S608 - queries are put together from our own words and numbers, never from a user's

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from vungxanh.core.minutes import MINUTES_A_DAY, day_start, local_date
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import Lake
from vungxanh.rules.condition import FAR, tests, threshold
from vungxanh.rules.contact import ContactInputs, ContactRule, assumptions
from vungxanh.tracing.engines import relational_sql as sql
from vungxanh.tracing.engines.judge import Pair
from vungxanh.tracing.engines.reference import Chain, Search, merge, two_places
from vungxanh.tracing.engines.sharing import Hop
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.model import Certainty, EvidenceItem, PlaceEvent, TraceRequest, TraceResult, Truncation
from vungxanh.tracing.progress import note
from vungxanh.tracing.window import infectious, rule_of

FACT = {-1: None, 0: False, 1: True}
MASKS = (-1, 0, 1)
Row = Sequence[Any]


class Database(ABC):
    """What an engine must be able to do."""

    name: str

    @abstractmethod
    def load(self, lake: Lake) -> Evidence:
        """Make the lake's kinds visible as tables; the small ones (places, isolations) are returned too."""

    @abstractmethod
    def table(self, name: str, columns: dict[str, list[Any]], types: dict[str, pa.DataType]) -> None:
        """A small table from Python values; the same name again replaces."""

    @abstractmethod
    def keep(self, name: str, query: str) -> None:
        """Work a query out and keep it as a table; the same name again replaces."""

    @abstractmethod
    def name_query(self, name: str, query: str) -> None:
        """Give a query a name without working it out; the same name again replaces."""

    @abstractmethod
    def fetch(self, query: str) -> Sequence[Row]:
        """Rows of a query."""


class Relations(World):
    """The small facts in memory; the large ones stay in the database."""

    def __init__(self, database: Database, small: Evidence) -> None:
        super().__init__(small)
        self.database = database
        ends = [f'SELECT max("end") AS e FROM {kind}' for kind in ("visits", "encounters", "seats", "rosters")]
        self.last = database.fetch(f"SELECT coalesce(max(e), 0) FROM ({' UNION ALL '.join(ends)}) x")[0][0]

    @property
    def end(self) -> int:
        return int(self.last)

    def knows(self, person: int) -> bool:
        kinds = ("visits", "seats", "households", "rosters", "isolations")
        tests = [f"SELECT 1 AS n FROM {kind} WHERE person = {int(person)}" for kind in kinds]
        tests.append(f"SELECT 1 AS n FROM encounters WHERE a = {int(person)} OR b = {int(person)}")
        return bool(self.database.fetch(f"SELECT count(*) FROM ({' UNION ALL '.join(tests)}) x")[0][0])


def together(database: Database, searches: list[Search], generations: int) -> None:
    """Searches under one rule and bound, hop by hop: one question to the database for all of them."""
    frontiers: list[list[Hop]] = []
    for search in searches:
        index = search.window.index
        search.generation[index], search.chain[index] = 0, Chain((index,), Certainty.CONFIRMED)
        frontiers.append([Hop(index, search.window.start, search.window.end)])
    for hop in range(1, generations + 1):
        note(f"hop {hop}:", 0, sum(map(len, frontiers)))
        # an empty time would still lie inside an interval
        asked = [(n, h) for n, hops in enumerate(frontiers) for h in hops if h.start < h.end]
        if not asked:
            return
        found = reached(database, searches, asked, hop)
        for n, search in enumerate(searches):
            improved = search.settle(found[n], hop)
            cut = search.cut(improved, hop + 1, last=hop == generations)
            frontiers[n] = [search.passes_on(person) for person in cut]


def reached(
    database: Database, searches: list[Search], asked: list[tuple[int, Hop]], hop: int
) -> list[dict[int, list[Pair]]]:
    """For each search: contact -> the pairs that reach it in this hop."""
    found: list[dict[int, list[Pair]]] = [defaultdict(list) for _ in searches]
    indexes = [searches[n].window.index for n, _ in asked]
    for number, pair in pairs_of(database, searches[0].rule, [h for _, h in asked], indexes):
        n = asked[number][0]
        if hop > 1 and searches[n].too_short(pair):
            searches[n].left_out[hop, "hop_minutes"] += 1
        else:
            found[n][pair.contact].append(pair)
    if searches[0].bounds.hub_people is not None:
        for number, place, day, people in database.fetch(sql.EVENTS):
            search = searches[asked[int(number)][0]]
            search.events.add(PlaceEvent(search.window.index, hop, int(place), int(day), int(people)))
    return found


def pairs_of(
    database: Database, rule: ContactRule, frontier: list[Hop], indexes: list[int]
) -> Iterable[tuple[int, Pair]]:
    """Qualifying pairs of a hop, with the number of the infector in the frontier."""
    hops = {
        "hop": list(range(len(frontier))),
        "person": [h.infector for h in frontier],
        "start": [h.start for h in frontier],
        "finish": [h.end for h in frontier],
        "case_person": indexes,
    }
    types = {name: pa.int64() for name in ("hop", "person", "case_person")}
    database.table("hop", hops, {**types, "start": pa.int32(), "finish": pa.int32()})
    if rule.minutes_over == "day":
        local_days(database, rule, min(h.start for h in frontier), max(h.end for h in frontier))
    for name, query in stages(rule):
        (database.keep if name == "items" else database.name_query)(name, query)
    grouped: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in database.fetch(sql.QUALIFYING):
        grouped[int(row[0]), int(row[1])].append(row)
    for (number, contact), rows in sorted(grouped.items()):
        yield number, pair_of(frontier[number].infector, contact, rows)


def stages(rule: ContactRule) -> list[tuple[str, str]]:
    """(table, query) in the order in which they are worked out for a hop."""
    household = rule.need(ContactInputs("household", setting="household"))
    parts = [
        sql.BY_VISITS,
        sql.BY_ROSTERS,
        sql.BY_SEATS.format(farthest=farthest_row(rule)),
        sql.BY_HOUSEHOLDS.format(worst=household.worst, best=household.best),
        sql.BY_MEETINGS,
    ]
    return [
        ("own_visits", sql.OWN.format(pieces="visit_pieces")),
        ("own_rosters", sql.OWN.format(pieces="roster_pieces")),
        ("stays", sql.STAYS),
        ("cut_stays", sql.CUT),
        ("items", sql.items(parts)),
        ("verdict", sql.verdicts(rule.seconds_asked, rule.minutes_over, air_counts=rule.air_counts)),
    ]


def pair_of(infector: int, contact: int, rows: list[Row]) -> Pair:
    items = tuple(sorted((item_of(infector, row) for row in rows), key=lambda item: item.order))
    return Pair(
        infector,
        contact,
        min(i.start for i in items),
        max(i.end for i in items),
        sum(i.seconds for i in items),
        Certainty(int(rows[0][2])),
        items,
    )


def item_of(infector: int, row: Row) -> EvidenceItem:
    kind, place, start, end, seconds, mine, theirs, assumed, air, contained = row[3:]
    return EvidenceItem(
        kind,
        None if place is None else int(place),
        int(start),
        int(end),
        int(seconds),
        infector,
        int(mine),
        int(theirs),
        assumed=bool(assumed),
        air=bool(air),
        contained=bool(contained),
    )


def local_days(database: Database, rule: ContactRule, start: int, end: int) -> None:
    """Table `day`: the local days that hops may touch, air included."""
    first = local_date(start, rule.zone).toordinal()
    last = local_date(end, rule.zone).toordinal() + 1 + max(rule.linger.values(), default=0) // MINUTES_A_DAY
    bounds = [day_start(type(local_date(start)).fromordinal(day), rule.zone) for day in range(first, last + 2)]
    database.table("day", {"ds": bounds[:-1], "de": bounds[1:]}, {"ds": pa.int32(), "de": pa.int32()})


def farthest_row(rule: ContactRule) -> int:
    """Rows apart from which on nothing changes any more."""
    asked = [threshold(w) for b in rule.branches for name, w in tests(b.when) if name == "seat_row_delta"]
    return int(max(asked, default=0)) + 1


class Prepared:
    """What a database needs to know of one lake and one rule before its first hop."""

    def __init__(self, database: Database, world: Relations) -> None:
        self.database, self.world = database, world
        database.keep("visit_pieces", sql.pieces("visits", "place"))
        database.keep("roster_pieces", sql.pieces("rosters", '"group"'))
        described = sorted(world.places.values(), key=lambda place: place.place)
        self.natures: dict[tuple[str | None, str | None], int] = {(None, None): 0}
        for place in described:
            self.natures.setdefault((place.kind, place.space), len(self.natures))
        family = [
            (one, other, outer)
            for place in described
            for outer in world.above(place.place)
            for one, other in ((place.place, outer), (outer, place.place))
        ]
        ints = {"place": pa.int32(), "other": pa.int32(), "outer_place": pa.int32()}
        columns = {name: [row[n] for row in family] for n, name in enumerate(ints)}
        database.table("family", columns, ints)

    def rule(self, rule: ContactRule, hub_people: int | None) -> None:
        """Tables of what the rule asks, and of the hubs."""
        self.places(rule)
        self.presence(rule)
        self.seats(rule)
        self.meetings(rule)
        self.hubs(hub_people)

    def places(self, rule: ContactRule) -> None:
        known = self.world.places.values()
        columns = {
            "place": [p.place for p in known],
            "nature": [self.natures[p.kind, p.space] for p in known],
            "linger": [rule.linger.get(p.kind or "", 0) for p in known],
        }
        self.database.table("place", columns, {name: pa.int32() for name in columns})

    def of_nature(self) -> list[tuple[int, str | None, str | None]]:
        """(number, space, setting); the first is a place nobody described."""
        about = assumptions()
        return [
            (number, *(about.of_place(kind, space) if number else (None, None)))
            for (kind, space), number in self.natures.items()
        ]

    def needs(self, name: str, keys: Sequence[str], rows: Iterable[tuple[tuple[Any, ...], ContactInputs]]) -> None:
        """A table from key values to (worst, best)."""
        assert self.current is not None
        found = [(*key, *(lambda n: (n.worst, n.best))(self.current.need(inputs))) for key, inputs in rows]
        heads = [*keys, "worst", "best"]
        columns = {head: [row[n] for row in found] for n, head in enumerate(heads)}
        self.database.table(name, columns, {h: pa.string() if h == "kind" else pa.int32() for h in heads})

    current: ContactRule | None = None

    def presence(self, rule: ContactRule) -> None:
        self.current = rule
        self.needs(
            "need_presence",
            ("kind", "nature", "mine", "theirs"),
            (
                (
                    (kind, number, mine, theirs),
                    ContactInputs(
                        kind, space=space, setting=setting, mask_case=FACT[mine], mask_contact=FACT[theirs]
                    ),
                )
                for kind in ("visit", "roster")
                for number, space, setting in self.of_nature()
                for mine in MASKS
                for theirs in MASKS
            ),
        )

    def seats(self, rule: ContactRule) -> None:
        self.current = rule
        self.needs(
            "need_seat",
            ("nature", "delta", "mine", "theirs"),
            (
                (
                    (number, delta, mine, theirs),
                    ContactInputs(
                        "seat",
                        space=space or "closed_narrow",
                        setting="vehicle",
                        seat_row_delta=None if delta < 0 else delta,
                        mask_case=FACT[mine],
                        mask_contact=FACT[theirs],
                    ),
                )
                for number, space, _ in self.of_nature()
                for delta in range(-1, farthest_row(rule) + 1)
                for mine in MASKS
                for theirs in MASKS
            ),
        )

    def meetings(self, rule: ContactRule) -> None:
        self.current = rule
        self.database.name_query("encounters_by_metres", sql.by_metres(rule.metres_asked))
        self.database.name_query("met", sql.seen_from_both_sides())
        natures = {number: (space, setting) for number, space, setting in self.of_nature()}
        metres = [*rule.metres_asked, FAR, None]
        keys = ("named", "bound", "mine", "theirs", "nature", "touch", "care", "ppe", "metres")
        facts = [tuple(int(v) for v in row) for row in self.database.fetch(sql.FACTS)]
        self.needs(
            "need_meeting",
            keys,
            (
                (
                    fact,
                    ContactInputs(
                        "named" if fact[0] else "encounter",
                        distance_m=metres[fact[8]],
                        distance_is_bound=bool(fact[1]),
                        mask_case=FACT[fact[2]],
                        mask_contact=FACT[fact[3]],
                        space=natures[fact[4]][0],
                        setting=natures[fact[4]][1],
                        physical_contact=FACT[fact[5]],
                        care_giver=FACT[fact[6]],
                        ppe_adequate=FACT[fact[7]],
                    ),
                )
                for fact in facts
            ),
        )

    def hubs(self, people: int | None) -> None:
        none: dict[str, list[Any]] = {"place": [], "day": [], "people": []}
        if people is None:
            self.database.table("hub_day", none, {name: pa.int32() for name in none})
        else:
            self.database.table("utc_day", {"day": self.utc_days()}, {"day": pa.int32()})
            self.database.keep("hub_day", sql.hub_days(people))
        days = "SELECT place, day * 1440 AS s, (day + 1) * 1440 AS e FROM hub_day"
        self.database.name_query("hub", sql.islands(days, "place"))

    def utc_days(self) -> list[int]:
        first, last = self.database.fetch('SELECT min(start), max("end") FROM visits')[0]
        return [] if first is None else list(range(first // MINUTES_A_DAY, (last - 1) // MINUTES_A_DAY + 1))


def run_on(database: Database, request: TraceRequest, lake: Lake) -> TraceResult:
    """`trace` on a database; every case as if alone."""
    world = Relations(database, database.load(lake))
    prepared = Prepared(database, world)
    searches: list[Search] = []
    for case in request.cases:
        rule = rule_of(request, case)
        window = infectious(case, rule, world.isolations.get(case.person, []), world.end)
        searches.append(Search(world, rule, request.bounds or rule.bounds, case, window))
    for rule_id in dict.fromkeys(search.rule.id for search in searches):
        of_rule = [search for search in searches if search.rule.id == rule_id]
        prepared.rule(of_rule[0].rule, of_rule[0].bounds.hub_people)
        together(database, of_rule, request.generations)
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
        unknown=tuple(case.person for case in request.cases if not world.knows(case.person)),
        presumed=tuple(sorted(assumptions().presumed)),
        lake=lake.state,
        engine=database.name,
    )
