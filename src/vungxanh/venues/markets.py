"""A market before dawn: who works at which stall, which rows sell today, lorries, and who is invited."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM
from vungxanh.core.vietnamese import clean, fold
from vungxanh.places.models import Place
from vungxanh.places.queries import within
from vungxanh.venues.badges import Where, persons
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.identify import of_guest
from vungxanh.venues.models import Invitee, Lorry, RosterEntry, SellingDay, Venue
from vungxanh.venues.refold import hours_of
from vungxanh.venues.schemas import Guest
from vungxanh.venues.self_record import record_known

_ZONE = ZoneInfo(VIETNAM)
_NUMBER = re.compile(r"[\s\-–·.]*\d+\s*$")


@dataclass(frozen=True, slots=True)
class Worker:
    """One line of a roster: at which stall (its name; empty is the market itself), who, in which role."""

    stall: str
    guest: Guest
    role: str = RosterEntry.Role.TRADER


def stalls_of(venue: Venue) -> list[Place]:
    """Every part of a market that is open, in the order of names."""
    # scope: the keeper's own place
    return list(within(venue.place.scope_path).filter(kind="stall", closed=None).order_by("name_sort"))


def row_of(name: str) -> str:
    """`Dãy A – 12` -> `Dãy A`: what stands before the last number is the row."""
    return clean(_NUMBER.sub("", name)) or name


def rows_of(stalls: Iterable[Place]) -> dict[str, list[Place]]:
    """Row -> its stalls, in order."""
    found: dict[str, list[Place]] = defaultdict(list)
    for stall in stalls:
        found[row_of(stall.name)].append(stall)
    return dict(found)


@transaction.atomic
def enrol(*, by: audit.By, venue: Venue, workers: Sequence[Worker], since: date | None = None) -> list[int]:
    """Put people on the rosters of their stalls. -> persons in order. Raises `venues.no-such-stall`."""
    known = {fold(stall.name): stall for stall in stalls_of(venue)}
    where = Where(venue.place.scope_path, venue.pk, timezone.now())
    places = [_stall(worker.stall, known, venue.place) for worker in workers]
    people = persons([of_guest(w.guest, where, f"roster:{venue.pk}:{n}") for n, w in enumerate(workers)])
    day = since or timezone.localdate()
    rows = [
        RosterEntry(place=place, person=person, role=worker.role, since=day)
        for place, person, worker in zip(places, people, workers, strict=True)
        if person is not None
    ]
    RosterEntry.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(by=by, action="venues:roster:add", subject=f"place:{venue.pk}", details={"count": len(rows)})
    return [person for person in people if person is not None]


def _stall(name: str, known: dict[str, Place], market: Place) -> Place:
    if not name.strip():
        return market
    found = known.get(fold(name))
    if found is None:
        raise UserError("venues.no-such-stall", field="stall", value=name[:60])
    return found


@transaction.atomic
def leave_roster(*, by: audit.By, entry: RosterEntry, on: date | None = None) -> None:
    entry.until = on or timezone.localdate()
    entry.save(update_fields=["until"])
    audit.record(by=by, action="venues:roster:end", subject=f"place:{entry.place_id}")


@transaction.atomic
def sell(*, by: audit.By, stalls: Sequence[Place], day: date | None = None) -> int:
    """These stalls sell on a day, all at one tap; pressing twice changes nothing. -> stalls newly noted."""
    when = day or timezone.localdate()
    before = SellingDay.objects.filter(place__in=stalls, day=when).count()  # scope: the keeper's own place
    SellingDay.objects.bulk_create([_selling(stall, when) for stall in stalls], ignore_conflicts=True)
    if stalls:
        details = {"day": when, "stalls": len(stalls)}
        audit.record(by=by, action="venues:selling:noted", subject=f"place:{stalls[0].parent_id}", details=details)
    after = SellingDay.objects.filter(place__in=stalls, day=when).count()  # scope: the keeper's own place
    return after - before


def _selling(stall: Place, day: date) -> SellingDay:
    """From now, or from the day's beginning where it is noted later, to closing time."""
    closes = hours_of(stall).closes or time(23, 59)
    end = datetime.combine(day, closes, _ZONE)
    now = timezone.now()
    start = now if timezone.localdate(now) == day and now < end else datetime.combine(day, time(0), _ZONE)
    return SellingDay(place=stall, day=day, start=start, end=max(end, start + timedelta(minutes=1)))


