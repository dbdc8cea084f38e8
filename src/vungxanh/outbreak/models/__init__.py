"""Tables of the workbench, one subject a file. Everywhere here a person is an integer."""

from vungxanh.outbreak.models.cases import Case, CaseChange, LabResult, Link, Spot
from vungxanh.outbreak.models.contacts import Check, Contact, FollowUp
from vungxanh.outbreak.models.counted import CountedPage
from vungxanh.outbreak.models.field import DatedCount, Milestone, OrderPaper, ReportCode, Submission
from vungxanh.outbreak.models.intake import HeadMemory, ImportFile, ImportRow, Reference
from vungxanh.outbreak.models.orders import Order

__all__ = [
    "Case",
    "CaseChange",
    "Check",
    "Contact",
    "CountedPage",
    "DatedCount",
    "FollowUp",
    "HeadMemory",
    "ImportFile",
    "ImportRow",
    "LabResult",
    "Link",
    "Milestone",
    "Order",
    "OrderPaper",
    "Reference",
    "ReportCode",
    "Spot",
    "Submission",
]
