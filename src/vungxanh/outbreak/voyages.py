"""A passenger becomes a case: who sat how far away, and the crew, by the rule in force. One voyage at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from vungxanh.border.evidence import interval, seat
from vungxanh.border.models import Aboard, Voyage
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Place
from vungxanh.outbreak.exposed import index_person, rule_for
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import Question
from vungxanh.people.queries import canonical
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing import trace
from vungxanh.tracing.model import Certainty, ContactRow, TraceRequest, Window

FAR = 999


@dataclass(frozen=True, slots=True)
class Seatmate:
    """One person aboard. `rows_away` None where a seat is not known; `certainty` None: no contact by the rule."""

    person: int
    seat: str
    role: str
    rows_away: int | None
    certainty: Certainty | None

    @property
    def is_crew(self) -> bool:
        return self.role != Aboard.Role.PASSENGER

    @property
    def order(self) -> tuple[int, int, str]:
        worst = FAR if self.certainty is None else int(self.certainty)
        return worst, FAR if self.rows_away is None else self.rows_away, self.seat


@dataclass(frozen=True, slots=True)
class SeatList:
    """The answer for one voyage: own seat, whether it lies in the infectious time, everybody else aboard."""

    voyage: Voyage
    rule: ContactRule
    window: Window
    own: Aboard
    mates: list[Seatmate]
    during: bool

    @property
    def crew(self) -> list[Seatmate]:
        return [one for one in self.mates if one.is_crew]

    @property
    def passengers(self) -> list[Seatmate]:
        return [one for one in self.mates if not one.is_crew]

    @property
    def contacts(self) -> int:
        return sum(one.certainty is not None for one in self.mates)


def voyages_of(case: Case) -> list[Aboard]:
    """Voyages on which the case was, newest first: the case is the officer's, so its voyages are."""
    rows = Aboard.objects.filter(person=case.person)  # scope: of a case in the officer's own
    return list(rows.select_related("voyage").order_by("-voyage__on"))


def seat_list(case: Case, own: Aboard, question: Question | None = None) -> SeatList:
    """Everybody aboard with their distance and certainty.

    Only the rows of this voyage are put to the engine, so the answer takes as long as one aeroplane is large.
    Raises UserError where no rule is in force.
    """
    voyage, rule = own.voyage, rule_for(case, question or Question())
    aboard = list(Aboard.objects.filter(voyage=voyage).select_related("voyage"))  # scope: of the voyage in hand
    found = trace(TraceRequest((index_person(case),), rule=rule, disease=case.disease), _lake(voyage, aboard))
    rows = {row.contact: row for row in found.rows}
    same = canonical(one.person for one in aboard)
    me = same.get(case.person, case.person)
    others = [one for one in aboard if same.get(one.person, one.person) != me]
    mates = sorted((_mate(one, own, rows) for one in others), key=lambda mate: mate.order)
    start, end, _told = interval(voyage)
    during = start < found.window.end and found.window.start < end
    return SeatList(voyage, rule, found.window, own, mates, during)


def _lake(voyage: Voyage, aboard: Sequence[Aboard]) -> MemoryLake:
    trip = Place(voyage.place, "trip", None, source="border", row=voyage.place)
    return MemoryLake(Evidence.of(seats=map(seat, aboard), places=[trip]))


def _mate(one: Aboard, own: Aboard, rows: dict[int, ContactRow]) -> Seatmate:
    away = abs(one.row - own.row) if one.row is not None and own.row is not None else None
    row = rows.get(one.person)
    return Seatmate(one.person, one.seat, one.role, away, row.certainty if row else None)
