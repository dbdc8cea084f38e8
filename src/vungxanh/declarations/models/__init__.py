"""Tables of the room, one subject a file."""

from vungxanh.declarations.models.given import Declaration, Draft, EpidemicArea, Whom
from vungxanh.declarations.models.lists import ListIn, ListInRow, ListOut, ListOutRow
from vungxanh.declarations.models.rights import Overrule, RightsRequest

__all__ = [
    "Declaration",
    "Draft",
    "EpidemicArea",
    "ListIn",
    "ListInRow",
    "ListOut",
    "ListOutRow",
    "Overrule",
    "RightsRequest",
    "Whom",
]
