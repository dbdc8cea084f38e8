"""The kit of a place in one file: its posters and codes, the guides, the criteria, the checklist."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from vungxanh.core.scope import scoped
from vungxanh.exchange.pdf import qr_svg
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place
from vungxanh.safetymap import keeper
from vungxanh.safetymap.paper import checklist, criteria_sheet
from vungxanh.venues import phones, queries
from vungxanh.venues.links import base_url, number_of, poster_link
from vungxanh.venues.models import Venue
from vungxanh.venues.pages import PROVED
from vungxanh.venues.poster_files import poster_file
from vungxanh.web import guides

FILES = {
    "vi": {"poster": "ap-phich-ma-qr", "guide": "huong-dan", "criteria": "tieu-chi", "checklist": "bang-kiem"},
    "en": {"poster": "qr-posters", "guide": "guides", "criteria": "criteria", "checklist": "checklist"},
}


@require_GET
def kit(request: HttpRequest, number: int) -> HttpResponse:
    """ZIP, in the language of the page; for the place's keeper and for the officers of its safety."""
    place = _theirs(request, number)
    made = packed(place, language=_language(), request_base=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{number_of(place.pk)}.zip"'
    return response


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _theirs(request: HttpRequest, number: int) -> Place:
    """404 for everybody else, as if the place did not exist."""
    found = keeper.kept_place(request, number) or _by_phone(request, number) or _by_office(request, number)
    if found is None:
        raise Http404
    return found


def _by_phone(request: HttpRequest, number: int) -> Place | None:
    phone = request.session.get(PROVED)
    kept = queries.kept_by(phones.hash_of(phone)).filter(pk=number).first() if phone else None
    return kept.place if kept else None


def _by_office(request: HttpRequest, number: int) -> Place | None:
    if not isinstance(request.user, Officer):
        return None
    wanted, officer = (Permission.SAFETY_INSPECT, Permission.SAFETY_ASSESS), request.user
    seen = (scoped(Place.objects.filter(pk=number), officer, one) for one in wanted)
    return next((place for found in seen for place in found), None)


def packed(place: Place, *, language: str, request_base: str) -> bytes:
    """The ZIP; papers speak the language of the page, `vi` or `en`."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in _contents(place, language, request_base):
            archive.writestr(name, content)
    return target.getvalue()


def _contents(place: Place, language: str, request_base: str) -> Iterator[tuple[str, bytes]]:
    names, day = FILES[language], timezone.localdate()
    # scope: the place is theirs, asked above; one that is not yet a venue has its code all the same
    venue = Venue.objects.filter(pk=place.pk).first() or Venue(place=place)
    posters = poster_file(venue, sheet="a4", language=language, parts=True, request_base=request_base)
    yield f"1-{names['poster']}.pdf", posters
    yield f"1-{number_of(place.pk)}.svg", qr_svg(poster_link(place.pk, request_base), scale=8)
    for key in guides.for_place(place.kind):
        found, address = guides.guide(key, day), base_url(request_base)
        paper = guides.pdf(found, language=language, address=address, day=day, drill=settings.DEMO)
        yield f"2-{names['guide']}/{key}.pdf", paper
    yield f"3-{names['criteria']}.pdf", criteria_sheet(place)
    yield f"4-{names['checklist']}.pdf", checklist(place)
