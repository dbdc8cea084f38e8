"""What a gate keeps while it is offline is sealed to the server (`core.sealing`)."""

from vungxanh.core import sealing
from vungxanh.core.errors import UserError
from vungxanh.core.sealing import public_key, seal

__all__ = ["open_box", "public_key", "seal"]


def open_box(box: str) -> bytes:
    """Raises UserError `venues.unreadable-box`."""
    try:
        return sealing.open_box(box)
    except UserError as exc:
        raise UserError("venues.unreadable-box") from exc
