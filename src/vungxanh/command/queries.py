"""Reads of the command room, always within the officer's scope."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from vungxanh.command.models import Charge, ChargeState, Difficulty, Directive, Receipt
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Board:
    """How a directive stands: units told, units that answered, duties done, difficulties open."""

    units: int
    acknowledged: int
    charges: int
    done: int
    difficulties: int
    overdue_difficulties: int


def issued(officer: HasGrants) -> "QuerySet[Directive]":
    """Directives that the officer may issue or see as issuer, newest first."""
    rows = scoped(Directive.objects.all(), officer, Permission.DISPATCH_ISSUE)
    told = Count("receipts", distinct=True)
    silent = Count("receipts", filter=Q(receipts__acknowledged_at=None), distinct=True)
    return rows.annotate(units=told, silent=silent).order_by("-drafted_at")


def inbox(officer: HasGrants) -> "QuerySet[Receipt]":
    """What the officer's units were told, the unread first."""
    rows = scoped(Receipt.objects.select_related("directive", "organisation"), officer, Permission.DISPATCH_ANSWER)
    return rows.annotate(
        duties=Count("charges"), done=Count("charges", filter=Q(charges__state=ChargeState.DONE))
    ).order_by("-sent_at", "pk")


def receipts(directive: Directive, officer: HasGrants, *, silent: bool) -> "QuerySet[Receipt]":
    """Units that got a directive; with `silent` only those that have not answered. For its issuer."""
    if not scoped(Directive.objects.filter(pk=directive.pk), officer, Permission.DISPATCH_ISSUE).exists():
        return directive.receipts.none()
    rows = directive.receipts.select_related("organisation")
    return rows.filter(acknowledged_at=None) if silent else rows


def board(directive: Directive) -> Board:
    """Counts over every unit; four index scans, whatever their number."""
    told = directive.receipts.aggregate(units=Count("pk"), acknowledged=Count("acknowledged_at"))
    charges = Charge.objects.filter(receipt__directive=directive)
    work = charges.aggregate(charges=Count("pk"), done=Count("pk", filter=Q(state=ChargeState.DONE)))
    waiting = difficulties(directive).filter(answered_at=None)
    late = waiting.filter(answer_due__lt=timezone.now()).count()
    return Board(told["units"], told["acknowledged"], work["charges"], work["done"], waiting.count(), late)


def difficulties(directive: Directive) -> "QuerySet[Difficulty]":
    """Difficulties reported on a directive, the unanswered and soonest due first."""
    rows = Difficulty.objects.filter(receipt__directive=directive).select_related("receipt__organisation", "duty")
    return rows.order_by("answered_at", "answer_due")


def same_matter(directive: Directive) -> "QuerySet[Directive]":
    """Other directives in force that speak of the same kinds of place: the official compares before confirming."""
    kinds = {kind for duty in directive.duties.all() for kind in duty.place_kinds}
    in_force = Directive.objects.filter(state="in_force")  # scope: orders that disagree concern whoever issues one
    others = in_force.exclude(pk=directive.pk)
    found = others.filter(duties__place_kinds__overlap=sorted(kinds)).distinct()
    return found if kinds else found.none()
