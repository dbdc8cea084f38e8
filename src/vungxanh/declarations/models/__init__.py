"""Tables of the room, one subject a file."""

from vungxanh.declarations.models.given import Declaration, Draft, EpidemicArea, Whom
from vungxanh.declarations.models.lists import ListIn, ListInRow, ListOut, ListOutRow

__all__ = ["Declaration", "Draft", "EpidemicArea", "ListIn", "ListInRow", "ListOut", "ListOutRow", "Whom"]
