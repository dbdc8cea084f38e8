"""The list of an officer: cards by household, what is late first."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from vungxanh.core.scope import scoped
from vungxanh.people import queries as people
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import Permission
from vungxanh.work.actions import OPEN
from vungxanh.work.kinds import kind, outcome_label
from vungxanh.work.models import Beat, WorkEvent, WorkItem
from vungxanh.work.schemas import Card, Line

#: how far ahead the list of the day looks
AHEAD = timedelta(hours=24)
#: an item younger than this, and not due yet, is shown as new
NEW = timedelta(hours=12)
#: cards on one page; the rest is reached by narrowing
MOST = 200


def open_items(officer: Officer) -> "QuerySet[WorkItem]":
    """Everything open in the officer's scope."""
    return scoped(WorkItem.objects.filter(state__in=OPEN), officer, Permission.WORK_READ)


def today(officer: Officer, *, mine: bool = False, now: datetime | None = None) -> list[Card]:
    """Cards of what is overdue, due within a day, or new; masked; the most pressing first."""
    moment = now or timezone.now()
    rows = open_items(officer).filter(Q(due__lt=moment + AHEAD) | Q(made_at__gt=moment - NEW))
    if mine:
        rows = rows.filter(assigned_to=officer)
    cards = _cards(rows.order_by("due", "pk")[: MOST * 3], moment)
    names = people.masked(person for card in cards for person in card.people)
    for card in cards:
        card.people = {person: names.get(person, "") for person in card.people}
    return cards[:MOST]


def _cards(rows: Iterable[WorkItem], now: datetime) -> list[Card]:
    cards: dict[str, Card] = {}
    for row in rows:
        card = cards.setdefault(_key(row), Card(_key(row), _when(row, now), row.due, place=row.place))
        card.lines.append(_line(row))
        if row.person is not None:
            card.people[row.person] = ""
    return list(cards.values())


def _key(row: WorkItem) -> str:
    """One card a household; somebody without one has a card of their own, a place too."""
    if row.household is not None:
        return f"household-{row.household}"
    return f"person-{row.person}" if row.person is not None else f"place-{row.place}"


def _when(row: WorkItem, now: datetime) -> str:
    if row.due < now:
        return "overdue"
    return "today" if row.due < now + AHEAD else "new"


def _line(row: WorkItem) -> Line:
    language, found = get_language() or "vi", kind(row.kind)
    return Line(
        id=row.pk,
        kind=row.kind,
        label=found.label(language),
        reason=row.reason,
        due=row.due,
        state=row.state,
        escalation=row.escalation,
        person=row.person,
        outcomes=tuple((key, outcome_label(key, language)) for key in found.outcomes),
    )


def team(officer: Officer) -> list[tuple[Officer, int]]:
    """Members of community teams of the officer's area, with how many households each looks after."""
    mine = [grant.path for grant in officer.grants() if Permission.WORK_ASSIGN in grant.permissions]
    rows = Assignment.objects.filter(role="community-team").select_related("officer").order_by("officer__name")
    found = {
        one.officer for one in rows if one.officer.is_active and any(one.scope_path.startswith(p) for p in mine)
    }
    loads = dict(Beat.objects.values_list("officer").annotate(n=Count("pk")))  # scope: counts only
    return [(one, loads.get(one.pk, 0)) for one in sorted(found, key=lambda each: (each.name, each.pk))]


def remarks(items: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Item -> (outcome, note) of the last thing that somebody outside said of it."""
    rows = WorkEvent.objects.filter(item__in=list(items), verb="police").order_by("at")
    return {row.item_id: (row.outcome, row.note.open() if row.note else "") for row in rows}


def counts(officer: Officer, now: datetime | None = None) -> dict[str, int]:
    """How many are open, overdue, escalated and nobody's: the head of the list and the morning brief."""
    moment = now or timezone.now()
    return open_items(officer).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due__lt=moment)),
        escalated=Count("pk", filter=Q(escalation__gt=0)),
        unassigned=Count("pk", filter=Q(assigned_to=None, team=None)),
    )


def of_person(person: int, officer: Officer) -> "QuerySet[WorkItem]":
    """Everything that was or is due about somebody, newest first."""
    return scoped(WorkItem.objects.filter(person=person), officer, Permission.WORK_READ).order_by("-due")
