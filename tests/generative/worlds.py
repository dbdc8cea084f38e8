"""Random small worlds: crowded enough that everything happens, small enough to be traced minute by minute."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Flag, Household, Isolation, Place, Roster, Seat, Visit
from vungxanh.rules.contact import Bounds, ContactRule, contact_rules
from vungxanh.tracing.model import IndexPerson, TraceRequest

ZERO = day_start(date(2022, 1, 3)) + 960  # 16:00 local, so that local and UTC midnight lie inside the world
SPAN = 700
PERSONS = st.integers(1, 6)
MASKS = st.sampled_from([None, True, False])
KINDS = st.sampled_from([None, "room", "floor", "market", "bus", "office_room", "classroom", "home"])
PLACES = st.integers(1, 5)
ROWS = st.integers(1, 2**62)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(st.integers(0, SPAN))
    length = draw(st.sampled_from([1, 2, 5, 14, 15, 16, 40, 200]))
    return ZERO + start, ZERO + start + length


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    flags = draw(st.sampled_from([0, 0, 0, int(Flag.ASSUMED_END)]))
    return Visit(draw(PERSONS), draw(PLACES), *draw(spans()), draw(MASKS), flags, row=draw(ROWS))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    flags = draw(st.sampled_from([int(Flag.SCHEDULED), int(Flag.SCHEDULED), int(Flag.ABSENT), 0]))
    return Roster(draw(PERSONS), draw(PLACES), *draw(spans()), draw(MASKS), flags, row=draw(ROWS))


@st.composite
def encounters(draw: st.DrawFn) -> Encounter:
    start, end = draw(spans())
    return Encounter(
        draw(PERSONS),
        draw(PERSONS),
        start,
        end,
        draw(st.integers(1, 60 * (end - start))),
        draw(st.sampled_from([None, 0.5, 1.0, 1.5, 2.0, 4.0])),
        draw(st.none() | PLACES),
        draw(MASKS),
        draw(MASKS),
        draw(MASKS),
        draw(MASKS),
        draw(MASKS),
        draw(st.sampled_from([0, int(Flag.NAMED), int(Flag.DISTANCE_AT_MOST), int(Flag.ASSUMED_END)])),
        row=draw(ROWS),
    )


@st.composite
def seats(draw: st.DrawFn) -> Seat:
    seat_row = draw(st.none() | st.integers(1, 5))
    return Seat(draw(PERSONS), draw(PLACES), seat_row, *draw(spans()), draw(MASKS), row=draw(ROWS))


@st.composite
def households(draw: st.DrawFn) -> Household:
    return Household(draw(PERSONS), draw(st.integers(1, 2)), *draw(spans()), row=draw(ROWS))


@st.composite
def isolations(draw: st.DrawFn) -> Isolation:
    return Isolation(
        draw(PERSONS), *draw(spans()), draw(st.sampled_from(["isolation", "negative"])), row=draw(ROWS)
    )


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    """A parent has a smaller number, so that nothing contains itself."""
    found = []
    for place in range(1, 6):
        if draw(st.booleans()):
            parent = draw(st.none() | st.integers(1, place - 1)) if place > 1 else None
            space = draw(st.sampled_from([None, None, "open", "closed_narrow"]))
            found.append(Place(place, draw(KINDS), parent, space, row=draw(ROWS)))
    return found


@st.composite
def worlds(draw: st.DrawFn) -> Evidence:
    return Evidence.of(
        visits=draw(st.lists(visits(), max_size=14)),
        encounters=draw(st.lists(encounters(), max_size=4)),
        seats=draw(st.lists(seats(), max_size=4)),
        households=draw(st.lists(households(), max_size=3)),
        rosters=draw(st.lists(rosters(), max_size=4)),
        isolations=draw(st.lists(isolations(), max_size=2)),
        places=draw(places()),
    )


@st.composite
def rules(draw: st.DrawFn) -> ContactRule:
    """A rule of the packs, bent in the ways a rule may differ."""
    rule = draw(st.sampled_from(sorted(contact_rules().values(), key=lambda r: r.id)))
    return replace(
        rule,
        minutes_over=draw(st.sampled_from(["encounter", "day", "window"])),
        latency_minutes=draw(st.sampled_from([0, 0, 30])),
        linger=draw(st.sampled_from([{}, {}, {"room": 20, "floor": 7, "home": 300}])),
        air_counts=draw(st.booleans()),
    )


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    return Bounds(
        draw(st.sampled_from([None, None, 1, 2, 3])),
        draw(st.sampled_from([None, None, 1, 2])),
        draw(st.sampled_from([0, 0, 10])),
    )


@st.composite
def cases(draw: st.DrawFn) -> IndexPerson:
    start = draw(st.none() | st.integers(ZERO - 10, ZERO + SPAN))
    end = draw(st.none() | st.integers(ZERO - 10, ZERO + SPAN + 100))
    onset = draw(st.sampled_from([date(2022, 1, 3), date(2022, 1, 6), None]))
    sampled = None if onset else date(2022, 1, 5)
    return IndexPerson(
        draw(st.integers(1, 7)),
        onset,
        sampled,
        start,
        end,
        isolated=draw(st.none() | st.integers(ZERO, ZERO + SPAN)),
        negative=draw(st.none() | st.integers(ZERO, ZERO + SPAN)),
        source_contact=draw(st.none() | st.integers(ZERO, ZERO + SPAN)),
    )


@st.composite
def requests(draw: st.DrawFn) -> TraceRequest:
    return TraceRequest(
        tuple(draw(st.lists(cases(), min_size=1, max_size=2, unique_by=lambda case: case.person))),
        draw(rules()),
        draw(st.integers(1, 4)),
        bounds=draw(bounds()),
        merge=draw(st.booleans()),
    )
