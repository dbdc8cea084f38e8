"""What sending would cost, and how it went."""

from django.db.models import Count, QuerySet, Sum

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.notify.actions import check, filled
from vungxanh.notify.delivery import left_today
from vungxanh.notify.interface import Message
from vungxanh.notify.limits import limit
from vungxanh.notify.models import Batch, Delivery, Inbound, PushSubscription
from vungxanh.notify.registry import adapter
from vungxanh.notify.schemas import BatchIn, Estimate
from vungxanh.notify.sms import parts
from vungxanh.people.roles import Permission


def estimate(asked: BatchIn) -> Estimate:
    """Cost, length and time of a batch, before it is ordered. Raises what `actions.check` raises."""
    check(asked)
    provider, count = adapter(asked.channel), len(set(asked.persons)) + len(set(asked.addresses))
    longest = max([filled(asked.text, v) for v in asked.values.values()] or [asked.text], key=len)
    rate, left = limit(asked.channel), left_today(asked.channel)
    price = provider.price(Message("", "", longest, asked.subject))
    return Estimate(
        messages=count,
        parts=parts(longest),
        cost=count * price,
        seconds=int(count / rate.per_second) + 1,
        provider=provider.name,
        left_today=left,
        days=-(-max(0, count - left) // max(1, rate.per_day)),
    )


def listening() -> "QuerySet[PushSubscription, int | None]":
    """People with a browser that agreed to be told and has not taken it back."""
    return PushSubscription.objects.filter(gone_at=None, person__isnull=False).values_list("person", flat=True)


def outcome(batch: int) -> dict[str, int]:
    """State -> how many, and what was spent so far."""
    rows = Delivery.objects.filter(batch=batch)
    counts = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    return counts | {"cost": rows.aggregate(spent=Sum("cost"))["spent"] or 0}


def listening_devices() -> "QuerySet[PushSubscription, str]":
    """Names of devices with a browser that agreed to be told."""
    return PushSubscription.objects.filter(gone_at=None).exclude(device="").values_list("device", flat=True)


def waiting(officer: HasGrants) -> "QuerySet[Inbound]":
    """Messages and missed calls of people that nobody has seen to, the oldest first."""
    rows = scoped(Inbound.objects.filter(state=Inbound.State.WAITING), officer, Permission.HOTLINE_ANSWER)
    return rows.order_by("at", "pk")


def uncertain(officer: HasGrants) -> "QuerySet[Delivery]":
    """Messages that may have gone or not: somebody looks them up at the provider."""
    mine = scoped(Batch.objects.all(), officer)
    return Delivery.objects.filter(state=Delivery.State.UNCERTAIN, batch__in=mine).select_related("batch")


def batches(officer: HasGrants, most: int = 50) -> list[Batch]:
    """The newest batches of the officer's scope."""
    return list(scoped(Batch.objects.order_by("-pk"), officer)[:most])
