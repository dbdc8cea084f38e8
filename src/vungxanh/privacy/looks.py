"""Look-ups of people, counted from the audit trail: by day, purpose and officer, and which days were unusual."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from vungxanh.core.models import AuditEvent
from vungxanh.privacy.law import Unusual, purpose_said, unusual
from vungxanh.privacy.models import LookReview
from vungxanh.rules.dated import Text

#: a look at identifiable people always says why (`core.audit.read`); other events have no purpose
IS_LOOK = ~Q(purpose="")


@dataclass(frozen=True)
class Flag:
    """An officer's day beyond a threshold: `count` of `limit`."""

    officer: int
    day: date
    rule: str
    count: int
    limit: int
    reviewed: LookReview | None = None


def looks(days: int, *, officer: int | None = None, purpose: str = "") -> "QuerySet[AuditEvent]":
    """Look-ups of the last days, newest first."""
    found = AuditEvent.objects.filter(IS_LOOK, at__gte=_since(days)).order_by("-seq")
    found = found.filter(by=officer) if officer else found
    return found.filter(purpose__icontains=purpose) if purpose else found


def _since(days: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=days), time()))


def by_purpose(days: int) -> list[tuple[Text, int]]:
    """Look-ups by what everybody may read of their purpose, most first. No officer and no person in it."""
    rows = AuditEvent.objects.filter(IS_LOOK, at__gte=_since(days)).values_list("purpose").annotate(n=Count("seq"))
    counted: Counter[Text] = Counter()
    for purpose, number in rows:
        counted[purpose_said(purpose)] += number
    return counted.most_common()


def flags(days: int, rule: Unusual | None = None) -> Iterator[Flag]:
    """Days beyond a threshold, newest first, with what was decided of them."""
    limits = rule or unusual()
    reviews = LookReview.objects.filter(day__gte=_since(days).date())
    decided = {(one.officer, one.day, one.rule): one for one in reviews}
    found = [*_many(days, limits), *_same(days, limits), *_night(days, limits)]
    for flag in sorted(found, key=lambda one: (one.day, one.count), reverse=True):
        yield replace(flag, reviewed=decided.get((flag.officer, flag.day, flag.rule)))


def _days(days: int) -> "QuerySet[Any]":
    rows = AuditEvent.objects.filter(IS_LOOK, at__gte=_since(days), by__isnull=False)
    return rows.annotate(day=TruncDate("at"), hour=ExtractHour("at"))


def _many(days: int, limits: Unusual) -> Iterator[Flag]:
    rows = _days(days).values_list("by", "day").annotate(count=Count("subject", distinct=True))
    yield from _flags(rows.filter(count__gt=limits.people_a_day), "many", limits.people_a_day)


def _same(days: int, limits: Unusual) -> Iterator[Flag]:
    rows = _days(days).values_list("by", "day", "subject").annotate(count=Count("seq"))
    worst: dict[tuple[int, date], int] = {}
    for by, day, _subject, count in rows.filter(count__gt=limits.same_person_a_day):
        worst[by, day] = max(count, worst.get((by, day), 0))
    yield from _flags(((by, day, count) for (by, day), count in worst.items()), "same", limits.same_person_a_day)


def _night(days: int, limits: Unusual) -> Iterator[Flag]:
    at_night = Q(hour__gte=limits.night_from) | Q(hour__lt=limits.night_to)
    rows = _days(days).filter(at_night).values_list("by", "day").annotate(count=Count("subject", distinct=True))
    yield from _flags(rows.filter(count__gt=limits.night_people), "night", limits.night_people)


def _flags(rows: Iterable[Any], rule: str, limit: int) -> Iterator[Flag]:
    for by, day, count in rows:
        yield Flag(by, day, rule, count, limit)
