"""Records of gates, phones and papers on their way in: checked, made out to people, written, answered one by one.

The checks are a chain of small rules; the first that refuses gives the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core.append import Verdict, append, digest_of, refused
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.core.vault import keyed_number
from vungxanh.places.models import Place
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.folding import Direction
from vungxanh.venues.identify import Identity, of_guest, of_text, persons
from vungxanh.venues.models import ScanRecord
from vungxanh.venues.refold import refold
from vungxanh.venues.schemas import Guest, ScanIn
from vungxanh.venues.trips import running

#: a device's clock may run ahead by this much before a record is refused
AHEAD = timedelta(minutes=5)
#: what is older has no use for tracing and no reason to be kept
OLDEST = timedelta(days=60)
#: a difference below this is the network, not the clock
SKEW_IGNORED = timedelta(seconds=60)
_DIRECTIONS = {"": Direction.EITHER, "in": Direction.IN, "out": Direction.OUT}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: its name (part of every record's id), the places it may record for, its gate."""

    name: str
    place: Place
    gate: int | None = None
    places: frozenset[int] = frozenset()
    strength: Strength | None = None
    vehicle: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """What the rules need besides the record."""

    sender: Sender
    now: datetime


@dataclass
class Outcome:
    """Verdicts in the order of the records, and the person behind each that was accepted."""

    verdicts: list[Verdict] = field(default_factory=list)
    people: list[int | None] = field(default_factory=list)


def has_somebody(record: ScanIn, _: Checks) -> None:
    if not record.code and record.guest is None:
        raise UserError("venues.nothing-scanned", field="code")


def not_from_the_future(record: ScanIn, checks: Checks) -> None:
    if record.at > checks.now + AHEAD:
        raise UserError("venues.from-the-future", field="at", at=record.at.isoformat(timespec="minutes"))


def not_too_old(record: ScanIn, checks: Checks) -> None:
    if record.at < checks.now - OLDEST:
        raise UserError("venues.too-old", field="at", at=record.at.isoformat(timespec="minutes"), days=OLDEST.days)


def own_place(record: ScanIn, checks: Checks) -> None:
    if record.place is not None and record.place not in checks.sender.places | {checks.sender.place.pk}:
        raise UserError("venues.other-place", field="place", place=record.place)


RULES: tuple[Callable[[ScanIn, Checks], None], ...] = (has_somebody, not_from_the_future, not_too_old, own_place)


def skew_of(clock: datetime | None, now: datetime) -> timedelta:
    """What must be added to the device's times; zero where it is small or unknown."""
    skew = now - clock if clock else timedelta()
    return skew if abs(skew) > SKEW_IGNORED else timedelta()


def take(records: Sequence[ScanIn], *, sender: Sender, skew: timedelta = timedelta()) -> Outcome:
    """One verdict per record, in order. What is accepted is on disk when the surrounding transaction commits."""
    checks = Checks(sender, timezone.now())
    found = [_checked(record, checks, skew) for record in records]
    with transaction.atomic():
        good = [identity for identity in found if isinstance(identity, Identity)]
        people = iter(persons(good))
        rows: list[tuple[str, ScanRecord]] = []
        outcome = Outcome()
        for record, identity in zip(records, found, strict=True):
            person = next(people) if isinstance(identity, Identity) else None
            outcome.people.append(person)
            if isinstance(identity, Identity) and person is not None:
                rows.append((record.id, _row(record, identity, person, sender, skew)))
        written = iter(_written(rows))
    for record, identity, person in zip(records, found, outcome.people, strict=True):
        outcome.verdicts.append(_verdict(record, identity, person, written))
    return outcome


def _checked(record: ScanIn, checks: Checks, skew: timedelta) -> Identity | UserError:
    corrected = record.model_copy(update={"at": record.at + skew}) if skew else record
    try:
        for rule in RULES:
            rule(corrected, checks)
        path = checks.sender.place.scope_path
        return (
            of_text(record.code, path)
            if record.code
            else of_guest(_guest(record), path, f"{checks.sender.name}:{record.id}")
        )
    except UserError as error:
        return error


def _guest(record: ScanIn) -> Guest:
    assert record.guest
    return record.guest


def _row(record: ScanIn, identity: Identity, person: int, sender: Sender, skew: timedelta) -> ScanRecord:
    direction = _DIRECTIONS[record.direction]
    place = record.place or _place_at(sender, record.at + skew)
    whom = record.code or _guest(record).model_dump_json()
    said = (record.at.isoformat(), int(direction), place, record.way, keyed_number("scan", whom))
    return ScanRecord(
        id=sender_id(sender.name, record.id),
        digest=digest_of(said),
        received_at=timezone.now(),
        place_id=place,
        person=person,
        at=record.at + skew,
        said_at=record.at,
        direction=direction,
        way=record.way,
        strength=sender.strength if sender.strength is not None else identity.strength,
        mask=record.mask,
        gate=sender.gate,
        group=sender_id(sender.name, record.group) if record.group else None,
    )


def _place_at(sender: Sender, at: datetime) -> int:
    """What is recorded at a vehicle belongs to the trip that ran at that moment."""
    trip = running(sender.place, at) if sender.vehicle else None
    return trip.place_id if trip else sender.place.pk


def _written(rows: list[tuple[str, ScanRecord]]) -> list[Verdict]:
    verdicts = append(rows)
    new = [row for (_, row), verdict in zip(rows, verdicts, strict=True) if verdict.status == "accepted"]
    refold(new)
    return verdicts


def _verdict(
    record: ScanIn, found: Identity | UserError, person: int | None, written: Iterator[Verdict]
) -> Verdict:
    if isinstance(found, UserError):
        return refused(record.id, found)
    return refused(record.id, UserError("venues.declare-first", field="code")) if person is None else next(written)
