"""What crosses the room's door."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vungxanh.exposure.codec.keys import ReportType


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """Both spellings of a code, shown once and kept nowhere. `short` is read aloud, `long` may be sent."""

    id: int
    request: UUID
    short: str
    long: str
    short_until: datetime
    long_until: datetime


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """One line of a list of codes."""

    case_id: int
    onset: date | None


@dataclass(frozen=True, slots=True)
class KeyStory:
    """Why a key is or is not in a file. `state`: unknown | held | waiting | published; times are Unix seconds."""

    key: str
    state: str
    file: str | None
    published_from: int | None
    received_before: int | None
    revised_in: str | None
    reason: dict[str, str]


@dataclass(frozen=True, slots=True)
class Invited:
    """A code by which somebody shares encounters; shown once."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SharedIn:
    """One encounter as a device tells it: the published key, one identifier of it that was heard and its interval.

    `start`, `end`: Unix seconds; `loss`: least attenuation in dB.
    """

    key: bytes
    rpi: bytes
    interval: int
    start: int
    end: int
    seconds: int
    loss: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Day -> encounters that were taken."""

    receipt: str
    days: dict[date, int]


@dataclass(frozen=True, slots=True)
class HeardIn:
    """One identifier as a gateway heard it; `at` Unix seconds."""

    id: str
    rpi: bytes
    at: int
    rssi: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer to one record of a gateway; without a reason it was accepted."""

    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LabRecord:
    """One positive result. `phone`: where the code goes; without it the laboratory hands the code over."""

    id: str
    case_id: int
    onset: date | None
    report_type: ReportType
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LabVerdict:
    """`status`: issued (the code is here) | sent | duplicate | refused."""

    id: str
    status: str
    reason: str = ""
    short: str = ""
    long: str = ""
