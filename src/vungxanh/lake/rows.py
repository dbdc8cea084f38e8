"""One row of evidence of each kind, as rooms and readers hand it over. Times are minutes, `[start, end)`.

`row` is an int64 id from `core.ids` (sender + own id, or content); 0 asks the lake to make it from the content.
Three-valued facts are None when nobody knows. `flags` are bits of `Flag`.
"""

from dataclasses import dataclass
from enum import IntFlag


class Flag(IntFlag):
    """What a row's certainty rests on."""

    NONE = 0
    ASSUMED_END = 1  # no check-out was recorded; the end is the least of usual stay, closing time, next start
    SCHEDULED = 2  # a roster says so, nobody saw it
    ABSENT = 4  # a roster row that takes presence away
    DISTANCE_AT_MOST = 8  # distance_m is an upper bound
    NAMED = 16  # an encounter told in an interview, not sensed


@dataclass(frozen=True, slots=True)
class Visit:
    person: int
    place: int
    start: int
    end: int
    mask: bool | None = None
    flags: int = 0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Encounter:
    """`seconds` of true contact within the interval; place None when unknown."""

    a: int
    b: int
    start: int
    end: int
    seconds: int
    distance_m: float | None = None
    place: int | None = None
    mask_a: bool | None = None
    mask_b: bool | None = None
    physical_contact: bool | None = None
    care_giver: bool | None = None
    ppe_adequate: bool | None = None
    flags: int = 0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in one trip of a vehicle; the trip is a place. `seat_row` counts from the front, None unknown."""

    person: int
    trip: int
    seat_row: int | None
    start: int
    end: int
    mask: bool | None = None
    flags: int = 0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Household:
    """Membership of a household over a time."""

    person: int
    household: int
    start: int
    end: int
    flags: int = 0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """One session of a group (class, shift, line, dormitory room, ward, meeting) for one person.

    The group is a place.
    """

    person: int
    group: int
    start: int
    end: int
    mask: bool | None = None
    flags: int = int(Flag.SCHEDULED)
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Isolation:
    """Kept apart, or found negative: `reason` is "isolation" or "negative"."""

    person: int
    start: int
    end: int
    reason: str = "isolation"
    flags: int = 0
    source: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its kind, the place that contains it, and its space where somebody recorded it."""

    place: int
    kind: str | None = None
    parent: int | None = None
    space: str | None = None
    source: str = ""
    row: int = 0


Row = Visit | Encounter | Seat | Household | Roster | Isolation | Place
