"""The recorded district as the lake's tables. Persons and places get the numbers that the house gave them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vungxanh.core.ids import sender_id
from vungxanh.demo.epidemic import NEVER
from vungxanh.demo.generate import District
from vungxanh.demo.kinds import Kind
from vungxanh.demo.record import OPEN, UNKNOWN, Seats, Visits
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag
from vungxanh.lake.schema import OPEN_END, SCHEMAS

SOURCE = "demo"
DAY = 1440
Wide = NDArray[np.int64]

#: our kind -> (kind and space as the rules name them, usual minutes, closing hour); as `places` has them
LAKE_KIND: dict[Kind, tuple[str, str | None, int, int]] = {
    Kind.FACTORY: ("factory", None, 480, 30),
    Kind.LINE: ("line", None, 480, 30),
    Kind.OFFICE: ("office", None, 480, 18),
    Kind.ROOM: ("office_room", None, 480, 18),
    Kind.SHOP: ("shop", "closed_narrow", 20, 22),
    Kind.SCHOOL: ("school", None, 480, 18),
    Kind.CLASSROOM: ("classroom", None, 480, 18),
    Kind.MARKET: ("market", None, 45, 19),
    Kind.STALL: ("stall", "open", 10, 19),
    Kind.CAFE: ("restaurant", "closed_wide", 75, 23),
    Kind.HALL: ("hall", None, 180, 24),
    Kind.BUS: ("bus", None, 40, 24),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the house calls our rows: person -> int64, site -> int32, (vehicle, departure) -> int32."""

    person: Wide
    site: NDArray[np.int32]
    trips: dict[tuple[int, int], int]


def evidence(district: District, numbers: Numbers) -> Evidence:
    """Everything that was recorded until the last minute of the district."""
    return Evidence.empty().with_tables(
        visits=visits(district, numbers),
        encounters=encounters(district, numbers),
        seats=seats(district, numbers),
        households=households(district, numbers),
        isolations=isolations(district, numbers),
        places=places(district, numbers),
    )


def ids(district: District, kind: str, size: int) -> Wide:
    """Row ids: the same for the same seed, so that filling twice changes nothing."""
    first = sender_id(SOURCE, f"{district.plan.seed}:{district.plan.day0}:{kind}") & ~0xFFFFFFFF
    return np.arange(first, first + size, dtype=np.int64)


def _table(kind: str, /, **columns: object) -> pa.Table:
    """Columns in the order of the contract; a kind's missing columns are null."""
    schema = SCHEMAS[kind]
    rows = len(columns["row"])  # type: ignore[arg-type]
    given = {"source": pa.array([SOURCE] * rows), **columns}
    return pa.table({f.name: given[f.name] if f.name in given else pa.nulls(rows, f.type) for f in schema}).cast(
        schema
    )


def closed_ends(district: District, seen: Visits) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Ends of visits, and which are assumed: least of usual stay, closing time, the person's next start."""
    kind = district.world.sites.kind[seen.site]
    usual = np.array([LAKE_KIND[each][2] for each in Kind], np.int64)[kind]
    closing = np.array([LAKE_KIND[each][3] * 60 for each in Kind], np.int64)[kind]
    midnight = district.plan.day0 + (seen.start - district.plan.day0) // DAY * DAY
    latest = np.where(midnight + closing > seen.start, midnight + closing, NEVER)
    order = np.lexsort((seen.start, seen.person))
    following = np.full(len(order), NEVER, np.int64)
    same = seen.person[order][1:] == seen.person[order][:-1]
    following[order[:-1]] = np.where(same, seen.start[order][1:], NEVER)
    following = np.where(following > seen.start, following, NEVER)
    assumed = np.minimum(np.minimum(seen.start + usual, latest), following)
    forgotten = seen.end == OPEN
    return np.where(forgotten, assumed, seen.end).astype(np.int32), forgotten


def visits(district: District, numbers: Numbers) -> pa.Table:
    """Row = a scan in with its scan out; those of vehicles are seats, not visits."""
    seen = district.visits
    end, forgotten = closed_ends(district, seen)
    inside = district.world.sites.kind[seen.site] != Kind.BUS
    return _table(
        "visits",
        person=numbers.person[seen.person[inside]],
        place=numbers.site[seen.site[inside]],
        start=seen.start[inside],
        end=end[inside],
        mask=pa.array(seen.mask[inside] == 1, mask=seen.mask[inside] == UNKNOWN),
        flags=np.where(forgotten[inside], int(Flag.ASSUMED_END), 0).astype(np.int16),
        row=ids(district, "visits", len(end))[inside],
    )


def encounters(district: District, numbers: Numbers) -> pa.Table:
    heard = district.encounters
    return _table(
        "encounters",
        a=np.minimum(numbers.person[heard.a], numbers.person[heard.b]),
        b=np.maximum(numbers.person[heard.a], numbers.person[heard.b]),
        start=heard.start,
        end=heard.end,
        seconds=heard.seconds,
        distance_m=heard.distance_m,
        flags=np.zeros(len(heard.a), np.int16),
        row=ids(district, "encounters", len(heard.a)),
    )


def trip_keys(sold: Seats) -> list[tuple[int, int]]:
    """(vehicle, departure) of each ticket."""
    return list(zip(sold.vehicle.tolist(), sold.departs.tolist(), strict=True))


def seats(district: District, numbers: Numbers) -> pa.Table:
    sold = district.seats
    return _table(
        "seats",
        person=numbers.person[sold.person],
        trip=np.array([numbers.trips[key] for key in trip_keys(sold)], np.int32),
        seat_row=sold.row.astype(np.int16),
        start=sold.start,
        end=sold.end,
        flags=np.zeros(len(sold.person), np.int16),
        row=ids(district, "seats", len(sold.person)),
    )


def households(district: District, numbers: Numbers) -> pa.Table:
    size = district.world.size
    return _table(
        "households",
        person=numbers.person,
        household=district.world.people.household.astype(np.int64) + 1,
        start=np.full(size, district.plan.day0 - 365 * DAY, np.int32),
        end=np.full(size, OPEN_END, np.int32),
        flags=np.zeros(size, np.int16),
        row=ids(district, "households", size),
    )


def isolations(district: District, numbers: Numbers) -> pa.Table:
    """Those who were found; they stay apart."""
    who = district.found
    return _table(
        "isolations",
        person=numbers.person[who],
        start=district.truth.isolated[who],
        end=np.full(len(who), OPEN_END, np.int32),
        reason=pa.array(["isolation"] * len(who), pa.string()),
        flags=np.zeros(len(who), np.int16),
        row=ids(district, "isolations", len(who)),
    )


def places(district: District, numbers: Numbers) -> pa.Table:
    """Every place, and every trip inside its vehicle."""
    sites = district.world.sites
    kinds = [LAKE_KIND[Kind(kind)] for kind in sites.kind.tolist()]
    trips = sorted(numbers.trips.items())
    parent = [int(numbers.site[row]) if row >= 0 else None for row in sites.parent.tolist()]
    size = len(kinds) + len(trips)
    return _table(
        "places",
        place=np.concatenate([numbers.site, np.array([number for _, number in trips], np.int32)]),
        kind=pa.array([kind[0] for kind in kinds] + ["trip"] * len(trips)),
        parent=pa.array(parent + [int(numbers.site[vehicle]) for (vehicle, _), _ in trips], pa.int32()),
        space=pa.array([kind[1] for kind in kinds] + [None] * len(trips), pa.string()),
        row=ids(district, "places", size),
    )
