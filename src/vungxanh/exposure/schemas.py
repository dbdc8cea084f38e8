"""What crosses the room's door."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


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
