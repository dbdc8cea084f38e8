"""Which rooms stand in the officer's navigation and on the citizen's first page, in this order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

#: (name of the address, label); a room that is not installed is left out
DESK: tuple[tuple[str, Any], ...] = (
    ("outbreak:overview", _("Overview")),
    ("outbreak:cases", _("Cases")),
    ("outbreak:chains", _("Chains")),
    ("outbreak:today", _("Follow-up")),
    ("work:today", _("Work list")),
    ("outbreak:orders", _("Orders")),
    ("declarations:desk", _("Declarations")),
    ("cards", _("Card desk")),
    ("border:desk", _("Border")),
    ("exposure:codes", _("Exposure codes")),
    ("privacy:home", _("Data protection")),
    ("command:home", _("Dispatches")),
    ("command:hotline", _("Hotline")),
    ("command:messages", _("Messages")),
    ("command:courses", _("Courses")),
    ("venues:statistics", _("Arrivals and departures")),
    ("safetymap:desk", _("Safety of places")),
    ("zoning:zones", _("Levels and zones")),
    ("status", _("State of the system")),
)
#: what an officer must hold somewhere to be offered a room; a room that is not named is offered to every officer
NEEDS: dict[str, tuple[Permission, ...]] = {
    "privacy:home": (Permission.AUDIT_READ,),
    "status": (Permission.SYSTEM_OPERATE,),
    "outbreak:overview": (Permission.CASE_READ,),
    "outbreak:cases": (Permission.CASE_READ,),
    "outbreak:chains": (Permission.TRACE_RUN,),
    "outbreak:today": (Permission.CONTACT_FOLLOW,),
    "outbreak:orders": (Permission.CASE_READ,),
    "work:today": (Permission.WORK_READ,),
    "declarations:desk": (Permission.DECLARATION_READ,),
    "cards": (Permission.PEOPLE_REGISTER, Permission.DECLARATION_KEY),
    "venues:statistics": (Permission.STATISTICS_READ,),
    "border:desk": (Permission.BORDER_READ, Permission.BORDER_LOOK),
    "exposure:codes": (Permission.EXPOSURE_CODE,),
    "command:home": (Permission.DISPATCH_ANSWER,),
    "command:hotline": (Permission.HOTLINE_ANSWER,),
    "command:messages": (Permission.MESSAGE_DRAFT, Permission.MESSAGE_APPROVE),
    "safetymap:desk": (Permission.SAFETY_INSPECT, Permission.SAFETY_ASSESS, Permission.STATISTICS_READ),
    "zoning:zones": (Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE),
}
#: left out where one of the rooms that lead on to it is offered
LED_TO = {
    "command:hotline": ("command:home",),
    "command:messages": ("command:home", "command:hotline"),
    "command:courses": ("command:home", "command:hotline", "command:messages"),
}
CITIZEN: tuple[tuple[str, Any], ...] = (
    ("declarations:start", _("Declare my health")),
    ("exposure:home", _("Exposure notification")),
    ("venues:now", _("Where I am now")),
    ("venues:mine", _("Register or manage a place")),
    ("border:start", _("Declare before entering Viet Nam")),
    ("safetymap:public", _("Safety map")),
    ("command:real", _("Is this message real?")),
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
    if not isinstance(user, Officer):
        return []
    held = {permission for grant in user.grants() for permission in grant.permissions}
    return _items([entry for entry in DESK if _offered(entry[0], held)], request.path)


def _offered(name: str, held: set[str]) -> bool:
    if any(_offered(other, held) for other in LED_TO.get(name, ())):
        return False
    needed = NEEDS.get(name)
    return needed is None or not held.isdisjoint(needed)


def citizen_items() -> list[Item]:
    return _items(CITIZEN, "")


def desk_home(request: HttpRequest) -> str:
    """Where an officer begins: the first room of their navigation. Others are asked to log in there."""
    rooms = desk_items(request)
    return rooms[0].url if rooms else reverse("desk")


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """After logging in: the first room that the officer is offered, or the state of the system."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    rooms = desk_items(request)
    return redirect(rooms[0].url if rooms else "status")
