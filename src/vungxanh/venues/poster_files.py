"""The posters of a venue and its parts as one file."""

from typing import get_args

from django.conf import settings

from vungxanh.core.errors import UserError
from vungxanh.places.models import Place
from vungxanh.places.schemas import today
from vungxanh.venues.links import number_of, poster_link
from vungxanh.venues.models import Venue
from vungxanh.venues.posters import Poster, Sheet, draw
from vungxanh.venues.use import note_posters

SHEETS: tuple[str, ...] = get_args(Sheet)


def poster_file(venue: Venue, *, sheet: str, language: str, parts: bool, request_base: str = "") -> bytes:
    """Raises UserError `venues.unknown-sheet`."""
    if sheet not in SHEETS:
        raise UserError("venues.unknown-sheet", field="sheet", value=sheet, known=", ".join(SHEETS))
    places = [venue.place]
    if parts:
        places += venue.place.parts.filter(closed=None).order_by("name_sort")
    posters = [poster_of(place, venue, request_base) for place in places]
    note_posters(places, language, sheet)
    return draw(posters, sheet=sheet, language=language, drill=settings.DEMO)  # type: ignore[arg-type]


def poster_of(place: Place, venue: Venue, request_base: str = "") -> Poster:
    """A part's poster says the whole's name too."""
    whole = venue.place
    return Poster(
        name=place.name if place == whole else f"{place.name} · {whole.name}",
        address=place.address or whole.address,
        number=number_of(place.pk),
        help=venue.help,
        link=poster_link(place.pk, request_base),
        printed=today(),
    )
