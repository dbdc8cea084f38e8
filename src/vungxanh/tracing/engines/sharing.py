"""What an infector and a contact shared in a window, one function per kind of evidence: the reference's way."""

from collections.abc import Iterator
from dataclasses import dataclass

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.rows import Encounter, Flag
from vungxanh.rules.condition import NEVER
from vungxanh.rules.contact import Bounds, ContactInputs, ContactRule
from vungxanh.tracing.engines.judge import Shared
from vungxanh.tracing.engines.pieces import UNSURE, Piece, stretches
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.model import EvidenceItem


@dataclass(frozen=True, slots=True)
class Hop:
    """An infector and the minutes `[start, end)` in which it passes on."""

    infector: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceStay:
    """A piece of the infector's presence inside the window, or the air it left behind."""

    piece: Piece
    air: bool


def shared(world: World, rule: ContactRule, bounds: Bounds, hop: Hop, contact: int) -> list[Shared]:
    """Every item of every kind."""
    return [
        *by_visits(world, rule, bounds, hop, contact),
        *by_rosters(world, rule, hop, contact),
        *by_encounters(world, rule, hop, contact),
        *by_seats(world, rule, hop, contact),
        *by_households(world, rule, hop, contact),
    ]


def clip(piece: Piece, start: int, end: int) -> Piece | None:
    s, e = max(piece.start, start), min(piece.end, end)
    return Piece(s, e, piece.assumed, piece.row, piece.mask) if s < e else None


def stays(pieces: list[Piece], hop: Hop, linger: int) -> list[SourceStay]:
    """The infector's pieces at one place, clipped, each followed by its air until the next one starts."""
    inside = [p for p in (clip(piece, hop.start, hop.end) for piece in pieces) if p]
    found = [SourceStay(p, air=False) for p in inside]
    for i, p in enumerate(inside):
        end = p.end + linger
        if i + 1 < len(inside):
            end = min(end, inside[i + 1].start)
        if end > p.end:
            found.append(SourceStay(Piece(p.end, end, p.assumed, p.row, p.mask), air=True))
    return found


