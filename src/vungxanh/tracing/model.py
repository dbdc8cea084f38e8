"""What goes into a trace and what comes out. Frozen; times are minutes, intervals `[start, end)`.

The words are those of tracing/README.md, "Semantics".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from vungxanh.core.minutes import format_minute
from vungxanh.rules.contact import Bounds, ContactRule


class Certainty(IntEnum):
    """Ordered from best to worst: a path is as certain as the greatest of its hops."""

    CONFIRMED = 0
    PROBABLE = 1
    NEEDS_INTERVIEW = 2

    @property
    def label(self) -> str:
        return ("confirmed", "probable", "needs interview")[self]


@dataclass(frozen=True, slots=True)
class IndexPerson:
    """A confirmed case. Give `onset`, or `sampled` where there were no symptoms; a date is a local day.

    `start` and `end` (minutes) override the window; isolation and negative tests that the lake does not know
    may be given here; `source_contact`: first contact with a known source, for rules that ask.
    """

    person: int
    onset: date | None = None
    sampled: date | None = None
    start: int | None = None
    end: int | None = None
    isolated: int | None = None
    negative: int | None = None
    source_contact: int | None = None


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """`rule` None takes the one in force on each case's onset (else sample) date; `bounds` None the rule's own."""

    cases: tuple[IndexPerson, ...]
    rule: ContactRule | str | None = None
    generations: int = 1
    engine: str = "index"
    bounds: Bounds | None = None
    merge: bool = False
    disease: str = "covid19"


@dataclass(frozen=True, slots=True)
class Window:
    """Infectious window of one index person under one rule. `ended_by`: isolation, negative, rule, to, lake."""

    index: int
    start: int
    end: int
    rule: str
    ended_by: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of shared time between an infector and a contact.

    `place`: the place both were in (a trip, a group, a household; None unknown). `contained`: one was known to be
    only somewhere inside. `air`: the source had left, the air had not. `assumed`: rests on what nobody recorded.
    """

    kind: str
    place: int | None
    start: int
    end: int
    seconds: int
    infector: int
    source_row: int
    contact_row: int
    assumed: bool = False
    air: bool = False
    contained: bool = False

    @property
    def order(self) -> tuple[int, str, int, int, int, int, int]:
        """Sort key: start, kind, place, then what makes the order total."""
        return (
            self.start,
            self.kind,
            -1 if self.place is None else self.place,
            self.end,
            self.infector,
            self.source_row,
            self.contact_row,
        )

    def __str__(self) -> str:
        marks = (":assumed" if self.assumed else "") + (":air" if self.air else "")
        place = "-" if self.place is None else self.place
        times = f"{format_minute(self.start)}-{format_minute(self.end)}"
        return f"{self.kind}:{place}:{times}:{self.source_row}+{self.contact_row}{marks}"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact of one index person. Times and seconds describe the pair (named infector, contact);
    the infector is the last but one of `path`."""

    index: int
    contact: int
    generation: int
    first_exposed: int
    last_exposed: int
    seconds: int
    certainty: Certainty
    rule: str
    path: tuple[int, ...]
    evidence: tuple[EvidenceItem, ...]

    @property
    def called(self) -> str:
        """F1, F2, …; empty for who is only probable: lingering air, an assumed end or a sum that the rule does not
        make give nobody that name, unless the pack counts them and so confirms the row."""
        return "" if self.certainty == Certainty.PROBABLE else f"F{self.generation}"

    @property
    def infector(self) -> int:
        return self.path[-2]

    @property
    def order(self) -> tuple[int, int, int, int]:
        return (self.index, self.generation, self.first_exposed, self.contact)


@dataclass(frozen=True, slots=True, order=True)
class PlaceEvent:
    """A hub that an infectious person was in on a UTC day (days since the epoch): notify the place."""

    index: int
    hop: int
    place: int
    day: int
    people: int


@dataclass(frozen=True, slots=True, order=True)
class Truncation:
    """What a bound left out at a hop: `hub` place-days, `frontier` people, `hop_minutes` pairs."""

    hop: int
    bound: str
    left_out: int


@dataclass(frozen=True, slots=True, order=True)
class TwoPlaces:
    """Bad data: the pair shared time at two separate places at once."""

    index: int
    infector: int
    contact: int


@dataclass(frozen=True, slots=True)
class TraceResult:
    """The answer. `rows` in the order index, generation, first_exposed, contact."""

    rows: Sequence[ContactRow]
    windows: tuple[Window, ...]
    truncated: tuple[Truncation, ...] = ()
    place_events: tuple[PlaceEvent, ...] = ()
    bad_data: tuple[TwoPlaces, ...] = ()
    unknown: tuple[int, ...] = ()  # index persons of whom the lake holds no row
    presumed: tuple[str, ...] = ()  # inputs that were taken as "no" because no scan asks them
    lake: str = ""
    engine: str = ""
    code: str = ""
    times: dict[str, float] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The window, where there is one case."""
        return self.windows[0]

    @property
    def rule(self) -> str:
        return self.windows[0].rule
