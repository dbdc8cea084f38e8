"""The key that signs market tickets."""

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.core.home import secrets_dir
from vungxanh.core.secret_files import p256, point


def ticket_key() -> ec.EllipticCurvePrivateKey:
    """`secrets/tickets.der`, made on first use."""
    return p256(secrets_dir() / "tickets.der")


def ticket_point() -> str:
    """The public key as browsers import it."""
    return point(ticket_key().public_key())
