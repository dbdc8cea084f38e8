"""What changes reports: prepared when due, sent, answered; the national system's list matched."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold
from vungxanh.exchange import cells, heads, tables
from vungxanh.exchange.safe import Value
from vungxanh.outbreak.models import Case, Spot, Submission
from vungxanh.outbreak.out import reports
from vungxanh.people.models import Officer
from vungxanh.people.queries import reveal
from vungxanh.work import actions as work

State = Submission.State
CHUNK = 5000
#: cases older than this were reported elsewhere, before this house stood
LOOK_BACK = timedelta(days=30)


@transaction.atomic
def prepare(*, by: By = None, today: date | None = None) -> int:
    """Make what is due and not made yet: each case, each open spot today, last week. -> how many. By the clock."""
    day = today or timezone.localdate()
    rows = [*_cases(), *_spots(day), *_weeks(day)]
    before = Submission.objects.count()
    Submission.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)
    made = Submission.objects.count() - before
    _remind(by)
    if made:
        audit.record(by=by, action="outbreak:reports:prepared", subject="report:many", details={"made": made})
    return made


def _cases() -> list[Submission]:
    known = Submission.objects.filter(case=OuterRef("pk"), form="vn.case")
    cases = Case.objects.filter(reported_at__gte=timezone.now() - LOOK_BACK).exclude(status=Case.Status.WITHDRAWN)
    return [
        Submission(
            form="vn.case",
            case=case,
            due=reports.deadline(case.disease, case.reported_at),
            scope_path=case.scope_path,
            scope_sector="health",
        )
        for case in cases.filter(~Exists(known))[:CHUNK]
    ]


def _spots(day: date) -> list[Submission]:
    due = reports.midnight(day + timedelta(days=1))
    return [
        Submission(
            form="vn.spot.daily", spot=spot, day=day, due=due, scope_path=spot.scope_path, scope_sector="health"
        )
        for spot in Spot.objects.filter(closed_on=None, cases__isnull=False).distinct()[:CHUNK]
    ]


def _weeks(day: date) -> list[Submission]:
    """Last week, of every area that has had a case this year."""
    monday = day - timedelta(days=day.weekday() + 7)
    year = reports.midnight(date(monday.year, 1, 1))
    paths = set(Case.objects.filter(reported_at__gte=year).values_list("scope_path", flat=True).distinct())
    return [
        Submission(
            form="vn.week",
            day=monday,
            due=reports.week_due(monday),
            scope_path=path,
            scope_sector="health",
        )
        for path in sorted(paths)
    ]


def _remind(by: By) -> None:
    """What is due within six hours, or late, stands in the work list of its area, once an area."""
    soon = timezone.now() + timedelta(hours=6)
    waiting = Submission.objects.filter(state=State.PREPARED, due__lt=soon)
    for path in waiting.values_list("scope_path", flat=True).distinct().order_by()[:500]:
        first = waiting.filter(scope_path=path).order_by("due").values_list("due", flat=True).first()
        assert first is not None
        work.put(
            kind="report.send", due=first, source=f"reports:{path}", clock="vn.report", scope_path=path, by=by
        )


def _locked(found: Sequence[Submission], *states: str) -> list[Submission]:
    held = list(Submission.objects.select_for_update().filter(pk__in=[row.pk for row in found]).order_by("pk"))
    if not held or any(row.state not in states for row in held):
        raise UserError("outbreak.report-step")
    return held


@transaction.atomic
def send(*, by: Officer, found: Sequence[Submission]) -> int:
    """They were sent (the file was uploaded to the national system). Raises UserError `outbreak.report-step`."""
    held = _locked(found, State.PREPARED, State.RETURNED)
    for row in held:
        row.state, row.sent_at, row.by = State.SENT, timezone.now(), by.pk
    Submission.objects.bulk_update(held, ["state", "sent_at", "by"])
    _record(by, "sent", held)
    for path in {row.scope_path for row in held}:
        if not Submission.objects.filter(state=State.PREPARED, scope_path=path).exists():
            work.cancel(source=f"reports:{path}", by=by)
    return len(held)


@transaction.atomic
def answer(*, by: Officer, found: Sequence[Submission], accepted: bool, why: str = "", national: str = "") -> int:
    """The national system's answer. A return needs its reason. Raises UserError `outbreak.report-step`,
    `outbreak.reason-needed`."""
    if not accepted and not why.strip():
        raise UserError("outbreak.reason-needed", field="why")
    held = _locked(found, State.SENT, State.PREPARED, State.RETURNED)
    for row in held:
        row.state = State.ACCEPTED if accepted else State.RETURNED
        row.answered_at, row.why, row.by = timezone.now(), why.strip()[:200], by.pk
        row.national = national[:60] or row.national
    Submission.objects.bulk_update(held, ["state", "answered_at", "why", "national", "by"])
    _record(by, "accepted" if accepted else "returned", held)
    return len(held)


def _record(by: Officer, verb: str, held: Sequence[Submission]) -> None:
    details = {"reports": [row.pk for row in held][:200]}
    audit.record(by=by, action=f"outbreak:reports:{verb}", subject="report:many", details=details)


@transaction.atomic
def match(*, by: Officer, content: bytes, found: Sequence[Submission]) -> Counter[str]:
    """Read the national system's own export and mark what it holds as accepted, with its number.

    A line is ours by our number, else by name, year of birth and day of onset. -> counts `matched`, `unknown`.
    Raises UserError of `exchange`.
    """
    table = tables.read(content, heads.known)[0]
    where = {one.field: one.index for one in heads.guess(table.head) if one.field}
    by_number, by_person = _keys(by, found)
    counted: Counter[str] = Counter()
    for row in table.rows:
        told = {name: row[index] for name, index in where.items()}
        ours = cells.text(told.get("ours")).upper().removeprefix("VX-")
        one = by_number.get(ours) or by_person.get(_person_key(told))
        if one is None or one.state == State.ACCEPTED:
            counted["unknown" if one is None else "known"] += 1
            continue
        one.state, one.answered_at, one.by = State.ACCEPTED, timezone.now(), by.pk
        one.national = cells.text(told.get("id"))[:60] or one.national
        counted["matched"] += 1
    Submission.objects.bulk_update(found, ["state", "answered_at", "national", "by"])
    audit.record(by=by, action="outbreak:reports:matched", subject="report:many", details=dict(counted))
    return counted


def _keys(
    by: Officer, found: Sequence[Submission]
) -> tuple[dict[str, Submission], dict[tuple[str, str, str], Submission]]:
    cases = {row.case_id: row for row in found if row.case_id}
    people = reveal([row.case.person for row in cases.values() if row.case], by=by, purpose=reports.PURPOSE)
    by_person = {}
    for row in cases.values():
        case = row.case
        if case is not None and case.person in people:
            person = people[case.person]
            by_person[fold(person.name), str(person.birth_year or ""), str(case.onset or "")] = row
    return {str(number): row for number, row in cases.items()}, by_person


def _person_key(told: dict[str, Value]) -> tuple[str, str, str]:
    name = cells.text(told.get("name")) or " ".join(
        part for part in (cells.text(told.get("surname")), cells.text(told.get("given"))) if part
    )
    year = cells.birth_year(told.get("birth_year") or told.get("birth"), timezone.localdate()).value
    onset = cells.day(told.get("onset"), today=timezone.localdate()).value
    return fold(name), str(year or ""), str(onset or "")
