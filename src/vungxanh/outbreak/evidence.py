"""What people told in interviews, and who lives with whom: always in the tail, because it may change."""

from collections.abc import Iterator
from datetime import timedelta

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

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        """None: somebody may be put into another home, and a closed row never changes."""
        yield from ()

    def tail(self, now: int) -> Evidence:
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
