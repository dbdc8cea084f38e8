"""Tables of `venues`: what was recorded, the codes of gates and people, markets and meetings, who is told."""

from vungxanh.venues.models.codes import CodeTemplate, PersonCard, UsedCode
from vungxanh.venues.models.markets import Invitee, Lorry, RosterEntry, SellingDay, Ticket, TicketRule
from vungxanh.venues.models.records import (
    PLACE_SCOPE,
    VENUE_SCOPE,
    Badge,
    CitizenDevice,
    DeviceMember,
    Gate,
    Keeper,
    PhoneCode,
    ScanRecord,
    SeatRecord,
    Tally,
    Unfolded,
    Venue,
    Visit,
)
from vungxanh.venues.models.telling import Errand, Reminder, Webhook, WebhookDelivery

__all__ = [
    "PLACE_SCOPE",
    "VENUE_SCOPE",
    "Badge",
    "CitizenDevice",
    "CodeTemplate",
    "DeviceMember",
    "Errand",
    "Gate",
    "Invitee",
    "Keeper",
    "Lorry",
    "PersonCard",
    "PhoneCode",
    "Reminder",
    "RosterEntry",
    "ScanRecord",
    "SeatRecord",
    "SellingDay",
    "Tally",
    "Ticket",
    "TicketRule",
    "Unfolded",
    "UsedCode",
    "Venue",
    "Visit",
    "Webhook",
    "WebhookDelivery",
]
