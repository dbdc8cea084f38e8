"""After the desk: the arrival commune is told, and asks after the person day by day as the rule says."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.border import results
from vungxanh.border.actions.entries import commune_path
from vungxanh.border.models import Declaration, Following, Result
from vungxanh.border.periods import hours, periods
from vungxanh.core.audit import By
from vungxanh.people.models import Person
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn


def begin(*, declaration: Declaration, result: Result | None, by: By) -> None:
    """The commune where the person will stay gets them on its list at once, and daily where the class says so."""
    path = _home(declaration)
    if not path:
        return
    work.put(
        kind="border-follow",
        due=timezone.now() + hours("follow"),
        source=f"border:{declaration.pk}",
        person=declaration.person,
        reason=f"{declaration.gate} {declaration.entry_on.isoformat()}",
        scope_path=path,
        by=by,
    )
    days = results.rule(result.rule_key).class_of(result.class_id).follow_days if result else 0
    if days:
        since = max(declaration.entry_on, timezone.localdate())
        Following.objects.get_or_create(  # scope: of the row in hand
            declaration=declaration,
            defaults={
                "person": declaration.person,
                "commune_path": path,
                "since": since,
                "until": since + timedelta(days=days - 1),
            },
        )


def changed(*, declaration: Declaration, result: Result, by: By) -> None:
    """A recalled result: who need not be asked after any more is let be, who must be is begun."""
    days = results.rule(result.rule_key).class_of(result.class_id).follow_days
    running = Following.objects.filter(declaration=declaration, ended_at=None)  # scope: of the row in hand
    if not days:
        for row in running:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            today = timezone.localdate().isoformat()
            work.cancel(source=f"border-daily:{row.pk}:{today}", by=by)
    elif hasattr(declaration, "review") and declaration.review.outcome == "release" and not running.exists():
        begin(declaration=declaration, result=result, by=by)


def _home(declaration: Declaration) -> str:
    """Path of the commune of stay; empty where it is not known. Asks for no name."""
    person = Person.objects.filter(pk=declaration.person).only("home_code").first()  # scope: the code alone
    return commune_path(person.home_code) if person and person.home_code else ""


@transaction.atomic
def daily(*, by: By = None) -> int:
    """Today's question for everybody who is being followed. -> how many. Run by the worker; again is harmless."""
    today = timezone.localdate()
    rows = Following.objects.filter(since__lte=today, until__gte=today, ended_at=None)  # scope: by the worker
    due = timezone.make_aware(datetime.combine(today, time(periods().settle_hour)))
    items = [
        ItemIn(
            kind="border-daily",
            due=due,
            source=f"border-daily:{row.pk}:{today.isoformat()}",
            person=row.person,
            reason=f"{(today - row.since).days + 1}/{(row.until - row.since).days + 1}",
            scope_path=row.commune_path,
        )
        for row in rows
        if not _asked(row, today.isoformat())
    ]
    if items:
        work.put_many(items, by=by)
    return len(items)


def _asked(row: Following, day: str) -> bool:
    """An item that was answered is not put again."""
    from vungxanh.work.models import WorkItem

    asked = WorkItem.objects.filter(kind="border-daily", source=f"border-daily:{row.pk}:{day}")  # scope: yes or no
    return asked.exists()
