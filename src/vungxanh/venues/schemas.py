"""What crosses the door of `venues`: records as gates send them, a venue to register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(min_length=1, max_length=80)]
Way = Literal["camera", "scanner", "typed", "phone", "paper", "app", "list"]


class Incoming(BaseModel):
    """Frozen; unknown keys are refused, so that a misspelt field is not silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Guest(Incoming):
    """Somebody without a code, declared on the spot. `tail`: last four digits of a document that was shown.

    Without a name, `tail` and `birth_year` stand for somebody until the end of the day.
    """

    name: Annotated[str, Field(max_length=120)] = ""
    birth_year: int | None = None
    sex: Literal[1, 2, 3] = 3
    phone: Annotated[str, Field(max_length=30)] = ""
    document: Annotated[str, Field(max_length=30)] = ""
    tail: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.name and not (self.tail and self.birth_year):
            raise ValueError("a guest has a name, or the last digits of a card and a birth year")
        return self


class ScanIn(Incoming):
    """One record of a gate: a code that was read, a guest, or somebody whose telephone was proved (`proof`).

    `at` is the device's own clock; `answers` the short declaration given on the spot; `shown` another evidence of
    one; `host` whom a visitor of an office comes to see; `seat` a seat of the plan or the number of a row,
    `to` the stop to which a passenger goes.
    """

    id: Id
    at: datetime
    code: Annotated[str, Field(max_length=5000)] = ""
    guest: Guest | None = None
    way: Way = "scanner"
    direction: Literal["", "in", "out"] = ""
    place: int | None = None
    mask: bool | None = None
    group: Annotated[str, Field(max_length=80)] = ""
    proof: Annotated[str, Field(max_length=300)] = ""
    answers: Annotated[dict[str, bool | str], Field(max_length=20)] | None = None
    shown: Literal["", "paper"] = ""
    host: Annotated[str, Field(max_length=120)] = ""
    seat: Annotated[str, Field(max_length=8)] = ""
    to: Annotated[str, Field(max_length=60)] = ""


@dataclass(slots=True)
class Recorded:
    """A row of `ScanRecord` on its way to the table, without what an instance of a model costs."""

    id: int
    digest: int
    received_at: datetime
    place_id: int
    person: int
    at: datetime
    said_at: datetime
    direction: int
    way: str
    strength: int
    mask: bool | None
    gate: int | None
    group: int | None


class SealedIn(Incoming):
    """A record that its gate could not read back: `box` opens to a ScanIn as JSON."""

    id: Id
    box: Annotated[str, Field(max_length=20_000)]


class TallyIn(Incoming):
    """People counted and not scanned."""

    id: Id
    at: datetime
    people: Annotated[int, Field(ge=1, le=100_000)]


class TripIn(Incoming):
    """What the crew did with a trip, by the device's clock. `stop`: the vehicle has reached it."""

    id: Id
    at: datetime
    event: Literal["open", "stop", "close"]
    clock: datetime | None = None
    plate: Annotated[str, Field(max_length=20)] = ""
    route: Annotated[str, Field(max_length=200)] = ""
    seat_layout: Annotated[str, Field(max_length=200)] = ""
    stop: Annotated[str, Field(max_length=60)] = ""


class TicketIn(Incoming):
    """A market ticket as a gate read it."""

    id: Id
    at: datetime
    code: Annotated[str, Field(max_length=1000)]


class VisitIn(Incoming):
    """One tap on a telephone that had no network. `members`: whom it stood for."""

    id: Id
    code: Annotated[str, Field(max_length=100)]
    way: Literal["in", "out"]
    at: datetime
    members: Annotated[list[int], Field(max_length=50)] = []
    proof: Annotated[str, Field(max_length=200)] = ""


class VisitsIn(Incoming):
    """What a telephone kept. `clock` is its time at sending."""

    clock: datetime
    visits: Annotated[list[VisitIn], Field(max_length=500)]


class Delivery(Incoming):
    """What a gate sends at once. `clock` is the device's time at sending: its error is corrected and marked."""

    clock: datetime | None = None
    records: Annotated[list[ScanIn], Field(max_length=5000)] = []
    sealed: Annotated[list[SealedIn], Field(max_length=5000)] = []


class Answer(BaseModel):
    """Verdict on one record; `shown` is all that a gate may show of a person."""

    id: str
    status: Literal["accepted", "duplicate", "refused"]
    reason: str = ""
    message: str = ""
    thong_bao: str = ""
    shown: str = ""
    state: Literal["", "in", "out"] = ""


class Reply(BaseModel):
    """`inside` is the number of people at the gate's place now, `skew` what was added to the device's times."""

    answers: list[Answer]
    inside: int
    skew: int


class PhoneIn(Incoming):
    """A telephone that somebody at a gate says is theirs."""

    id: Id
    phone: Annotated[str, Field(min_length=6, max_length=30)]


class PhoneCodeIn(Incoming):
    """The code that it received."""

    phone: Annotated[str, Field(min_length=6, max_length=30)]
    code: Annotated[str, Field(pattern=r"^\d{6}$")]


class Proved(BaseModel):
    """Somebody known under a proved number, as a gate may show them."""

    shown: str
    proof: str
