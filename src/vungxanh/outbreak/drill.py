"""The drill of tracing: a week of an invented town, made from a seed, judged by the engine."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command.drills import Drill, Scenario, Score, Seen, register
from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Household, Place, Visit
from vungxanh.outbreak import times
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest
from vungxanh.zoning.model.forward import Case
from vungxanh.zoning.model.proposal import Proposal, propose

FIRST = date(2022, 1, 3)  # a Monday under CV 11042
ONSET = date(2022, 1, 7)
RULE = "vn.covid19.f1.11042"
DAY, CASE, PEOPLE = 1440, 1, 30
NOW = day_start(FIRST) + 8 * DAY
#: number, kind, parent
PLACES: tuple[tuple[int, str, int | None], ...] = (
    *((10, "building", None), (11, "floor", 10), (12, "floor", 10), (13, "meeting-room", 11)),
    *((20, "market", None), (21, "stall", 20), (22, "stall", 20), (30, "classroom", None)),
)
WORK = (11, 12, 21, 22, 30)


@dataclass(frozen=True)
class Town:
    """One seed's world and what the engine says of it."""

    evidence: Evidence
    visits: tuple[Visit, ...]
    contacts: frozenset[int]
    proposal: Proposal


@lru_cache(maxsize=16)
def town(seed: int) -> Town:
    draw = random.Random(seed)  # noqa: S311  (an exercise, the same for everybody with this seed)
    visits = tuple(_visits(draw))
    homes = [Household(person, 100 + person // 3, 0, NOW) for person in range(1, PEOPLE + 1)]
    places = [Place(number, kind, parent) for number, kind, parent in PLACES]
    evidence = Evidence.of(visits=list(visits), households=homes, places=places)
    asked = TraceRequest((IndexPerson(CASE, onset=ONSET),), rule=RULE, generations=1)
    rows = trace(asked, MemoryLake(evidence)).rows
    proposal = propose([Case(CASE, onset=day_start(ONSET))], evidence, NOW)
    return Town(evidence, visits, frozenset(row.contact for row in rows), proposal)


def _visits(draw: random.Random) -> Iterable[Visit]:
    """Everybody works at one place; on two days the case meets some of them in a room, a stall, a class."""
    for person in range(1, PEOPLE + 1):
        at = WORK[person % len(WORK)]
        for day in range(7):
            if draw.random() < 0.55:
                begin = day_start(FIRST) + day * DAY + 480 + draw.randrange(0, 300, 10)
                length = draw.choice((10, 20, 40, 90, 180))
                yield Visit(person, at, begin, begin + length, mask=draw.random() < 0.5)
    for day in (2, 4):
        for person in (CASE, *draw.sample(range(2, PEOPLE + 1), 3)):
            begin = day_start(FIRST) + day * DAY + 840
            yield Visit(person, 13, begin, begin + 30 + draw.randrange(0, 30, 10), mask=False)


def names() -> dict[int, str]:
    said = {
        10: _("Building A"), 11: _("Building A, floor 1"), 12: _("Building A, floor 2"),
        13: _("Meeting room, floor 1"),
        20: _("Market"), 21: _("Market, stall 1"), 22: _("Market, stall 2"), 30: _("Classroom 6B"),
    }  # fmt: skip
    return {number: str(text) for number, text in said.items()}


def person(number: int) -> str:
    return _("Person %(number)s") % {"number": number}


def make(seed: int) -> Scenario:
    """What the trainee reads: the case's story and the log of the week."""
    world, places = town(seed), names()
    log = [
        Seen(visit.person, visit.place, _span(visit), _("mask") if visit.mask else _("no mask"))
        for visit in sorted(world.visits, key=lambda visit: (visit.place, visit.start, visit.person))
    ]
    story = (
        _("Person 1 fell ill on %(day)s; rule %(rule)s.") % {"day": times.day_with_year(ONSET), "rule": RULE},
        _("Persons 1 and 2 live together. Everything else stands in the log."),
        _("Tick every contact whom you would call, and the places that you would close."),
    )
    people = [(number, person(number)) for number in range(2, PEOPLE + 1)]
    return Scenario(_("Tracing in a small town"), story, people, list(places.items()), log)


def _span(visit: Visit) -> str:
    begin, end = times.local(visit.start), times.local(visit.end)
    return f"{times.day(begin.date())}, {begin:%H:%M}–{end:%H:%M}"


def score(seed: int, contacts: set[int], places: set[int]) -> Score:
    """The engine's contacts and the smallest area beside the trainee's."""
    world, said = town(seed), names()
    chosen = world.proposal.edited([("place", number) for number in sorted(places)])
    wanted = [unit.id for unit in world.proposal.proposed.units if unit.id[0] == "place"]
    best = world.proposal.edited(wanted)  # homes stand in both areas; only places are chosen
    return Score(
        contacts=len(world.contacts),
        found=len(contacts & world.contacts),
        missed=[person(number) for number in sorted(world.contacts - contacts)],
        wrong=[person(number) for number in sorted(contacts - world.contacts)],
        closed_in=chosen.people,
        held=chosen.share,
        engine_closed_in=best.people,
        engine_held=best.share,
        engine_places=[said[number] for _kind, number in wanted],
        rule=RULE,
    )


def register_all() -> None:
    roles = ("community-team", "commune-health", "cdc-officer", "cdc-director", "chairman")
    register(Drill("tracing", gettext_lazy("Tracing in a small town"), make, score, roles))
