"""Practice in a sandbox: an invented outbreak, judged by the engine. The room that traces registers the drill.

Nothing of a drill stands in the register, the lake or any count: it is made from a seed and forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the sandbox's log of visits."""

    person: int
    place: int
    when: str
    mask: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the trainee is given. `story` in sentences; people and places as (number, label)."""

    title: str
    story: Sequence[str]
    people: Sequence[tuple[int, str]]
    places: Sequence[tuple[int, str]]
    log: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class Score:
    """The trainee against the engine. `closed_in`: people whom the chosen places close in; `held`: share 0..1."""

    contacts: int
    found: int
    missed: Sequence[str]
    wrong: Sequence[str]
    closed_in: int
    held: float
    engine_closed_in: int
    engine_held: float
    engine_places: Sequence[str]
    rule: str

    @property
    def passed(self) -> bool:
        """At most one contact missed, and no more than twice the people closed in for at least as much held."""
        fair = self.closed_in <= 2 * self.engine_closed_in and self.held >= self.engine_held - 0.1
        return len(self.missed) <= 1 and len(self.wrong) <= self.contacts and fair


@dataclass(frozen=True, slots=True)
class Drill:
    """`make(seed)` -> scenario; `score(seed, contacts, places)` asks the engine. `roles`: whose courses."""

    key: str
    name: Any
    make: Callable[[int], Scenario]
    score: Callable[[int, set[int], set[int]], Score]
    roles: tuple[str, ...] = ()


_drills: dict[str, Drill] = {}


def register(drill: Drill) -> None:
    """The same key again replaces it."""
    _drills[drill.key] = drill


def drills() -> dict[str, Drill]:
    """Every drill that can be run here."""
    return dict(_drills)
