"""One identity of a citizen's device in every room: a random token that only the device holds, in one cookie.

We keep its keyed hash. Rooms say whom the device stands for; wiping the device forgets them all at once.
"""

import secrets

from django.http import HttpRequest, HttpResponse

from vungxanh.core.vault import keyed_hash
from vungxanh.people.models import DeviceHolder

COOKIE = "vx_device"
#: browsers keep a cookie for 400 days at most
AGE = 400 * 86_400


def token_of(request: HttpRequest) -> str:
    """The device's token; empty where it has none yet."""
    return str(request.COOKIES.get(COOKIE, ""))


def new_token() -> str:
    return secrets.token_urlsafe(24)


def keep(request: HttpRequest, response: HttpResponse, token: str) -> HttpResponse:
    """The device keeps its token; every visit that writes begins its 400 days anew."""
    response.set_cookie(COOKIE, token, max_age=AGE, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def hash_of(token: str) -> bytes | None:
    """How a device's rows are found; the token itself is kept nowhere."""
    return keyed_hash("device", token) if token else None


def remember(token: str, person: int) -> None:
    """From now on the device stands for this person too."""
    if token:
        DeviceHolder.objects.get_or_create(device=hash_of(token), person_id=person)


def people(token: str) -> list[int]:
    """Whom the device stands for, the first first."""
    rows = (
        DeviceHolder.objects.filter(device=hash_of(token)).order_by("pk") if token else DeviceHolder.objects.none()
    )
    return list(rows.values_list("person", flat=True))


def forget(token: str) -> None:
    """The device stands for nobody any more."""
    if token:
        DeviceHolder.objects.filter(device=hash_of(token)).delete()
