"""Addresses and cookies of the room: what a device holds, what stands in a link."""

from django.core import signing

from vungxanh.declarations.models import Declaration

DRAFT = "vx_draft"
DRAFT_AGE = 7 * 86_400
SALT = "declaration"


def token_of(declaration: Declaration) -> str:
    """Address of a result: unguessable, and readable by this installation only."""
    return signing.dumps(declaration.pk, salt=SALT)


def number_of(token: str) -> int:
    """Raises django.core.signing.BadSignature."""
    return int(signing.loads(token, salt=SALT))
