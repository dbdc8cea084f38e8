"""Reading venues: who keeps them, how full they are, what a gate may show."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from vungxanh.people.queries import SEX_WORDS, masked
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import ancestors, newest_fact, within
from vungxanh.venues.actions import token_hash
from vungxanh.venues.models import CitizenDevice, Gate, Venue, Visit
from vungxanh.venues.refold import settle

LEVEL_FACT = "safetymap.level"
#: "another sex, or not told": a gate has nothing to say of it
_UNTOLD = {words[3] for words in SEX_WORDS.values()}


def kept_by(phone_hash: bytes) -> "QuerySet[Venue]":
    """Venues that a proved telephone number keeps, newest first."""
    # scope: the keeper's, gate's or citizen's own
    kept = Venue.objects.filter(keepers__phone_hash=phone_hash, keepers__until=None, place__merged_into=None)
    return kept.select_related("place").order_by("-registered_at")


def venue_of(place: Place) -> Venue | None:
    """The venue that a place belongs to: its own, or that of what contains it."""
    for each in [place, *ancestors(place)]:
        found = Venue.objects.filter(pk=each.pk).first()  # scope: the keeper's, gate's or citizen's own
        if found:
            return found
    return None


def gate_of(token: str) -> Gate | None:
    """The gate that holds `token`, unless it was revoked or its place is closed."""
    # scope: the keeper's, gate's or citizen's own
    gates = Gate.objects.select_related("place", "venue", "venue__place")
    return gates.filter(token_hash=token_hash(token), revoked_at=None, venue__place__closed=None).first()


def device_of(token: str) -> CitizenDevice | None:
    return CitizenDevice.objects.filter(token_hash=token_hash(token)).first() if token else None


def inside(at: datetime | None = None) -> Q:
    """Stays that go on at a moment: begun, not closed, not assumed over."""
    now = at or timezone.now()
    return Q(start__lte=now, until__gt=now) & (Q(end=None) | Q(end__gt=now))


def occupancy(place: Place, at: datetime | None = None, *, settled: bool = True) -> int:
    """People in a place and all its parts now; somebody recorded in two parts is one.

    Not `settled`: as far as scans are folded, for whoever delivers long lists and does not read visits.
    """
    if settled:
        settle()
    # scope: the keeper's, gate's or citizen's own
    stays = Visit.objects.filter(inside(at), place__in=within(place.scope_path))
    return stays.aggregate(people=Count("person", distinct=True))["people"] or 0


def open_visits(place: Place, persons: Iterable[int]) -> dict[int, Visit]:
    """Person -> their stay at exactly this place that goes on now."""
    # scope: the keeper's, gate's or citizen's own
    rows = Visit.objects.filter(inside(), place=place, person__in=list(persons))
    return {visit.person: visit for visit in rows}


def open_anywhere(persons: Iterable[int]) -> list[Visit]:
    """Stays of these people that go on now, newest first: what the home page keeps until it is used."""
    rows = Visit.objects.filter(inside(), person__in=list(persons))  # scope: the keeper's, gate's or citizen's own
    return list(rows.select_related("place").order_by("-start"))


def last_scan(place: Place) -> datetime | None:
    # scope: the keeper's, gate's or citizen's own
    newest = Visit.objects.filter(place__in=within(place.scope_path)).order_by("-start").first()
    return newest.start if newest else None


def level_of(place: Place) -> PlaceFact | None:
    """The newest safety level of a place, else of what contains it."""
    for each in [place, *ancestors(place)]:
        fact = newest_fact(each, LEVEL_FACT)
        if fact:
            return fact
    return None


def shown(person: int) -> str:
    """All that a gate may show: initials, sex, birth year."""
    return shown_many([person])[person]


def shown_many(persons: Iterable[int]) -> dict[int, str]:
    """`N. T. L., nữ, 1990`: a gate shows initials only, not the given name."""
    return {person: _initials(text) for person, text in masked(set(persons)).items()}


def _initials(text: str) -> str:
    """The given name of a masked text shortened to its letter as well."""
    name, _, rest = text.partition(",")
    words = name.split()
    letters = [word if word.endswith(".") or word[-1].isdigit() else f"{word[0]}." for word in words]
    told = [part for part in rest.split(",") if part.strip() and part.strip() not in _UNTOLD]
    return ",".join([" ".join(letters), *told])
