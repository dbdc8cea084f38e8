"""At the desk: one of three outcomes, the steps of a hold with their clocks, a result used once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.border import clocks, results
from vungxanh.border.actions import following
from vungxanh.border.actions.entries import current
from vungxanh.border.models import Declaration, Hold, Result, Review
from vungxanh.border.schemas import ReviewIn
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector
from vungxanh.people.models import Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission
from vungxanh.work import actions as work

STEPS = ("list", "decision", "transfer", "release")
#: classes from which an officer may let somebody go without saying why
FREE = ("pass", "follow", "")


def seen(*, declaration: Declaration) -> None:
    """A desk has it on its screen: from now on the person waits for a decision."""
    Declaration.objects.filter(pk=declaration.pk, seen_at=None).update(
        seen_at=timezone.now()
    )  # scope: row in hand


@transaction.atomic
def review(*, declaration: Declaration, given: ReviewIn, by: Officer) -> Review:
    """Write the outcome down, once a crossing; a hold starts its clocks, a release tells the arrival commune.

    Raises UserError `border.already-reviewed`, `border.reason-needed`, `border.four-eyes`, `people.not-allowed`.
    """
    require(by, Permission.BORDER_REVIEW)
    locked = Declaration.objects.select_for_update().get(pk=declaration.pk)  # scope: checked by the page
    if Review.objects.filter(declaration=locked).exists():  # scope: of this declaration
        raise UserError("border.already-reviewed")
    result = current(locked)
    before = result.class_id if result else ""
    _check_lift(before, result.rule_key if result else "", given, by)
    at = given.at or timezone.now()
    row = Review.objects.create(
        declaration=locked,
        outcome=given.outcome,
        class_before=before,
        reason=given.reason,
        temperature=given.temperature,
        sampled=given.sampled,
        destination=given.destination,
        at=at,
        by=by.pk,
        second_by=given.second,
    )
    _after(locked, result, given, at, by)
    details = {"outcome": given.outcome, "class": before, "lifted": _lifts(before, given)}
    audit.record(by=by, action="border:declaration:reviewed", subject=f"declaration:{locked.pk}", details=details)
    return row


def _after(row: Declaration, result: Result | None, given: ReviewIn, at: datetime, by: Officer) -> None:
    """The code is used; whoever goes on is followed, whoever stays has clocks."""
    if result:
        result.used_at = at
        result.save(update_fields=["used_at"])
    if given.outcome == Review.Outcome.RELEASE:
        following.begin(declaration=row, result=result, by=by)
        return
    moved = at if given.outcome == Review.Outcome.TRANSFER else None
    hold = Hold.objects.create(declaration=row, started_at=at, transfer_at=moved)
    put_clocks(hold=hold, by=by)


def _lifts(before: str, given: ReviewIn) -> bool:
    """Does the officer let go whom the rule would not?"""
    return given.outcome == Review.Outcome.RELEASE and before not in FREE


def _check_lift(before: str, rule_key: str, given: ReviewIn, by: Officer) -> None:
    """Four eyes: the second officer must be somebody else who reviews at a border too."""
    if not _lifts(before, given):
        return
    if not given.reason.strip():
        raise UserError("border.reason-needed", field="reason")
    if before in results.rule(rule_key).four_eyes:
        second = Officer.objects.filter(pk=given.second or 0, is_active=True).exclude(pk=by.pk).first()
        if second is None or not second.may(Permission.BORDER_REVIEW):
            raise UserError("border.four-eyes", field="second")


@transaction.atomic
def step(*, hold: Hold, name: str, decided_by_name: str = "", at: datetime | None = None, by: Officer) -> Hold:
    """One step of a hold, done now (or `at`, for a desk that was offline). Its clocks follow.

    Raises UserError `border.unknown-step`, `border.step-done`, `border.name-needed`.
    """
    require(by, Permission.BORDER_REVIEW)
    if name not in STEPS:
        raise UserError("border.unknown-step", field="step")
    locked = Hold.objects.select_for_update().get(pk=hold.pk)  # scope: checked by the page
    if getattr(locked, f"{name}_at"):
        raise UserError("border.step-done")
    if name == "decision":
        if not decided_by_name.strip():
            raise UserError("border.name-needed", field="decided_by_name")
        locked.decided_by_name = decided_by_name.strip()[:120]
    setattr(locked, f"{name}_at", at or timezone.now())
    locked.save()
    put_clocks(hold=locked, by=by)
    if name == "release":
        following.begin(declaration=locked.declaration, result=current(locked.declaration), by=by)
    audit.record(by=by, action=f"border:hold:{name}", subject=f"declaration:{locked.declaration_id}")
    return locked


def put_clocks(*, hold: Hold, by: By) -> None:
    """Every clock that runs is an item of the gate's work list, which escalates; one that stopped is none."""
    row, source = hold.declaration, f"border-hold:{hold.pk}"
    readings = clocks.read(hold.started_at, hold.steps, timezone.now())  # type: ignore[arg-type]
    stopped = [f"border-{one.clock.id}" for one in readings if one.done]
    if stopped:
        work.cancel(source=source, kinds=stopped, by=by)
    for one in readings:
        if one.due and not one.done:
            work.put(
                kind=f"border-{one.clock.id}",
                due=one.due,
                source=source,
                person=row.person,
                clock=one.clock.id,
                reason=f"{row.gate} {row.flight or row.mode} {row.entry_on:%d/%m/%Y}",
                scope_path=row.scope_path,
                scope_sector=Sector.BORDER,
                by=by,
            )
