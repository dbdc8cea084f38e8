"""What a verified event becomes in other rooms: links that they register, so that this room need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vungxanh.core.scope import HasGrants


@dataclass(frozen=True, slots=True)
class Onward:
    """`url(person)`: where an officer goes on for this caller; `made(…)`: what came of it, (url, name).

    `kinds`: of which events; `permission`: who is offered it.
    """

    name: Any
    kinds: frozenset[str]
    permission: str
    url: Callable[[int], str]
    made: Callable[[HasGrants, int, datetime], list[tuple[str, str]]]


_onward: dict[str, Onward] = {}


def register(key: str, onward: Onward) -> None:
    """The same key again replaces it."""
    _onward[key] = onward


def onward(kind: str) -> list[Onward]:
    """What an event of this kind may become."""
    return [one for one in _onward.values() if kind in one.kinds]
