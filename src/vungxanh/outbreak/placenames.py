"""What people call a place: its name and what it stands in ("Sạp 12, Chợ Thái")."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from vungxanh.places.models import Place
from vungxanh.places.queries import path_ids


def place_names(ids: Iterable[int]) -> dict[int, str]:
    """Place id -> name with the places that contain it, in two queries; an unregistered one is left out."""
    places = Place.objects.in_bulk(set(ids))  # scope: names of places in hand
    above = {number for place in places.values() for number in path_ids(place.scope_path)}
    known = {**places, **Place.objects.in_bulk(above - places.keys())}  # scope: names of places in hand
    return {number: _name(place, known) for number, place in places.items()}


def _name(place: Place, known: dict[int, Place]) -> str:
    chain = [known[number].name for number in reversed(path_ids(place.scope_path)) if number in known]
    return ", ".join(chain) or place.name


def fallback(place: int | None) -> str:
    """For a place that nobody registered (evidence from a file), or none at all."""
    return _("an unknown place") if place is None else _("place %(number)s") % {"number": place}
