"""What changes in an interview: milestones told and taken back, results of tests, the outcome."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.outbreak.models import Case, CaseChange, LabResult, Milestone
from vungxanh.people.models import Officer
from vungxanh.places.actions import create_place
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace

LONGEST = timedelta(hours=24)


@transaction.atomic
def add_milestone(
    *,
    by: Officer,
    case: Case,
    place: int,
    start: datetime,
    end: datetime,
    mask: bool | None = None,
    said_by: str = "patient",
    companions: Sequence[int] = (),
) -> list[Milestone]:
    """The case was there then, and whoever it names with it. Raises UserError `outbreak.milestone-times`,
    `outbreak.place-needed`."""
    if not timedelta(0) < end - start <= LONGEST or end > timezone.now() + timedelta(hours=1):
        raise UserError("outbreak.milestone-times", field="end")
    if not Place.objects.filter(pk=place).exists():
        raise UserError("outbreak.place-needed", field="place")
    made = Milestone.objects.bulk_create(
        [
            Milestone(
                case=case,
                person=person,
                place=place,
                start=start,
                end=end,
                mask=mask,
                said_by=said_by,
                made_by=by.pk,
                scope_path=case.scope_path,
                scope_sector=case.scope_sector,
            )
            for person in dict.fromkeys([case.person, *companions])
        ]
    )
    details = {"place": place, "people": len(made)}
    audit.record(by=by, action="outbreak:milestone:told", subject=f"case:{case.pk}", details=details)
    return made


@transaction.atomic
def new_place(*, by: Officer, name: str, kind: str, commune: str) -> int:
    """A place that the register does not know yet. Raises UserError of `places`."""
    return create_place(by=by, new=NewPlace(kind, name, commune)).pk


@transaction.atomic
def take_back(*, by: Officer, case: Case, milestone: int) -> int:
    """A milestone that was mistaken: it stays, marked, and counts no more. -> how many."""
    rows = Milestone.objects.filter(case=case, pk=milestone, withdrawn_at=None)
    done = rows.update(withdrawn_at=timezone.now())
    audit.record(
        by=by, action="outbreak:milestone:withdrawn", subject=f"case:{case.pk}", details={"row": milestone}
    )
    return done


@transaction.atomic
def add_test(
    *,
    by: Officer,
    case: Case,
    kind: str,
    sampled_on: date,
    result: str,
    ct: float | None = None,
    tested_on: date | None = None,
    laboratory: str = "",
) -> LabResult:
    """A result of a test. Raises UserError `outbreak.test-day`, `outbreak.ct-impossible`."""
    if ct is not None and not 0 < ct < 60:
        raise UserError("outbreak.ct-impossible", field="ct")
    try:
        with transaction.atomic():
            made = LabResult.objects.create(
                person=case.person,
                case=case,
                disease=case.disease,
                kind=kind,
                sampled_on=sampled_on,
                tested_on=tested_on,
                result=result,
                ct=None if ct is None else round(ct, 1),
                laboratory=laboratory[:120],
                made_by=by.pk,
                scope_path=case.scope_path,
                scope_sector=case.scope_sector,
            )
    except IntegrityError as exc:
        raise UserError("outbreak.test-day", field="sampled_on", day=sampled_on) from exc
    details = {"kind": kind, "result": result}
    audit.record(by=by, action="outbreak:test:entered", subject=f"case:{case.pk}", details=details)
    return made


@transaction.atomic
def settle(*, by: Officer, case: Case, status: str, outcome: str, outcome_on: date | None, why: str) -> Case:
    """Classification and outcome, with history. The definition that fits is noted beside the classification.

    Raises UserError `outbreak.reason-needed`.
    """
    from vungxanh.outbreak import follow_actions
    from vungxanh.outbreak.definitions import suggested

    if not why.strip():
        raise UserError("outbreak.reason-needed", field="why")
    held = Case.objects.select_for_update().get(pk=case.pk)
    fits = suggested(held)
    wanted = {"status": status, "outcome": outcome, "outcome_on": outcome_on}
    wanted["definition"] = fits.id if fits and fits.status == status else ""
    changed = {name: value for name, value in wanted.items() if getattr(held, name) != value}
    history = [
        CaseChange(
            case=held, field=name, before=str(getattr(held, name) or ""), after=str(value or ""), why=why, by=by.pk
        )
        for name, value in changed.items()
    ]
    for name, value in changed.items():
        setattr(held, name, value)
    held.save(update_fields=list(changed) or None)
    CaseChange.objects.bulk_create(history)
    audit.record(
        by=by, action="outbreak:case:settled", subject=f"case:{held.pk}", details={"fields": sorted(changed)}
    )
    if "status" in changed:
        follow_actions.refresh_around(person=held.person, disease=held.disease)
    return held
