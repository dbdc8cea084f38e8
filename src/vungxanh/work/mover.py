"""What is due when two records of a person are made one: due once. And again as before when they are parted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from vungxanh.work.actions import OPEN
from vungxanh.work.models import WorkItem


class WorkMover:
    """Registered with `people.merge_actions`."""

    def move(self, given_up: int, kept: int) -> Mapping[str, Any]:
        """What both owe falls away once, the rest goes over. -> rows that went, and what fell from which state."""
        both = WorkItem.objects.filter(person__in=(given_up, kept), state__in=OPEN)  # scope: by the merge
        open_rows = list(both.select_for_update())
        due = {_owed(row) for row in open_rows if row.person == kept}
        rows = [row for row in open_rows if row.person == given_up]
        double = {row.pk: row.state for row in rows if _owed(row) in due}
        moved = [row.pk for row in rows if row.pk not in double]
        fallen = WorkItem.objects.filter(pk__in=list(double))  # scope: by the merge
        fallen.update(state=WorkItem.State.CANCELLED, finished_at=timezone.now(), outcome="same-person")
        WorkItem.objects.filter(pk__in=moved).update(person=kept)  # scope: by the merge
        return {"moved": moved, "double": list(double.items())}

    def give_back(self, given_up: int, kept: int, moved: Mapping[str, Any]) -> None:
        WorkItem.objects.filter(pk__in=moved["moved"], person=kept).update(person=given_up)  # scope: by the merge
        for number, state in moved["double"]:
            row = WorkItem.objects.filter(pk=number)  # scope: by the merge
            row.update(state=state, finished_at=None, outcome="")


def _owed(row: WorkItem) -> tuple[str, date]:
    """The same kind on the same day is asked of a person once; another day is another visit."""
    return row.kind, timezone.localdate(row.due)
