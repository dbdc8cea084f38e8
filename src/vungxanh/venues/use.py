"""What this room publishes about places for others to read: that codes are hung, and that they are really used."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from vungxanh.core.minutes import VIETNAM
from vungxanh.places.actions import put_fact
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import path_ids

USE, POSTER = "venues.use", "venues.poster"
_ZONE = ZoneInfo(VIETNAM)


def note_use(seen: Iterable[tuple[Place, datetime]]) -> None:
    """One fact a place and day on which somebody was recorded there, for what contains it too."""
    newest: dict[int, datetime] = {}
    for place, at in seen:
        for number in path_ids(place.scope_path):
            newest[number] = max(at, newest.get(number, at))
    noted = _noted(newest)
    for number, at in newest.items():
        day = at.astimezone(_ZONE).date()
        if (number, day.isoformat()) not in noted:
            put_fact(place=Place(pk=number), kind=USE, value={"day": day.isoformat()}, source="venues", at=at)


def _noted(newest: dict[int, datetime]) -> set[tuple[int, str]]:
    days = {at.astimezone(_ZONE).date().isoformat() for at in newest.values()}
    # scope: the system asks what it has noted itself
    rows = PlaceFact.objects.filter(place__in=list(newest), kind=USE, value__day__in=list(days))
    return {(place, value["day"]) for place, value in rows.values_list("place", "value")}


def note_posters(places: Iterable[Place], language: str, sheet: str) -> None:
    """A poster was drawn: the code can hang."""
    for place in places:
        value = {"language": language, "sheet": sheet}
        put_fact(place=place, kind=POSTER, value=value, source="venues", at=timezone.now())