def is_hub(world: World, bounds: Bounds, place: int, minute: int) -> bool:
    count = world.people_at.get((place, minute // MINUTES_A_DAY), 0)
    return bounds.hub_people is not None and count > bounds.hub_people


def by_visits(world: World, rule: ContactRule, bounds: Bounds, hop: Hop, contact: int) -> Iterator[Shared]:
    for place, mine in world.presence.get(hop.infector, {}).items():
        for there, theirs in world.presence.get(contact, {}).items():
            meeting = world.meeting_place(place, there)
            if meeting is None:
                continue
            space, setting = world.nature(place) if place == there else (None, None)
            for stay in stays(mine, hop, world.linger(place, rule)):
                for other in theirs:
                    both = range(max(stay.piece.start, other.start), min(stay.piece.end, other.end))
                    minutes = [m for m in both if not is_hub(world, bounds, meeting, m)]
                    inputs = ContactInputs(
                        "visit", space=space, setting=setting, mask_case=stay.piece.mask, mask_contact=other.mask
                    )
                    for start, end in stretches(minutes):
                        item = EvidenceItem(
                            "visit",
                            meeting,
                            start,
                            end,
                            60 * (end - start),
                            hop.infector,
                            stay.piece.row,
                            other.row,
                            assumed=stay.piece.assumed or other.assumed,
                            air=stay.air,
                            contained=place != there,
                        )
                        yield weigh(item, rule, inputs)


def by_rosters(world: World, rule: ContactRule, hop: Hop, contact: int) -> Iterator[Shared]:
    for group, mine in world.sessions.get(hop.infector, {}).items():
        space, setting = world.nature(group)
        for piece in filter(None, (clip(p, hop.start, hop.end) for p in mine)):
            for other in world.sessions.get(contact, {}).get(group, []):
                start, end = max(piece.start, other.start), min(piece.end, other.end)
                if start < end:
                    item = EvidenceItem(
                        "roster",
                        group,
                        start,
                        end,
                        60 * (end - start),
                        hop.infector,
                        piece.row,
                        other.row,
                        assumed=piece.assumed or other.assumed,
                    )
                    inputs = ContactInputs(
                        "roster", space=space, setting=setting, mask_case=piece.mask, mask_contact=other.mask
                    )
                    yield weigh(item, rule, inputs)


def by_encounters(world: World, rule: ContactRule, hop: Hop, contact: int) -> Iterator[Shared]:
    for e in world.encounters:
        if {e.a, e.b} != {hop.infector, contact}:
            continue
        start, end = max(e.start, hop.start), min(e.end, hop.end)
        if start >= end:
            continue
        kind = "named" if e.flags & Flag.NAMED else "encounter"
        item = EvidenceItem(
            kind,
            e.place,
            start,
            end,
            seconds_within(e, start, end),
            hop.infector,
            e.row,
            e.row,
            assumed=bool(e.flags & UNSURE),
        )
        yield weigh(item, rule, told(world, e, kind, hop.infector), e)


def told(world: World, e: Encounter, kind: str, infector: int) -> ContactInputs:
    """The inputs that an encounter records, seen from the infector."""
    space, setting = world.nature(e.place)
    mine, theirs = (e.mask_a, e.mask_b) if e.a == infector else (e.mask_b, e.mask_a)
    return ContactInputs(
        kind,
        distance_m=e.distance_m,
        distance_is_bound=bool(e.flags & Flag.DISTANCE_AT_MOST),
        mask_case=mine,
        mask_contact=theirs,
        space=space,
        setting=setting,
        physical_contact=e.physical_contact,
        care_giver=e.care_giver,
        ppe_adequate=e.ppe_adequate,
    )


def seconds_within(e: Encounter, start: int, end: int) -> int:
    """True contact within a part of the interval: in proportion, floored."""
    return e.seconds * (end - start) // (e.end - e.start)


def by_seats(world: World, rule: ContactRule, hop: Hop, contact: int) -> Iterator[Shared]:
    theirs = [seat for seat in world.seats if seat.person == contact]
    for mine in (seat for seat in world.seats if seat.person == hop.infector):
        for other in (seat for seat in theirs if seat.trip == mine.trip):
            start = max(mine.start, other.start, hop.start)
            end = min(mine.end, other.end, hop.end)
            if start < end:
                unknown = mine.seat_row is None or other.seat_row is None
                inputs = ContactInputs(
                    "seat",
                    space=world.nature(mine.trip)[0] or "closed_narrow",
                    setting="vehicle",
                    seat_row_delta=None if unknown else abs((mine.seat_row or 0) - (other.seat_row or 0)),
                    mask_case=mine.mask,
                    mask_contact=other.mask,
                )
                item = EvidenceItem(
                    "seat",
                    mine.trip,
                    start,
                    end,
                    60 * (end - start),
                    hop.infector,
                    mine.row,
                    other.row,
                    assumed=bool((mine.flags | other.flags) & UNSURE),
                )
                yield weigh(item, rule, inputs)


def by_households(world: World, rule: ContactRule, hop: Hop, contact: int) -> Iterator[Shared]:
    theirs = [link for link in world.households if link.person == contact]
    for mine in (link for link in world.households if link.person == hop.infector):
        for other in (link for link in theirs if link.household == mine.household):
            start = max(mine.start, other.start, hop.start)
            end = min(mine.end, other.end, hop.end)
            if start < end:
                item = EvidenceItem(
                    "household",
                    mine.household,
                    start,
                    end,
                    0,
                    hop.infector,
                    mine.row,
                    other.row,
                    assumed=bool((mine.flags | other.flags) & UNSURE),
                )
                yield weigh(item, rule, ContactInputs("household", setting="household"))


def weigh(
    item: EvidenceItem, rule: ContactRule, inputs: ContactInputs, told_by: Encounter | None = None
) -> Shared:
    """The item with the seconds that the rule asks for under these inputs."""
    wanted = rule.need(inputs)

    def seconds_in(start: int, end: int) -> int:
        if told_by is not None:
            return seconds_within(told_by, start, end)
        return 0 if item.kind == "household" else 60 * (end - start)

    return Shared(item, NEVER if item.contained else wanted.worst, wanted.best, seconds_in, inputs)
