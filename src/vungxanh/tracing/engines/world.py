"""Evidence as plain Python objects, by person: what the reference engine looks things up in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Household, Place, Roster, Seat, Visit
from vungxanh.rules.contact import ContactRule, assumptions
from vungxanh.tracing.engines.pieces import Piece, pieces


class World:
    """Slow and simple. Everything is built from rows; nothing is sorted for speed."""

    def __init__(self, evidence: Evidence) -> None:
        self.visits: list[Visit] = evidence.rows("visits")
        self.encounters: list[Encounter] = evidence.rows("encounters")
        self.seats: list[Seat] = evidence.rows("seats")
        self.households: list[Household] = evidence.rows("households")
        self.rosters: list[Roster] = evidence.rows("rosters")
        described = sorted(evidence.rows("places"), key=lambda place: -place.row)
        self.places: dict[int, Place] = {place.place: place for place in described}  # the smallest row id counts
        self.isolations: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for row in evidence.rows("isolations"):
            self.isolations[row.person].append((row.start, row.end, row.reason))

    @cached_property
    def people(self) -> list[int]:
        """Everybody of whom there is a row, ascending."""
        found = {row.person for rows in (self.visits, self.seats, self.households, self.rosters) for row in rows}
        return sorted(found | set(self.isolations) | {p for e in self.encounters for p in (e.a, e.b)})

    @cached_property
    def end(self) -> int:
        """The greatest end of what has happened."""
        kinds: tuple[Sequence[Visit | Encounter | Seat | Roster], ...] = (
            self.visits,
            self.encounters,
            self.seats,
            self.rosters,
        )
        return max((row.end for rows in kinds for row in rows), default=0)

    @cached_property
    def presence(self) -> dict[int, dict[int, list[Piece]]]:
        """person -> place -> pieces of visits."""
        return by_person((v.person, v.place, v) for v in self.visits)

    @cached_property
    def sessions(self) -> dict[int, dict[int, list[Piece]]]:
        """person -> group -> pieces of rosters."""
        return by_person((r.person, r.group, r) for r in self.rosters)

    @cached_property
    def people_at(self) -> dict[tuple[int, int], int]:
        """(place, UTC day) -> number of distinct people there."""
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        for v in self.visits:
            for day in range(v.start // MINUTES_A_DAY, (v.end - 1) // MINUTES_A_DAY + 1):
                found[v.place, day].add(v.person)
        return {key: len(people) for key, people in found.items()}

    def above(self, place: int) -> Iterator[int]:
        """The places that contain `place`, nearest first; a loop in the data ends it."""
        seen = {place}
        while (known := self.places.get(place)) and known.parent is not None and known.parent not in seen:
            place = known.parent
            seen.add(place)
            yield place

    def meeting_place(self, one: int, other: int) -> int | None:
        """Where people at the two places may meet: the same place, or the one that contains the other."""
        if one == other or one in self.above(other):
            return one
        return other if other in self.above(one) else None

    def nature(self, place: int | None) -> tuple[str | None, str | None]:
        """(space, setting) of a place; (None, None) for one nobody described."""
        known = self.places.get(place) if place is not None else None
        return assumptions().of_place(known.kind, known.space) if known else (None, None)

    def linger(self, place: int, rule: ContactRule) -> int:
        known = self.places.get(place)
        return rule.linger.get(known.kind or "", 0) if known else 0


def by_person(rows: Iterable[tuple[int, int, Visit | Roster]]) -> dict[int, dict[int, list[Piece]]]:
    grouped: dict[int, dict[int, list[Visit | Roster]]] = defaultdict(lambda: defaultdict(list))
    for person, place, row in rows:
        grouped[person][place].append(row)
    return {person: {place: pieces(rs) for place, rs in places.items()} for person, places in grouped.items()}
