"""A keeper's way in: a link for one place, made by whoever has proved who keeps it.

The link is a signed place number, good for some hours; opening it puts the place into the session. Another room
makes the same link by `django.core.signing.dumps(place_id, salt="vungxanh.keeper")`.
"""

from django.core import signing
from django.http import HttpRequest

from vungxanh.core.errors import UserError
from vungxanh.places.models import Place

SALT = "vungxanh.keeper"
SESSION = "kept_places"
GOOD_FOR_SECONDS = 12 * 3600


def token(place: int) -> str:
    """What stands after `?k=`."""
    return signing.dumps(place, salt=SALT)


def open_link(request: HttpRequest, given: str) -> int:
    """Place number of a link; the session remembers it. Raises UserError `safetymap.link-not-valid`."""
    try:
        place = int(signing.loads(given, salt=SALT, max_age=GOOD_FOR_SECONDS))
    except (signing.BadSignature, TypeError, ValueError) as exc:
        raise UserError("safetymap.link-not-valid") from exc
    kept = request.session.get(SESSION, [])
    request.session[SESSION] = sorted({*kept, place})
    return place


def kept_place(request: HttpRequest, place: int) -> Place | None:
    """The place, where this session keeps it."""
    if place not in request.session.get(SESSION, []):
        return None
    return Place.objects.filter(pk=place).first()  # scope: the keeper's own place, by link
