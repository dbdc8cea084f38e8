"""Tables of the command room, a file a matter."""

from vungxanh.command.models.directives import (
    Charge,
    ChargeState,
    CitedDocument,
    Difficulty,
    Directive,
    DirectiveState,
    Duty,
    Receipt,
)
from vungxanh.command.models.directory import ContactPoint
from vungxanh.command.models.messages import Channel, Message, MessageState, MessageUse

__all__ = [
    "Channel",
    "Charge",
    "ChargeState",
    "CitedDocument",
    "ContactPoint",
    "Difficulty",
    "Directive",
    "DirectiveState",
    "Duty",
    "Message",
    "MessageState",
    "MessageUse",
    "Receipt",
]
