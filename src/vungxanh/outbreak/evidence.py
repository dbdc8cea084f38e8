"""What people told in interviews, as evidence for the lake: always in the tail, because it may be taken back."""

from collections.abc import Iterator

from vungxanh.core.minutes import ceil_minute, floor_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag, Visit
from vungxanh.lake.sources import Batch
from vungxanh.outbreak.models import Milestone


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
