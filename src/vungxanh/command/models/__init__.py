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
from vungxanh.command.models.directory import ContactPoint, DutyShift
from vungxanh.command.models.hotline import NEXT, EventKind, EventState, HotlineEvent
from vungxanh.command.models.inspection import Finding, Inspection
from vungxanh.command.models.messages import Channel, Message, MessageState, MessageText, MessageUse
from vungxanh.command.models.photos import Photo
from vungxanh.command.models.reports import Report, ReportKind, ReportTemplate
from vungxanh.command.models.reserves import Good, MarketKind, MarketReport, MarketState, Price, SenderCount, Stock
from vungxanh.command.models.training import Completion, CourseTask, DrillRun

__all__ = [
    "NEXT",
    "Channel",
    "Charge",
    "ChargeState",
    "CitedDocument",
    "Completion",
    "ContactPoint",
    "CourseTask",
    "Difficulty",
    "Directive",
    "DirectiveState",
    "DrillRun",
    "Duty",
    "DutyShift",
    "EventKind",
    "EventState",
    "Finding",
    "Good",
    "HotlineEvent",
    "Inspection",
    "MarketKind",
    "MarketReport",
    "MarketState",
    "Message",
    "MessageState",
    "MessageText",
    "MessageUse",
    "Photo",
    "Price",
    "Receipt",
    "Report",
    "ReportKind",
    "ReportTemplate",
    "SenderCount",
    "Stock",
]
