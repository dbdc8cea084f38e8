"""Evidence tables -> index segment."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import UNSURE, Bits, Ints, Longs, Pieces, bits_of, disjoint
from vungxanh.lake.rows import Flag
from vungxanh.lake.segment import UNKNOWN_ROW, Meetings, Segment, Shorts, Ties

#: columns that hold a place, by kind
PLACE_COLUMNS = {"visits": "place", "seats": "trip", "rosters": "group"}


def build(evidence: Evidence) -> Segment:
    """The segment of exactly these rows."""
    persons = distinct([*person_columns(evidence)])
    places = place_ids(evidence)
    nature, parent, natures = described(evidence, places)
    known = len(persons)
    meetings, facts = encounters(evidence, persons, places, nature)
    isolated, isolations = apart(evidence, persons)
    households = distinct([evidence.households.column("household")])
    return Segment(
        persons=persons,
        places=places.astype(np.int32),
        households=households,
        nature=nature,
        parent=parent,
        natures=natures,
        facts=facts,
        visits=visits(evidence.visits, "place", persons, places),
        rosters=visits(evidence.rosters, "group", persons, places),
        seats=seats(evidence, persons, places),
        homes=homes(evidence, persons, households),
        meetings=meetings,
        isolated=offsets(isolated, known),
        isolations=isolations,
        end=greatest_end(evidence),
    )


def person_columns(evidence: Evidence) -> list[pa.ChunkedArray]:
    found = [
        t.column("person")
        for kind, t in evidence.tables()
        if kind in ("visits", "seats", "households", "rosters", "isolations")
    ]
    return [*found, evidence.encounters.column("a"), evidence.encounters.column("b")]


def distinct(columns: list[pa.ChunkedArray]) -> Longs:
    """Distinct values, ascending."""
    arrays = [column.to_numpy() for column in columns if len(column)]
    if not arrays:
        return np.array([], dtype=np.int64)
    low, high = min(int(a.min()) for a in arrays), max(int(a.max()) for a in arrays)
    if high - low <= 4 * sum(map(len, arrays)) + 1_000_000:  # close together: ticking them off beats hashing
        seen = np.zeros(high - low + 1, dtype=bool)
        for values in arrays:
            seen[values - low] = True
        return np.flatnonzero(seen) + low
    found = [pc.unique(column).to_numpy(zero_copy_only=False) for column in columns if len(column)]
    return np.unique(np.concatenate(found)).astype(np.int64)


def place_ids(evidence: Evidence) -> Longs:
    columns = [getattr(evidence, kind).column(name) for kind, name in PLACE_COLUMNS.items()]
    columns += [evidence.places.column("place"), evidence.places.column("parent").drop_null()]
    return distinct([*columns, evidence.encounters.column("place").drop_null()])


def codes(column: pa.ChunkedArray, ids: Longs) -> Ints:
    """Codes of values that are all in `ids`."""
    if not len(column):
        return np.array([], dtype=np.int32)
    values = column.to_numpy()
    low, span = int(ids[0]), int(ids[-1]) - int(ids[0]) + 1
    if span <= 4 * len(ids) + 1_000_000:  # ids that lie close together need no search
        table = np.zeros(span, dtype=np.int32)
        table[ids - low] = np.arange(len(ids), dtype=np.int32)
        near: Ints = table[values - low]
        return near
    encoded = column.combine_chunks().dictionary_encode()
    chunk = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    rank = np.searchsorted(ids, chunk.dictionary.to_numpy(zero_copy_only=False)).astype(np.int32)
    found: Ints = rank[chunk.indices.to_numpy(zero_copy_only=False)]
    return found


def described(evidence: Evidence, places: Longs) -> tuple[Ints, Ints, tuple[tuple[str | None, str | None], ...]]:
    """(nature, parent) of every place code, and the natures. Of two descriptions the smaller row id counts."""
    nature = np.zeros(len(places), dtype=np.int32)
    parent = np.full(len(places), -1, dtype=np.int32)
    natures: dict[tuple[str | None, str | None], int] = {(None, None): 0}
    for row in sorted(evidence.rows("places"), key=lambda place: -place.row):
        code = int(np.searchsorted(places, row.place))
        nature[code] = natures.setdefault((row.kind, row.space), len(natures))
        parent[code] = -1 if row.parent is None else int(np.searchsorted(places, row.parent))
    return nature, parent, tuple(natures)


def numbers(table: pa.Table, name: str) -> NDArray[Any]:
    found: NDArray[Any] = table.column(name).to_numpy()
    return found


def facts_of(table: pa.Table, name: str) -> Bits:
    """Nullable booleans -> -1 unknown, 0 no, 1 yes."""
    if table.column(name).null_count == table.num_rows:
        return np.full(table.num_rows, -1, dtype=np.int8)
    found: Bits = pc.fill_null(table.column(name).cast(pa.int8()), -1).to_numpy().astype(np.int8)
    return found


def offsets(person: Ints | Longs, known: int) -> Longs:
    """CSR offsets of ascending person codes."""
    found = np.zeros(known + 1, dtype=np.int64)
    np.cumsum(np.bincount(person, minlength=known), out=found[1:])
    return found


def by_person(rows: Pieces) -> Longs:
    """Order by (person, place, start), in two sorts that each fit into 63 bits."""
    by_node = by_keys(rows.place, rows.start)
    return by_node[by_keys(rows.person[by_node])]


def visits(table: pa.Table, place: str, persons: Longs, places: Longs) -> Ties:
    """Visits or rosters, as disjoint pieces."""
    flags = numbers(table, "flags")
    rows = Pieces(
        codes(table.column("person"), persons),
        codes(table.column(place), places),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(flags, facts_of(table, "mask")),
        numbers(table, "row"),
    )
    order = by_person(rows)
    absent = (flags & int(Flag.ABSENT)) != 0
    rows = Pieces(*(getattr(rows, name)[order] for name in Pieces.__dataclass_fields__))
    return ties(disjoint(rows, absent[order] if absent.any() else None), len(persons), len(places))


def ties(pieces: Pieces, persons: int, nodes: int, aux: Shorts | None = None) -> Ties:
    """Both orders of pieces that are ordered by (person, node, start)."""
    order = by_keys(pieces.place, pieces.start)
    node, start, end = pieces.place[order], pieces.start[order], pieces.end[order]
    longest = np.zeros(nodes, dtype=np.int64)
    if len(node):
        first = np.flatnonzero(np.diff(node, prepend=-1))
        longest[node[first]] = np.maximum.reduceat(end.astype(np.int64) - start, first)
    return Ties(
        of_person=offsets(pieces.person, persons),
        node=pieces.place,
        start=pieces.start,
        end=pieces.end,
        bits=pieces.bits,
        aux=np.zeros(0, dtype=np.int16) if aux is None else aux,
        row=pieces.row,
        key=(node.astype(np.int64) << 32) | start,
        member=pieces.person[order],
        till=end,
        piece=order.astype(np.int32),
        longest=longest,
    )


def seats(evidence: Evidence, persons: Longs, places: Longs) -> Ties:
    table = evidence.seats
    rows = Pieces(
        codes(table.column("person"), persons),
        codes(table.column("trip"), places),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(numbers(table, "flags"), facts_of(table, "mask")),
        numbers(table, "row"),
    )
    aux = pc.fill_null(table.column("seat_row"), UNKNOWN_ROW).to_numpy().astype(np.int16)
    return plain(rows, len(persons), len(places), aux)


def homes(evidence: Evidence, persons: Longs, households: Longs) -> Ties:
    table = evidence.households
    flags = numbers(table, "flags")
    rows = Pieces(
        codes(table.column("person"), persons),
        codes(table.column("household"), households),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(flags, np.full(len(flags), -1, dtype=np.int8)),
        numbers(table, "row"),
    )
    return plain(rows, len(persons), len(households), None)


def plain(rows: Pieces, persons: int, nodes: int, aux: Shorts | None) -> Ties:
    """Rows as they are: nothing is merged."""
    order = by_person(rows)
    ordered = Pieces(*(getattr(rows, name)[order] for name in Pieces.__dataclass_fields__))
    return ties(ordered, persons, nodes, None if aux is None else aux[order])


def encounters(
    evidence: Evidence, persons: Longs, places: Longs, nature: Ints
) -> tuple[Meetings, tuple[tuple[Any, ...], ...]]:
    """Every encounter from both sides, and the distinct sets of facts told about them."""
    table = evidence.encounters.filter(
        pc.not_equal(evidence.encounters.column("a"), evidence.encounters.column("b"))
    )
    a, b = codes(table.column("a"), persons), codes(table.column("b"), persons)
    place = place_codes(table, places)
    fact, facts = told(table, place, nature)
    person = np.concatenate([a, b])
    start = np.tile(numbers(table, "start"), 2)
    order = np.lexsort((start, person))

    def both(column: NDArray[Any]) -> NDArray[Any]:
        return np.tile(column, 2)[order]

    metres = pc.fill_null(table.column("distance_m"), float("nan")).to_numpy().astype(np.float32)
    return (
        Meetings(
            of_person=offsets(person, len(persons)),
            other=np.concatenate([b, a])[order],
            start=start[order],
            end=both(numbers(table, "end")),
            seconds=both(numbers(table, "seconds")),
            metres=both(metres),
            place=both(place),
            facts=fact[order],
            row=both(numbers(table, "row")),
        ),
        facts,
    )


def place_codes(table: pa.Table, places: Longs) -> Ints:
    ids = pc.fill_null(table.column("place").cast(pa.int64()), -1).to_numpy()
    if not len(places):
        return np.full(len(ids), -1, dtype=np.int32)
    known = pc.is_valid(table.column("place")).to_numpy()
    return np.where(known, np.searchsorted(places, ids), -1).astype(np.int32)


def told(table: pa.Table, place: Ints, nature: Ints) -> tuple[Ints, tuple[tuple[Any, ...], ...]]:
    """Number of the fact row for each encounter from a's side, then from b's side; and the fact rows."""
    flags = numbers(table, "flags")
    natures = np.where(place >= 0, nature[place] if len(nature) else 0, 0)
    mask_a, mask_b = facts_of(table, "mask_a"), facts_of(table, "mask_b")
    common = [natures, *(facts_of(table, name) for name in ("physical_contact", "care_giver", "ppe_adequate"))]
    named, bound = (flags & int(Flag.NAMED)) != 0, (flags & int(Flag.DISTANCE_AT_MOST)) != 0
    assumed = (flags & UNSURE) != 0
    sides = [
        np.stack([named, bound, mine, other, *common, assumed], axis=1).astype(np.int32)
        for mine, other in ((mask_a, mask_b), (mask_b, mask_a))
    ]
    rows, number = np.unique(np.concatenate(sides), axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.int32), tuple(tuple(int(v) for v in row) for row in rows)


def apart(evidence: Evidence, persons: Longs) -> tuple[Ints, NDArray[np.int32]]:
    """(person codes, [start, end, negative]) ordered by person."""
    table = evidence.isolations
    person = codes(table.column("person"), persons)
    negative = pc.equal(table.column("reason"), "negative").to_numpy(zero_copy_only=False)
    columns = np.stack([numbers(table, "start"), numbers(table, "end"), negative], axis=1).astype(np.int32)
    order = np.argsort(person, kind="stable")
    return person[order], columns[order]


def greatest_end(evidence: Evidence) -> int:
    """The greatest end of what has happened; 0 for nothing."""
    ends = [
        pc.max(getattr(evidence, kind).column("end")).as_py()
        for kind in ("visits", "encounters", "seats", "rosters")
    ]
    return max((end for end in ends if end is not None), default=0)
