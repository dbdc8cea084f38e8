"""What people told in interviews, and who lives with whom: always in the tail, because it may change."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import ceil_minute, day_start, floor_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag, Household, Visit
from vungxanh.lake.schema import OPEN_END
from vungxanh.lake.sources import Batch
from vungxanh.outbreak.models import Milestone
from vungxanh.people.models import HouseholdMember

DAY = timedelta(days=1)


class InterviewVisits:
    """Milestones as visits. They are few and stay in the database: a trace sees them as soon as they are told."""

    name = "outbreak-interviews"

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """None: a milestone that was mistaken is withdrawn, and a closed row never changes."""
        yield from ()

    def tail(self, now: int) -> Evidence:
        rows = Milestone.objects.filter(withdrawn_at=None)
        return Evidence.of(
            visits=[
                Visit(
                    one.person,
                    one.place,
                    floor_minute(one.start),
                    ceil_minute(one.end),
                    mask=one.mask,
                    flags=int(Flag.NAMED),
                    source=f"interview:{one.pk}",
                )
                for one in rows
            ]
        )


class RegisteredHouseholds:
    """Who lives with whom, as `people` has it; `people` stands below the lake and cannot hand it over itself."""

    name = "people-households"

    def __init__(self) -> None:
        self._read: tuple[object, Evidence] | None = None

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """None: somebody may be put into another home, and a closed row never changes."""
        yield from ()

    def tail(self, now: int) -> Evidence:
        """Read again only where the table was written to: every live question asks for it."""
        mark = _written()
        if self._read is None or self._read[0] != mark:
            self._read = (mark, self._all())
        return self._read[1]

    def _all(self) -> Evidence:
        # scope: the lake reads all
        rows = HouseholdMember.objects.values_list("pk", "person", "household", "since", "until")
        return Evidence.of(
            households=[
                Household(
                    person,
                    sender_id("people.household", str(household)),
                    0 if since is None else day_start(since),
                    OPEN_END if until is None else day_start(until + DAY),
                    source="people",
                    row=sender_id("people.household-member", str(own)),
                )
                for own, person, household, since, until in rows
            ]
        )


def _written() -> object:
    """Another value after every change of a household: rows, and the transactions and commands that wrote them.

    Asked before the rows, so that what is written in between is read once more and never missed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(xmin::text::bigint), sum(cmin::text::bigint) FROM people_householdmember"
        )
        return cursor.fetchone()
