"""Records of gates, phones and papers on their way in: checked, made out to people, written, answered one by one.

The checks are a chain of small rules; the first that refuses gives the reason.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone

from vungxanh.codes.template import Template
from vungxanh.core.append import Verdict, append, digest_of, refused
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.core.vault import keyed_number
from vungxanh.places.models import Place
from vungxanh.venues import asking, errands
from vungxanh.venues.asking import Asked
from vungxanh.venues.badges import Identity, Where, persons
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.folding import Direction
from vungxanh.venues.gate_rules import Asks, Mode, Pack, pack
from vungxanh.venues.identify import of_guest, of_proof, of_text
from vungxanh.venues.models import ScanRecord, UsedCode
from vungxanh.venues.personal import templates
from vungxanh.venues.refold import refold
from vungxanh.venues.schemas import Guest, Recorded, ScanIn
from vungxanh.venues.trips import running, seat_passengers

#: a device's clock may run ahead by this much before a record is refused
AHEAD = timedelta(minutes=5)
#: a difference below this is the network, not the clock
SKEW_IGNORED = timedelta(seconds=60)
_DIRECTIONS = {"": Direction.EITHER, "in": Direction.IN, "out": Direction.OUT}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: its name (part of every record's id), the places it may record for, its gate.

    `late`: what it sends was read long before, so that nobody can be asked for a declaration any more.
    """

    name: str
    place: Place
    gate: int | None = None
    places: frozenset[int] = frozenset()
    strength: Strength | None = None
    vehicle: bool = False
    asks: Asks = "visit"
    mode: Mode = "named"
    late: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """What the rules need besides the record."""

    sender: Sender
    now: datetime
    pack: Pack
    templates: Callable[[], tuple[Template, ...]] = tuple


@dataclass
class Outcome:
    """Verdicts in the order of the records, and the person behind each that was accepted."""

    verdicts: list[Verdict] = field(default_factory=list)
    people: list[int | None] = field(default_factory=list)


def named_place(_: ScanIn, checks: Checks) -> None:
    """At a private place only telephones remember; a gate there counts."""
    if checks.sender.mode == "private":
        raise UserError("venues.private-place", field="place")


def has_somebody(record: ScanIn, _: Checks) -> None:
    if not record.code and record.guest is None and not record.proof:
        raise UserError("venues.nothing-scanned", field="code")


def not_from_the_future(record: ScanIn, checks: Checks) -> None:
    if record.at > checks.now + AHEAD:
        raise UserError("venues.from-the-future", field="at", at=record.at.isoformat(timespec="minutes"))


def not_too_old(record: ScanIn, checks: Checks) -> None:
    if record.at < checks.now - checks.pack.oldest:
        days = checks.pack.scan_days
        raise UserError("venues.too-old", field="at", at=record.at.isoformat(timespec="minutes"), days=days)


def own_place(record: ScanIn, checks: Checks) -> None:
    if record.place is not None and record.place not in checks.sender.places | {checks.sender.place.pk}:
        raise UserError("venues.other-place", field="place", place=record.place)


RULES: tuple[Callable[[ScanIn, Checks], None], ...] = (
    named_place,
    has_somebody,
    not_from_the_future,
    not_too_old,
    own_place,
)


def skew_of(clock: datetime | None, now: datetime) -> timedelta:
    """What must be added to the device's times; zero where it is small or unknown."""
    skew = now - clock if clock else timedelta()
    return skew if abs(skew) > SKEW_IGNORED else timedelta()


def take(records: Sequence[ScanIn], *, sender: Sender, skew: timedelta = timedelta()) -> Outcome:
    """One verdict per record, in order. What is accepted is on disk when the surrounding transaction commits."""
    # layouts of others are asked for once, and only where a code is none of ours
    checks = Checks(sender, timezone.now(), pack(), cache(templates))
    found = [_checked(record, checks, skew) for record in records]
    with transaction.atomic():
        good = [identity for identity in found if isinstance(identity, Identity)]
        people = iter(persons(good))
        outcome = Outcome(people=[next(people) if isinstance(one, Identity) else None for one in found])
        asked = [
            Asked(record, identity, person, record.at + skew)
            for record, identity, person in zip(records, found, outcome.people, strict=True)
            if isinstance(identity, Identity) and person is not None
        ]
        faults = _faults(asked, checks)
        rows = [
            (one.record.id, _row(one, sender, skew, checks.now)) for one in asked if one.record.id not in faults
        ]
        written = iter(_written(rows, asked))
    for record, identity, person in zip(records, found, outcome.people, strict=True):
        fault = identity if isinstance(identity, UserError) else faults.get(record.id)
        outcome.verdicts.append(_verdict(record, fault, person, written))
    return outcome


