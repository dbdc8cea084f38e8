"""What crosses the door of `people`: a person to register, a person revealed, a candidate found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from vungxanh.core.scope import ANY_PATH, Sector


@dataclass(frozen=True)
class DocumentIn:
    """A document as it was given. `verified`: somebody or something authentic was looked at, not just typed."""

    kind: str
    number: str
    country: str = "VNM"
    verified: bool = False


@dataclass(frozen=True)
class PersonIn:
    """Somebody to register. `sex` 1 male, 2 female, 3 other or not told; a birth date or only the year.

    `commune_code` with its scheme says where home is; `scope_path` who is responsible (its commune's path).
    """

    name: str
    sex: int = 3
    birth_date: date | None = None
    birth_year: int | None = None
    phones: Sequence[str] = ()
    documents: Sequence[DocumentIn] = ()
    nationality: str = "VNM"
    commune_code: str = ""
    commune_scheme: str = ""
    address: str = ""
    scope_path: str = ANY_PATH
    scope_org: int | None = None
    scope_sector: str = Sector.HEALTH


@dataclass(frozen=True)
class PersonOut:
    """A person in plain words, after a recorded look."""

    id: int
    name: str
    sex: int
    birth_date: date | None
    birth_year: int | None
    nationality: str
    phones: list[str]
    documents: list[DocumentIn]
    commune_code: str
    commune_scheme: str
    address: str


@dataclass(frozen=True)
class Found:
    """A candidate of a search, masked; `score` 0-100, `why` phone | document | name."""

    id: int
    masked: str
    score: float
    why: str


@dataclass(frozen=True)
class NameKeys:
    """Keyed hashes of a name: of the whole, of its syllables, its initials and its trigrams."""

    whole: int
    block: int = 0
    syllables: list[int] = field(default_factory=list)
    initials: list[int] = field(default_factory=list)
    trigrams: list[int] = field(default_factory=list)
