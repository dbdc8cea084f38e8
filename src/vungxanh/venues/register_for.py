"""An officer registers a place for its keeper, inside the officer's own scope."""

from vungxanh.core.errors import UserError
from vungxanh.core.scope import may
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.places.kinds import kind
from vungxanh.places.schemas import NewPlace, commune
from vungxanh.venues import phones
from vungxanh.venues.actions import VenueFacts, register_venue
from vungxanh.venues.models import Venue


def register_by_officer(*, by: Officer, new: NewPlace, facts: VenueFacts, phone: str) -> Venue:
    """The keeper's number is the one the officer gives. Raises `venues.outside-area`, `venues.phone-needed`."""
    path = commune(new.commune_code, new.commune_on).path
    if not may(by, Permission.VENUE_REGISTER, path=path, org=None, sector=kind(new.kind).sector):
        raise UserError("venues.outside-area", field="commune")
    return register_venue(by=by, new=new, facts=facts, phone=phones.number(phone))
