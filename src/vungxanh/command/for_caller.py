"""What an agent can do for a caller besides writing the call down: links that the rooms above register."""

from collections.abc import Callable, Sequence

from vungxanh.core.scope import HasGrants

#: name and address
Link = tuple[str, str]
_offers: dict[str, Callable[[HasGrants], Sequence[Link]]] = {}


def register(key: str, links: Callable[[HasGrants], Sequence[Link]]) -> None:
    """The same key again replaces it."""
    _offers[key] = links


def links(officer: HasGrants) -> list[Link]:
    """Only what the officer may open."""
    return [link for offer in _offers.values() for link in offer(officer)]
