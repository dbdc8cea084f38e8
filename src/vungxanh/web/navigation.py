"""Which rooms stand in the officer's navigation and on the citizen's first page, in this order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

#: (name of the address, label); a room that is not installed is left out
DESK: tuple[tuple[str, Any], ...] = (
    ("outbreak:overview", _("Overview")),
    ("outbreak:cases", _("Cases")),
    ("outbreak:chains", _("Chains")),
    ("outbreak:today", _("Follow-up")),
    ("work:today", _("Work list")),
    ("outbreak:orders", _("Orders")),
    ("declarations:desk", _("Declarations")),
    ("border:desk", _("Border")),
    ("exposure:codes", _("Exposure codes")),
    ("command:home", _("Dispatches")),
    ("venues:statistics", _("Arrivals and departures")),
    ("safetymap:desk", _("Safety of places")),
    ("zoning:zones", _("Levels and zones")),
)
CITIZEN: tuple[tuple[str, Any], ...] = (
    ("declarations:start", _("Declare my health")),
    ("exposure:home", _("Exposure notification")),
    ("venues:now", _("Where I am now")),
    ("venues:mine", _("Register or manage a place")),
    ("border:start", _("Declare before entering Viet Nam")),
    ("safetymap:public", _("Safety map")),
)


@dataclass(frozen=True)
class Item:
    url: str
    label: Any
    is_here: bool


def _items(entries: Iterable[tuple[str, Any]], path: str) -> list[Item]:
    found = []
    for name, label in entries:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append((url, label))
    here = max((url for url, _label in found if path.startswith(url)), key=len, default="")
    return [Item(url, label, url == here) for url, label in found]


def desk_items(request: HttpRequest) -> list[Item]:
    """Rooms of the officer who is logged in; nobody else sees any."""
    user = getattr(request, "user", None)
    return _items(DESK, request.path) if user is not None and user.is_authenticated else []


def citizen_items() -> list[Item]:
    return _items(CITIZEN, "")


def desk_home() -> str:
    """Where an officer begins: the first room of the navigation."""
    items = _items(DESK, "")
    return items[0].url if items else "/"
