"""A code on a screen at the gate that changes: a photograph of it is worth nothing a minute later.

Who opened the page while the code was fresh has ten minutes to press the button; the page carries a signed proof.
"""

from datetime import datetime
from time import time

from django.core import signing

from vungxanh.codes.signed import Kind, Short, Verdict, fresh, link, short, step_at
from vungxanh.core.errors import UserError
from vungxanh.places.models import Place
from vungxanh.venues.links import base_url, tag_keys
from vungxanh.venues.models import Venue

EVERY = 30
PROOF_LASTS = 600
_SALT = "venues.rotating"


def screen_link(place: int, request_base: str = "") -> str:
    """Address of the code of this half minute."""
    code = short(Kind.GATE, place, tag_keys()[-1], step_at(time(), EVERY))
    return link(base_url(request_base), code)


def is_fresh(found: Short) -> bool:
    return found.kind == Kind.GATE and found.verdict == Verdict.VALID and fresh(found, time(), EVERY)


def proof(place: Place) -> str:
    return signing.dumps(place.pk, salt=_SALT)


def check(found: Short, place: Place, venue: Venue | None, proof_given: str) -> None:
    """Raises `venues.scan-the-screen` (a printed code where there is a screen), `venues.screen-code-old`."""
    if found.kind == Kind.POSTER:
        if venue is not None and venue.rotating:
            raise UserError("venues.scan-the-screen")
        return
    if is_fresh(found):
        return
    try:
        if signing.loads(proof_given, salt=_SALT, max_age=PROOF_LASTS) == place.pk:
            return
    except signing.BadSignature:
        pass
    raise UserError("venues.screen-code-old")


def check_late(found: Short, venue: Venue | None, at: datetime) -> None:
    """As `check`, for a tap that was kept without network: the code must have been on the screen then."""
    if found.kind == Kind.POSTER and venue is not None and venue.rotating:
        raise UserError("venues.scan-the-screen")
    minutes = PROOF_LASTS // EVERY
    if found.kind == Kind.GATE and not fresh(found, at.timestamp(), EVERY, drift=minutes):
        raise UserError("venues.screen-code-old")
