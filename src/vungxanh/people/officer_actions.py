"""Officers, their assignments, and organisations through time. Each change is one audit event."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH, Sector
from vungxanh.people.models import Assignment, Officer, Organisation, OrganisationLink, Succession
from vungxanh.people.roles import ROLES


@transaction.atomic
def make_officer(*, username: str, name: str, email: str = "", password: str | None = None, by: By) -> int:
    """A new officer without any assignment: they see nothing yet. -> officer id.

    Raises UserError `people.officer-exists`.
    """
    if Officer.objects.filter(username=username.lower()).exists():
        raise UserError("people.officer-exists", field="username", username=username)
    officer = Officer.objects.create_user(username, email, password, name=name)
    audit.record(by=by, action="people:officer:made", subject=f"officer:{officer.pk}")
    return officer.pk


@transaction.atomic
def assign(
    *,
    officer: int,
    role: str,
    scope_path: str = ANY_PATH,
    organisation: int | None = None,
    sectors: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    by: By,
) -> int:
    """Give an officer a role within a scope. -> assignment id.

    Raises UserError `people.role-unknown`, `people.sector-unknown`, `people.path-odd`.
    """
    if role not in ROLES:
        raise UserError("people.role-unknown", field="role", role=role, roles=", ".join(ROLES))
    unknown = set(sectors) - {str(sector) for sector in Sector}
    if unknown:
        raise UserError("people.sector-unknown", field="sectors", sector=sorted(unknown)[0])
    if not (scope_path.startswith("/") and scope_path.endswith("/")):
        raise UserError("people.path-odd", field="scope_path", path=scope_path)
    made_by = by if by is None or isinstance(by, int) else by.pk
    row = Assignment.objects.create(
        officer_id=officer,
        role=role,
        scope_path=scope_path,
        organisation_id=organisation,
        sectors=list(sectors),
        since=since,
        until=until,
        made_by=made_by,
    )
    details = {"role": role, "path": scope_path, "organisation": organisation, "sectors": list(sectors)}
    audit.record(by=by, action="people:officer:assigned", subject=f"officer:{officer}", details=details)
    return row.pk


@transaction.atomic
def end_assignment(*, assignment: int, by: By, on: date | None = None) -> None:
    """The last day of an assignment is the day before `on` (default today): it opens nothing from then."""
    row = Assignment.objects.select_for_update().get(pk=assignment)
    row.until = (on or timezone.localdate()) - timedelta(days=1)
    row.save(update_fields=["until"])
    audit.record(by=by, action="people:officer:unassigned", subject=f"officer:{row.officer_id}")


@transaction.atomic
def switch_off(*, officer: int, by: By) -> None:
    """The officer enters no more, and what they hold opens nothing."""
    Officer.objects.filter(pk=officer).update(is_active=False)
    audit.record(by=by, action="people:officer:switched-off", subject=f"officer:{officer}")


@transaction.atomic
def merge_organisations(
    *, predecessors: Sequence[int], successor: int, on: date, kind: str = "merged", basis: str = "", by: By
) -> None:
    """From `on` the successor answers for what the predecessors did; their rows stay theirs and are seen by it."""
    for unit in predecessors:
        Succession.objects.get_or_create(
            predecessor_id=unit, successor_id=successor, defaults={"on": on, "kind": kind, "basis": basis}
        )
    last = on - timedelta(days=1)
    Organisation.objects.filter(pk__in=predecessors, until=None).update(until=last)
    OrganisationLink.objects.filter(child__in=predecessors, until=None).update(until=last)
    details = {"predecessors": list(predecessors), "on": on, "kind": kind, "basis": basis}
    audit.record(by=by, action="people:organisation:merged", subject=f"organisation:{successor}", details=details)
