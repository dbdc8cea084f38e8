"""Reads of the command room, always within the officer's scope."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from vungxanh.command.models import Charge, ChargeState, Difficulty, Directive, Receipt
from vungxanh.core.scope import HasGrants, grants_of, scoped
from vungxanh.people.models import Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force, organisations_under


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
    path = directive.scope_path
    above = [path[: at + 1] for at, sign in enumerate(path) if sign == "/"]
    others = in_force.filter(Q(scope_path__startswith=path) | Q(scope_path__in=above)).exclude(pk=directive.pk)
    found = others.filter(duties__place_kinds__overlap=sorted(kinds)).distinct()
    return found if kinds else found.none()


def units_of_issuer(officer: HasGrants) -> "QuerySet[Receipt, Any]":
    """Per unit, over all documents in force of the issuer: sent, silent, duties not done; the worst first."""
    mine = scoped(Directive.objects.filter(state="in_force"), officer, Permission.DISPATCH_ISSUE)
    rows = Receipt.objects.filter(directive__in=mine)  # scope: of directives that are scoped
    counted = rows.values("organisation", "organisation__name").annotate(
        sent=Count("pk", distinct=True),
        silent=Count("pk", filter=Q(acknowledged_at=None), distinct=True),
        undone=Count("charges", filter=~Q(charges__state=ChargeState.DONE), distinct=True),
        reminded=Coalesce(Max("reminders"), 0),
    )
    return counted.order_by("-silent", "-undone", "organisation__name")


def told(officer: HasGrants, organisation: int) -> "QuerySet[Receipt]":
    """What one unit was told, newest first: as its own officer sees it, or the issuer of each."""
    rows = Receipt.objects.filter(organisation=organisation)  # scope: both halves below are
    own = scoped(rows, officer, Permission.DISPATCH_ANSWER)
    mine = scoped(Directive.objects.all(), officer, Permission.DISPATCH_ISSUE)
    either = rows.filter(Q(pk__in=own.values("pk")) | Q(directive__in=mine))
    charges = Charge.objects.select_related("duty").order_by("duty__position")
    shown = either.select_related("directive", "organisation").order_by("-sent_at")
    return shown.prefetch_related(Prefetch("charges", charges), "difficulties")


def units_below(receipt: Receipt, officer: HasGrants) -> "QuerySet[Organisation]":
    """Whom a unit may pass its copy to: units of today within its own area, and those under it, that have none."""
    today = in_force(timezone.localdate())
    paths = [grant.path for grant in grants_of(officer, Permission.DISPATCH_ANSWER)]
    area = Q(pk__in=[])
    for path in paths:
        if path.startswith(receipt.organisation.scope_path):
            area |= Q(scope_path__startswith=path)
    under = Q(pk__in=organisations_under(receipt.organisation_id, timezone.localdate()))
    have = receipt.directive.receipts.values("organisation")
    return Organisation.objects.filter(area | under, today).exclude(pk__in=have).order_by("name")
