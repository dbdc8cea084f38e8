"""The Parquet schema: the contract of the lake. One table per kind; the schema's version travels in the file."""

import pyarrow as pa

VERSION = 1
#: the end of what is still going on
OPEN_END = 2**31 - 1
#: a year that no record of ours can have: refused below and above
FIRST_MINUTE, LAST_MINUTE = 365 * 24 * 60 * 30, 2**31 - 2

PERSON, PLACE, MINUTE = pa.int64(), pa.int32(), pa.int32()


def _field(name: str, kind: pa.DataType, *, nullable: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=nullable)


def _fact(name: str) -> pa.Field:
    return _field(name, pa.bool_(), nullable=True)


_INTERVAL = [_field("start", MINUTE), _field("end", MINUTE)]
_ORIGIN = [_field("flags", pa.int16()), _field("source", pa.string()), _field("row", pa.int64())]


def _schema(kind: str, fields: list[pa.Field]) -> pa.Schema:
    return pa.schema(fields, metadata={"vungxanh.kind": kind, "vungxanh.version": str(VERSION)})


SCHEMAS: dict[str, pa.Schema] = {
    "visits": _schema(
        "visits", [_field("person", PERSON), _field("place", PLACE), *_INTERVAL, _fact("mask"), *_ORIGIN]
    ),
    "encounters": _schema(
        "encounters",
        [
            _field("a", PERSON),
            _field("b", PERSON),
            *_INTERVAL,
            _field("seconds", pa.int32()),
            _field("distance_m", pa.float32(), nullable=True),
            _field("place", PLACE, nullable=True),
            *map(_fact, ["mask_a", "mask_b", "physical_contact", "care_giver", "ppe_adequate"]),
            *_ORIGIN,
        ],
    ),
    "seats": _schema(
        "seats",
        [
            _field("person", PERSON),
            _field("trip", PLACE),
            _field("seat_row", pa.int16(), nullable=True),
            *_INTERVAL,
            _fact("mask"),
            *_ORIGIN,
        ],
    ),
    "households": _schema(
        "households", [_field("person", PERSON), _field("household", pa.int64()), *_INTERVAL, *_ORIGIN]
    ),
    "rosters": _schema(
        "rosters", [_field("person", PERSON), _field("group", PLACE), *_INTERVAL, _fact("mask"), *_ORIGIN]
    ),
    "isolations": _schema(
        "isolations", [_field("person", PERSON), *_INTERVAL, _field("reason", pa.string()), *_ORIGIN]
    ),
    "places": _schema(
        "places",
        [
            _field("place", PLACE),
            _field("kind", pa.string(), nullable=True),
            _field("parent", PLACE, nullable=True),
            _field("space", pa.string(), nullable=True),
            _field("source", pa.string()),
            _field("row", pa.int64()),
        ],
    ),
}
KINDS = tuple(SCHEMAS)
#: columns that name a person, by kind
PERSON_COLUMNS = {kind: ("a", "b") if kind == "encounters" else ("person",) for kind in KINDS if kind != "places"}
#: kinds that lie in UTC-day partitions; the others are few and lie in one piece
DAILY = ("visits", "encounters", "seats", "rosters")
#: the two sort orders of the kind that is read by place as well as by person
ORDERS = {"visits": {"place": ("place", "start"), "person": ("person", "start")}}
