"""Tables of the border room."""

from vungxanh.border.models.after import DeskRecord, Following
from vungxanh.border.models.declared import (
    Certificate,
    Channel,
    Declaration,
    Draft,
    Hold,
    Picture,
    Recall,
    Result,
    Review,
    RuleVersion,
)
from vungxanh.border.models.journeys import (
    Aboard,
    Crossing,
    ListRequest,
    PassengerLine,
    PassengerList,
    Period,
    Voyage,
)

__all__ = [
    "Aboard",
    "Certificate",
    "Channel",
    "Crossing",
    "Declaration",
    "DeskRecord",
    "Draft",
    "Following",
    "Hold",
    "ListRequest",
    "PassengerLine",
    "PassengerList",
    "Period",
    "Picture",
    "Recall",
    "Result",
    "Review",
    "RuleVersion",
    "Voyage",
]