@transaction.atomic
def not_selling(*, by: audit.By, stall: Place, day: date | None = None) -> None:
    """It was a mistake; what the lake has already stays."""
    # scope: the keeper's own place
    SellingDay.objects.filter(place=stall, day=day or timezone.localdate(), export_no=None).delete()
    audit.record(by=by, action="venues:selling:taken-back", subject=f"place:{stall.pk}")


@transaction.atomic
def lorry_arrives(
    *, by: audit.By, venue: Venue, plate: str, origin: str, goods: str, driver: Guest | None
) -> Lorry:
    """A lorry at a wholesale market; its driver is recorded like everybody. Raises `venues.plate-needed`."""
    number = re.sub(r"[^0-9A-ZĐ-]", "", clean(plate).upper())[:20]
    if not number:
        raise UserError("venues.plate-needed", field="plate")
    now, place = timezone.now(), venue.place
    there = Lorry.objects.filter(place=place, plate=number, left=None).first()  # scope: the keeper's own place
    if there:
        return there
    where = Where(place.scope_path, place.pk, now)
    person = (
        persons([of_guest(driver, where, f"lorry:{place.pk}:{number}:{now:%Y%m%d%H%M}")])[0] if driver else None
    )
    lorry = Lorry.objects.create(
        place=place, plate=number, origin=clean(origin)[:120], goods=clean(goods)[:120], driver=person, arrived=now
    )
    _record_driver(lorry, "in", now)
    audit.record(by=by, action="venues:lorry:arrived", subject=f"place:{place.pk}", details={"lorry": lorry.pk})
    return lorry


@transaction.atomic
def lorry_leaves(*, by: audit.By, lorry: Lorry) -> None:
    lorry.left = timezone.now()
    lorry.save(update_fields=["left"])
    _record_driver(lorry, "out", lorry.left)
    audit.record(by=by, action="venues:lorry:left", subject=f"place:{lorry.place_id}", details={"lorry": lorry.pk})


def _record_driver(lorry: Lorry, way: str, at: datetime) -> None:
    if lorry.driver is None:
        return
    record_known(
        place=lorry.place,
        sender=f"lorry:{lorry.pk}",
        people=[lorry.driver],
        way=way,
        key=way,
        at=at,
        came_by="typed",
        strength=Strength.TYPED,
    )


@transaction.atomic
def invite(*, by: audit.By, venue: Venue, guests: Sequence[tuple[Guest, str]]) -> int:
    """People of a meeting or a fair and their seats. -> newly invited. Raises `venues.seat-twice`."""
    seats = [seat for _, seat in guests if seat]
    taken = set(venue.invitees.exclude(seat="").values_list("seat", flat=True))
    twice = next((seat for seat in seats if seats.count(seat) > 1 or seat in taken), "")
    if twice:
        raise UserError("venues.seat-twice", field="seat", value=twice)
    where = Where(venue.place.scope_path, venue.pk, timezone.now())
    people = persons([of_guest(guest, where, f"invited:{venue.pk}:{n}") for n, (guest, _) in enumerate(guests)])
    before = venue.invitees.count()
    rows = [
        Invitee(venue=venue, person=person, seat=seat[:8])
        for person, (_, seat) in zip(people, guests, strict=True)
        if person
    ]
    Invitee.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(by=by, action="venues:invitees:add", subject=f"place:{venue.pk}", details={"count": len(rows)})
    return venue.invitees.count() - before
