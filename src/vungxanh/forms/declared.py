"""Who has a valid declaration, and declaring for somebody on the spot: asked by a gate, answered by whoever keeps
declarations. Rooms do not know each other; they meet here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True, slots=True)
class OnTheSpot:
    """Answers to the short form of a gate, for a person who stands there. `sender`: the record's own id."""

    person: int
    answers: Mapping[str, Any]
    sender: str
    at: datetime
    paper: bool = False
    scope_path: str = ""


class Source(Protocol):
    """A room that keeps declarations."""

    @property
    def name(self) -> str:
        """Stable name."""

    def public_keys(self) -> Iterable[ec.EllipticCurvePublicKey]:
        """Keys under which its result codes are signed."""

    def person_of(self, body: Mapping[str, Any]) -> int | None:
        """Whose result a signed body is; None where it was withdrawn or is not known here."""

    def given(self, persons: Iterable[int], at: datetime) -> dict[int, datetime]:
        """Person -> when the newest declaration was given that is valid at a moment."""

    def take(self, declared: OnTheSpot) -> None:
        """Take one. Raises UserError of `declarations`; the same sender's id again changes nothing."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Called by a room's AppConfig; the same name again replaces."""
    _sources[source.name] = source


def sources() -> tuple[Source, ...]:
    return tuple(_sources.values())


def public_keys() -> list[ec.EllipticCurvePublicKey]:
    """Keys of every source: a result code signed by one of them is ours."""
    return [key for source in sources() for key in source.public_keys()]


def person_of(body: Mapping[str, Any]) -> int | None:
    return next((found for source in sources() if (found := source.person_of(body)) is not None), None)


def given(persons: Iterable[int], at: datetime) -> dict[int, datetime]:
    """Person -> newest valid declaration, over all sources."""
    asked = list(persons)
    found: dict[int, datetime] = {}
    for source in sources():
        for person, when in source.given(asked, at).items():
            found[person] = max(when, found.get(person, when))
    return found


def take(declared: OnTheSpot) -> bool:
    """-> was there a room that keeps declarations?"""
    for source in sources():
        source.take(declared)
        return True
    return False
