"""Everything that changes cases. Each action is one transaction with one audit event."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.outbreak import follow_actions
from vungxanh.outbreak.models import Case, CaseChange
from vungxanh.outbreak.schemas import NewCase, check_day, check_provenance
from vungxanh.people.models import Officer, Person


@transaction.atomic
def create_case(*, by: Officer, new: NewCase) -> Case:
    """Open a case. It lies where its person lives, else where the officer works.

    Raises UserError `outbreak.case-open` and those of `NewCase.check`.
    """
    new.check()
    case = Case(
        person=new.person,
        disease=new.disease,
        status=new.status,
        onset=new.onset,
        onset_provenance=new.onset_provenance if new.onset else "",
        sampled=new.sampled,
        symptoms=list(new.symptoms),
        isolated_at=new.isolated_at,
        reported_at=timezone.now(),
        reported_by=by.pk,
        scope_path=_home(new.person, by),
        scope_sector="health",
    )
    _save_new(case)
    follow_actions.refresh_around(person=case.person, disease=case.disease)
    audit.record(by=by, action="outbreak:case:created", subject=f"case:{case.pk}", details={"person": case.person})
    return case


def _home(person: int, by: Officer) -> str:
    found = Person.objects.filter(pk=person).values_list("scope_path", flat=True).first()
    return found or next((grant.path for grant in by.grants()), "/")


def _save_new(case: Case) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as exc:
        open_one = Case.objects.filter(person=case.person, disease=case.disease, negative_at=None)
        open_case = open_one.exclude(status=Case.Status.WITHDRAWN).first()
        if open_case is None:
            raise
        raise UserError("outbreak.case-open", field="person", case=open_case.pk) from exc


@transaction.atomic
def correct_onset(
    *, by: Officer, case: Case, onset: date | None, provenance: str, sampled: date | None, why: str
) -> Case:
    """Correct when it began (or was sampled). Whoever is exposed is worked out anew from it.

    Raises UserError `outbreak.reason-needed`, `outbreak.case-withdrawn` and those of the days.
    """
    case = _locked(case, why)
    NewCase(person=case.person, onset=onset, onset_provenance=provenance, sampled=sampled).check()
    check_provenance(onset, provenance)
    wanted = {"onset": onset, "onset_provenance": provenance if onset else "", "sampled": sampled}
    _change(by, case, wanted, why)
    return case


@transaction.atomic
def isolate(*, by: Officer, case: Case, at: datetime, why: str) -> Case:
    """The case was taken apart from others at `at`: its infectious window ends there."""
    case = _locked(case, why)
    check_day("isolated_at", timezone.localdate(at))
    _change(by, case, {"isolated_at": at}, why)
    return case


@transaction.atomic
def withdraw_case(*, by: Officer, case: Case, why: str) -> Case:
    """It was no case. It stays, marked withdrawn, with its history.

    Raises UserError `outbreak.reason-needed`, `outbreak.case-withdrawn`.
    """
    case = _locked(case, why)
    _change(by, case, {"status": Case.Status.WITHDRAWN}, why, action="outbreak:case:withdrawn")
    follow_actions.refresh_around(person=case.person, disease=case.disease)
    return case


def _locked(case: Case, why: str) -> Case:
    """The case as it is now, held still until the transaction ends."""
    if not why.strip():
        raise UserError("outbreak.reason-needed", field="why")
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.status == Case.Status.WITHDRAWN:
        raise UserError("outbreak.case-withdrawn", case=held.pk)
    return held


def _change(
    by: Officer, case: Case, wanted: Mapping[str, object], why: str, action: str = "outbreak:case:corrected"
) -> None:
    """Set the fields that differ, one history row each, one audit event."""
    changed = {name: value for name, value in wanted.items() if getattr(case, name) != value}
    history = [
        CaseChange(case=case, field=name, before=_said(getattr(case, name)), after=_said(value), why=why, by=by.pk)
        for name, value in changed.items()
    ]
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=list(changed) or None)
    CaseChange.objects.bulk_create(history)
    audit.record(by=by, action=action, subject=f"case:{case.pk}", details={"fields": sorted(changed)})


def _said(value: object) -> str:
    return "" if value is None else str(value)
