"""What is due when two records of a person are made one: due once. And again as before when they are parted."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from vungxanh.work.actions import OPEN
from vungxanh.work.models import WorkItem


class WorkMover:
    """Registered with `people.merge_actions`."""

    def move(self, given_up: int, kept: int) -> Mapping[str, Any]:
        """What both owe falls away once, the rest goes over. -> rows that went, and what fell from which state."""
        due = WorkItem.objects.filter(person=kept, state__in=OPEN).values_list("kind", flat=True)
        rows = list(WorkItem.objects.filter(person=given_up, state__in=OPEN).select_for_update())
        double = {row.pk: row.state for row in rows if row.kind in set(due)}
        moved = [row.pk for row in rows if row.pk not in double]
        WorkItem.objects.filter(pk__in=list(double)).update(
            state=WorkItem.State.CANCELLED, finished_at=timezone.now(), outcome="same-person"
        )
        WorkItem.objects.filter(pk__in=moved).update(person=kept)
        return {"moved": moved, "double": list(double.items())}

    def give_back(self, given_up: int, kept: int, moved: Mapping[str, Any]) -> None:
        WorkItem.objects.filter(pk__in=moved["moved"], person=kept).update(person=given_up)
        for number, state in moved["double"]:
            WorkItem.objects.filter(pk=number).update(state=state, finished_at=None, outcome="")
