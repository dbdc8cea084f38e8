"""Places whose result goes stale: on the work list before and while it is; their keepers are told of both."""

from datetime import datetime

from django.utils import timezone

from vungxanh.places.models import Place
from vungxanh.places.queries import newest_facts
from vungxanh.safetymap import limits, telling
from vungxanh.safetymap.actions import LEVEL_FACT
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn

KIND = "safety.assess"


def source_of(place: int) -> str:
    return f"safety-stale:{place}"


def remind(now: datetime | None = None) -> int:
    """-> how many places are due. One that was never assessed is not chased here: it is shown as such."""
    moment = now or timezone.now()
    rows = Place.objects.filter(parent=None, merged_into=None, closed=None)  # scope: the worker sees to all
    places = {place.pk: place for place in rows}
    facts = newest_facts(places, LEVEL_FACT)
    soon = moment + limits.remind_before()
    due = [
        ItemIn(
            KIND,
            fact.valid_until,
            source_of(number),
            place=number,
            reason=places[number].name,
            scope_path=places[number].scope_path,
            scope_sector=places[number].scope_sector,
            scope_org=places[number].scope_org,
        )
        for number, fact in facts.items()
        if fact.valid_until is not None and fact.valid_until <= soon
    ]
    work.put_many(due, by=None)
    for number in (item.place for item in due if item.place is not None):
        fact = facts[number]
        assert fact.valid_until is not None
        text, cause = (telling.SOON, "soon") if fact.valid_until > moment else (telling.STALE, "stale")
        telling.tell(places[number], text, cause=f"{cause}:{fact.pk}", at=fact.valid_until)
    return len(due)
