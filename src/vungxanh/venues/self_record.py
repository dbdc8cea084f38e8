"""What people record on their own telephones, through the same seam as every gate."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.core.append import Verdict, append, digest_of, refused
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.places.models import Place
from vungxanh.venues import queries, rotating
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.folding import Direction
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.ingest import AHEAD, skew_of
from vungxanh.venues.links import place_of, read
from vungxanh.venues.models import CitizenDevice, ScanRecord
from vungxanh.venues.refold import refold
from vungxanh.venues.schemas import Recorded, VisitIn, VisitsIn
from vungxanh.venues.trips import running

WAYS = {"in": Direction.IN, "out": Direction.OUT}


def record_on_phone(
    *, place: Place, device: CitizenDevice, people: Sequence[int], way: str, key: str, at: datetime
) -> list[Verdict]:
    """One record a person; `key` is the phone's own id of this tap, so that pressing twice records once."""
    return record_known(place=place, sender=f"phone:{device.pk}", people=people, way=way, key=key, at=at)


@transaction.atomic
def record_known(
    *,
    place: Place,
    sender: str,
    people: Sequence[int],
    way: str,
    key: str,
    at: datetime,
    came_by: str = "phone",
    strength: Strength = Strength.SELF,
) -> list[Verdict]:
    """People who are known already: of a telephone, a lorry, a seat that was keyed in."""
    group = sender_id(sender, key)
    rows = [
        (
            f"{key}:{person}",
            Recorded(
                id=sender_id(sender, f"{key}:{person}"),
                digest=digest_of((place.pk, person, way)),
                received_at=timezone.now(),
                place_id=place.pk,
                person=person,
                at=at,
                said_at=at,
                direction=WAYS.get(way, Direction.EITHER),
                way=came_by,
                strength=strength,
                mask=None,
                gate=None,
                group=group if len(people) > 1 else None,
            ),
        )
        for person in people
    ]
    verdicts = append(rows, ScanRecord)
    new = [row for (_, row), verdict in zip(rows, verdicts, strict=True) if verdict.status == "accepted"]
    refold(new)
    return verdicts


def take_visits(device: CitizenDevice | None, given: VisitsIn) -> list[Verdict]:
    """Taps of a telephone that had no network, by its corrected clock: one verdict a tap."""
    skew = skew_of(given.clock, timezone.now())
    return [_visit(device, one, one.at + skew) for one in given.visits]


def _visit(device: CitizenDevice | None, one: VisitIn, at: datetime) -> Verdict:
    found, now = read(one.code), timezone.now()
    place = place_of(found)
    try:
        if place is None or found is None or device is None:
            raise UserError("venues.read-again", field="code")
        if at > now + AHEAD or at < now - pack().oldest:
            raise UserError(
                "venues.too-old", field="at", at=at.isoformat(timespec="minutes"), days=pack().scan_days
            )
        if one.way == "in":
            rotating.check_late(found, queries.venue_of(place), at)
        members = list(device.members.all())
        people = [m.person_id for m in members if m.pk in one.members or len(members) == 1]
        if not people:
            raise UserError("venues.nobody-chosen", field="member")
    except UserError as error:
        return refused(one.id, error)
    trip = running(place, at)
    here = trip.place if trip else place
    verdicts = record_on_phone(place=here, device=device, people=people, way=one.way, key=one.id[:40], at=at)
    return Verdict(one.id, "accepted" if any(v.status == "accepted" for v in verdicts) else "duplicate")