def _faults(asked: Sequence[Asked], checks: Checks) -> dict[str, UserError]:
    """Record id -> why it is not taken, of those whose person is known."""
    sender = checks.sender
    faults = _used_elsewhere(asked, sender.place.pk)
    good = [one for one in asked if one.record.id not in faults]
    faults |= asking.take_answers(good, sender.name, sender.place.scope_path)
    if sender.asks == "declaration" and not sender.late:
        faults |= asking.undeclared(
            [one for one in good if one.record.id not in faults], checks.pack.accepts, checks.now
        )
    return faults


def _used_elsewhere(asked: Sequence[Asked], place: int) -> dict[str, UserError]:
    """A rotating code that another place has read is a photograph of it."""
    shown = {one.identity.used: one for one in asked if one.identity.used}
    if not shown:
        return {}
    rows = [UsedCode(key=key, place=place, at=one.at) for key, one in shown.items() if key]
    UsedCode.objects.bulk_create(rows, ignore_conflicts=True)
    known = UsedCode.objects.filter(key__in=list(shown)).values_list("key", "place")
    elsewhere = {bytes(key) for key, at in known if at != place}
    return {
        one.record.id: UserError("venues.code-used", field="code")
        for one in asked
        if one.identity.used in elsewhere
    }


def _checked(record: ScanIn, checks: Checks, skew: timedelta) -> Identity | UserError:
    corrected = record.model_copy(update={"at": record.at + skew}) if skew else record
    place = checks.sender.place
    where = Where(place.scope_path, place.pk, corrected.at, checks.templates)
    try:
        for rule in RULES:
            rule(corrected, checks)
        if record.proof:
            return of_proof(record.proof)
        if record.code:
            return of_text(record.code, where)
        return of_guest(_guest(record), where, f"{checks.sender.name}:{record.id}")
    except UserError as error:
        return error


def _guest(record: ScanIn) -> Guest:
    assert record.guest
    return record.guest


def _row(asked: Asked, sender: Sender, skew: timedelta, now: datetime) -> Recorded:
    record = asked.record
    direction = _DIRECTIONS[record.direction]
    place = record.place or _place_at(sender, asked.at)
    said = (record.at.isoformat(), int(direction), place, record.way, _whom(asked))
    return Recorded(
        id=sender_id(sender.name, record.id),
        digest=digest_of(said),
        received_at=now,
        place_id=place,
        person=asked.person,
        at=asked.at,
        said_at=record.at,
        direction=direction,
        way=record.way,
        strength=sender.strength if sender.strength is not None else asked.identity.strength,
        mask=record.mask,
        gate=sender.gate,
        group=sender_id(sender.name, record.group) if record.group else None,
    )


def _whom(asked: Asked) -> object:
    """Whom a record names, for its digest: nothing that could be guessed back. A proof is made anew each time, the
    person behind it is not."""
    record, keys = asked.record, asked.identity.keys
    if record.code and keys:
        return keys[0]
    return keyed_number(
        "scan", str(asked.person) if record.proof or record.code else _guest(record).model_dump_json()
    )


def _place_at(sender: Sender, at: datetime) -> int:
    """What is recorded at a vehicle belongs to the trip that ran at that moment."""
    trip = running(sender.place, at) if sender.vehicle else None
    return trip.place_id if trip else sender.place.pk


def _written(rows: list[tuple[str, Recorded]], asked: Sequence[Asked]) -> list[Verdict]:
    verdicts = append(rows, ScanRecord)
    new = [row for (_, row), verdict in zip(rows, verdicts, strict=True) if verdict.status == "accepted"]
    refold(new)
    errands.note(asked, new)
    if any(one.record.seat or one.record.to for one in asked):
        seat_passengers(asked, new)
    return verdicts


def _verdict(record: ScanIn, fault: UserError | None, person: int | None, written: Iterator[Verdict]) -> Verdict:
    if fault is not None:
        return refused(record.id, fault)
    return refused(record.id, UserError("venues.declare-first", field="code")) if person is None else next(written)
