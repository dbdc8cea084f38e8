"""What people record on their own telephones, through the same seam as every gate."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.core.append import Verdict, append, digest_of
from vungxanh.core.ids import sender_id
from vungxanh.places.models import Place
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.folding import Direction
from vungxanh.venues.models import CitizenDevice, ScanRecord
from vungxanh.venues.refold import refold

WAYS = {"in": Direction.IN, "out": Direction.OUT}


@transaction.atomic
def record_on_phone(
    *, place: Place, device: CitizenDevice, people: Sequence[int], way: str, key: str, at: datetime
) -> list[Verdict]:
    """One record a person; `key` is the phone's own id of this tap, so that pressing twice records once."""
    sender, group = f"phone:{device.pk}", sender_id(f"phone:{device.pk}", key)
    rows = [
        (
            f"{key}:{person}",
            ScanRecord(
                id=sender_id(sender, f"{key}:{person}"),
                digest=digest_of((place.pk, person, way)),
                received_at=timezone.now(),
                place=place,
                person=person,
                at=at,
                said_at=at,
                direction=WAYS.get(way, Direction.EITHER),
                way="phone",
                strength=Strength.SELF,
                group=group if len(people) > 1 else None,
            ),
        )
        for person in people
    ]
    verdicts = append(rows)
    refold([row for (_, row), verdict in zip(rows, verdicts, strict=True) if verdict.status == "accepted"])
    return verdicts
