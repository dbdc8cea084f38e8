"""Of whom the commune wants to know when a gate records them: ill, or ordered or asked to stay apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from vungxanh.outbreak.followup_rules import rules
from vungxanh.outbreak.models import Case, FollowUp, Order

#: whose end of illness nobody wrote down is not asked after for ever: our reckoning
ILL_FOR = timedelta(days=30)
_STANDING = (Order.Status.SIGNED, Order.Status.NOTIFIED)


def watched_persons(persons: Sequence[int], at: datetime) -> set[int]:
    """Those of `persons` who should not be at a public place at `at`. No gate shows it."""
    day = timezone.localdate(at)
    # scope: the house asks for the commune's list; nobody is shown the answer
    orders = Order.objects.filter(person__in=persons, status__in=_STANDING, since__lte=day, until__gte=day)
    # scope: the house asks for the commune's list; nobody is shown the answer
    cases = Case.objects.filter(
        Q(negative_at=None) | Q(negative_at__gt=at), person__in=persons, reported_at__gt=at - ILL_FOR
    )
    apart = [rule.id for rule in rules() if rule.isolation]
    # scope: the house asks for the commune's list; nobody is shown the answer
    followed = FollowUp.objects.filter(
        person__in=persons, status=FollowUp.Status.ACTIVE, rule__in=apart, since__lte=day, until__gte=day
    )
    ill = cases.exclude(status=Case.Status.WITHDRAWN)
    return {row for rows in (orders, ill, followed) for row in rows.values_list("person", flat=True)}
