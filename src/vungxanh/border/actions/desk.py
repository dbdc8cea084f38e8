"""At the desk: one of three outcomes, the steps of a hold, a result used once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.border import results
from vungxanh.border.actions.entries import commune_path, current
from vungxanh.border.models import Declaration, Hold, Review
from vungxanh.border.schemas import ReviewIn
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer
from vungxanh.people.queries import require, reveal
from vungxanh.people.roles import Permission
from vungxanh.work import actions as work

STEPS = ("list", "decision", "transfer", "release")
FOLLOW_HOURS = 24


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
    now = timezone.now()
    row = Review.objects.create(
        declaration=locked,
        outcome=given.outcome,
        class_before=before,
        reason=given.reason,
        temperature=given.temperature,
        sampled=given.sampled,
        destination=given.destination,
        at=now,
        by=by.pk,
        second_by=given.second,
    )
    if result:
        result.used_at = now
        result.save(update_fields=["used_at"])
    if given.outcome == Review.Outcome.RELEASE:
        _tell_commune(locked, by)
    else:
        Hold.objects.create(
            declaration=locked,
            started_at=now,
            transfer_at=now if given.outcome == Review.Outcome.TRANSFER else None,
        )
    details = {"outcome": given.outcome, "class": before, "lifted": _lifts(before, given)}
    audit.record(by=by, action="border:declaration:reviewed", subject=f"declaration:{locked.pk}", details=details)
    return row


def _lifts(before: str, given: ReviewIn) -> bool:
    """Does the officer let go whom the rule would not?"""
    return given.outcome == Review.Outcome.RELEASE and before not in ("pass", "follow", "")


def _check_lift(before: str, rule_key: str, given: ReviewIn, by: Officer) -> None:
    if not _lifts(before, given):
        return
    if not given.reason.strip():
        raise UserError("border.reason-needed", field="reason")
    if before in results.rule(rule_key).four_eyes and given.second in (None, by.pk):
        raise UserError("border.four-eyes", field="second")


def _tell_commune(declaration: Declaration, by: Officer) -> None:
    """The commune where the person will stay gets them on its list, due within a day."""
    found = reveal([declaration.person], by=by, purpose="entry review").get(declaration.person)
    if found is None or not found.commune_code:
        return
    now = timezone.now()
    work.put(
        kind="border-follow",
        due=now + timedelta(hours=FOLLOW_HOURS),
        source=f"border:{declaration.pk}",
        person=declaration.person,
        reason=f"{declaration.gate} {declaration.entry_on.isoformat()}",
        scope_path=commune_path(found.commune_code),
        by=by,
    )


@transaction.atomic
def step(*, hold: Hold, name: str, decided_by_name: str = "", by: Officer) -> Hold:
    """One step of a hold, done now.

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
    setattr(locked, f"{name}_at", timezone.now())
    locked.save()
    audit.record(by=by, action=f"border:hold:{name}", subject=f"declaration:{locked.declaration_id}")
    return locked
