"""Reading places: by scope, by what contains them, by name."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from vungxanh.core.vietnamese import fold
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.schemas import today
from vungxanh.places.units import find

_PART = re.compile(r"p(\d+)")


def within(path: str) -> "QuerySet[Place]":
    """Places in an administrative unit (`/19/05443/`) or in a place (`/19/05443/p812/`), it included."""
    return Place.objects.filter(scope_path__startswith=path)  # scope: places are public; rooms scope what they add


def path_ids(path: str) -> list[int]:
    """Ids of the places named in a path, outermost first."""
    return [int(number) for number in _PART.findall(path)]


def names_of_paths(paths: Iterable[str]) -> dict[str, str]:
    """Path of a commune or province -> what it is called today; other paths are left out."""
    day, found = today(), {}
    for path in set(paths):
        codes = [code for code in path.split("/") if code.isdigit() and len(code) in (2, 5)]
        unit = find(codes[-1], day) if codes else None
        if unit:
            found[path] = unit.full_name
    return found


def ancestors(place: Place) -> list[Place]:
    """The places that contain it, nearest first."""
    ids = path_ids(place.scope_path)[:-1]
    found = Place.objects.in_bulk(ids)  # scope: parents of a place in hand
    return [found[number] for number in reversed(ids)]


def containment(after: int = 0) -> Iterator[tuple[int, str, int | None]]:
    """(place, kind, parent) of every place with an id above `after`, in order of ids: what the lake keeps."""
    rows = Place.objects.filter(pk__gt=after).order_by("pk")  # scope: the lake keeps all of them
    yield from rows.values_list("pk", "kind", "parent_id").iterator(chunk_size=10_000)


def current(place: Place) -> Place:
    """The place that a code leads to: itself, or what it was merged into."""
    while place.merged_into is not None:
        place = place.merged_into
    return place


def search(text: str, within_path: str = "/", limit: int = 20) -> list[Place]:
    """Open places whose name begins with the text, then those that contain it; any spelling."""
    wanted = fold(text)
    if not wanted:
        return []
    found = within(within_path).filter(closed=None, merged_into=None, name_folded__contains=wanted)
    starts = Q(name_folded__startswith=wanted)
    first = list(found.filter(starts).order_by("name_sort")[:limit])
    return first + list(found.exclude(starts).order_by("name_sort")[: limit - len(first)])


def newest_fact(place: Place, kind: str, at: datetime | None = None) -> PlaceFact | None:
    """The fact of a kind that counts at a moment, be it stale or not: `is_stale` says so."""
    moment = at or timezone.now()
    return place.facts.filter(kind=kind, at__lte=moment).order_by("-at", "-pk").first()


def is_stale(fact: PlaceFact, at: datetime | None = None) -> bool:
    return fact.valid_until is not None and fact.valid_until <= (at or timezone.now())


def newest_facts(places: Iterable[int], kind: str) -> dict[int, PlaceFact]:
    """Place id -> newest fact of a kind, in one query."""
    rows = PlaceFact.objects.filter(place__in=list(places), kind=kind).order_by(  # scope: places in hand
        "place", "-at", "-pk"
    )  # scope: of places in hand
    return {fact.place_id: fact for fact in rows.distinct("place")}
