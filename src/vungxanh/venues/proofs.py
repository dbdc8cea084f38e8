"""Somebody without a card, whose telephone answered a code: which of those known under it stands here."""

from django.core import signing

from vungxanh.people.queries import of_phone
from vungxanh.venues.identify import PROOF_SALT
from vungxanh.venues.phones import hash_of
from vungxanh.venues.queries import shown_many
from vungxanh.venues.schemas import Proved

#: a family shares a telephone; longer lists are a mistake
MOST = 12


def proved(e164: str) -> list[Proved]:
    """The people known under a number that has just answered a code, newest first."""
    people = of_phone(hash_of(e164))[:MOST]
    shown = shown_many(people)
    return [Proved(shown=shown[one], proof=signing.dumps(one, salt=PROOF_SALT)) for one in people if one in shown]
