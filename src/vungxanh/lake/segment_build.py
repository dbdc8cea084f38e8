"""Evidence tables -> index segment."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vungxanh.lake.codes import Ids
from vungxanh.lake.crowds import crowds
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.order import by_keys
from vungxanh.lake.presence import UNSURE, Bits, Ints, Longs, Pieces, bits_of, disjoint
from vungxanh.lake.rows import Flag
from vungxanh.lake.segment import UNKNOWN_ROW, Apart, Layer, Meetings, Segment, Shorts, Ties, Words, frozen

#: columns that hold a place, by kind
PLACE_COLUMNS = {"visits": "place", "seats": "trip", "rosters": "group"}


def build(evidence: Evidence) -> Segment:
    """The segment of exactly these rows."""
    persons = Ids(distinct([*person_columns(evidence)]))
    numbers_of_places = place_ids(evidence).astype(np.int32)
    places = Ids(numbers_of_places)
    households = Ids(distinct([evidence.households.column("household")]))
    nature, parent, natures = described(evidence, numbers_of_places)
    layer, facts = layer_of(evidence, Scale(persons, places, households, nature), ())
    return Segment(
        persons=persons,
        places=places,
        households=households,
        nature=frozen(nature),
        parent=frozen(parent),
        words=Words(natures, facts),
        layers=(layer,),
        apart=apart(evidence, persons),
        end=greatest_end(evidence),
        rostered=evidence.rosters.num_rows > 0,
        crowds=frozen(crowds([layer.visits], len(places))),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """The codes that a layer is written in. `sparse`: it holds few of them."""

    persons: Ids
    places: Ids
    households: Ids
    nature: Ints
    sparse: bool = False


Facts = tuple[tuple[Any, ...], ...]


def layer_of(evidence: Evidence, scale: Scale, facts: Facts) -> tuple[Layer, Facts]:
    """The layer of these rows; `facts` with those that encounters told for the first time."""
    meetings, facts = encounters(evidence, scale, facts)
    layer = Layer(
        visits=visits(evidence.visits, "place", scale),
        rosters=visits(evidence.rosters, "group", scale),
        seats=seats(evidence, scale),
        homes=homes(evidence, scale),
        meetings=meetings,
    )
    return layer, facts


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


def codes(column: pa.ChunkedArray, known: Ids) -> Ints:
    """Codes of values that are all known."""
    if not len(column):
        return np.array([], dtype=np.int32)
    values, ids = column.to_numpy(), known.first
    if not known.ordered or len(column) * 50 < len(ids):
        order = np.argsort(values, kind="stable")  # neighbours in order share cache lines
        sought = np.empty(len(values), dtype=np.int32)
        sought[order] = known.codes(values[order])
        return sought
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


def described(evidence: Evidence, places: Ints) -> tuple[Ints, Ints, tuple[tuple[str | None, str | None], ...]]:
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


def visits(table: pa.Table, place: str, scale: Scale) -> Ties:
    """Visits or rosters, as disjoint pieces."""
    flags = numbers(table, "flags")
    rows = Pieces(
        codes(table.column("person"), scale.persons),
        codes(table.column(place), scale.places),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(flags, facts_of(table, "mask")),
        numbers(table, "row"),
    )
    order = by_person(rows)
    absent = (flags & int(Flag.ABSENT)) != 0
    rows = Pieces(*(getattr(rows, name)[order] for name in Pieces.__dataclass_fields__))
    pieces = disjoint(rows, absent[order] if absent.any() else None)
    return ties(pieces, scale, len(scale.places))


def ties(pieces: Pieces, scale: Scale, nodes: int, aux: Shorts | None = None) -> Ties:
    """Both orders of pieces that are ordered by (person, node, start)."""
    order = by_keys(pieces.place, pieces.start)
    there = table_of(pieces.start, pieces.end, pieces.person, pieces.bits, order=order)
    node = pieces.place[order]
    who, of_person = slices(pieces.person, len(scale.persons), sparse=scale.sparse)
    at, of_node = slices(node, nodes, sparse=scale.sparse)
    longest = np.zeros(len(of_node) - 1, dtype=np.int64)
    if len(node):
        filled = np.flatnonzero(np.diff(of_node))
        longest[filled] = np.maximum.reduceat(there[:, 1].astype(np.int64) - there[:, 0], of_node[filled])
    return Ties(
        who=frozen(who),
        of_person=frozen(of_person),
        own=frozen(table_of(pieces.place, pieces.start, pieces.end, pieces.bits)),
        aux=frozen(np.zeros(0, dtype=np.int16) if aux is None else aux),
        row=frozen(pieces.row),
        nodes=frozen(at),
        of_node=frozen(of_node),
        there=frozen(there),
        piece=frozen(order.astype(np.int32)),
        longest=frozen(longest),
        hidden=frozen(np.zeros(0, dtype=np.int64)),
    )


def table_of(*columns: NDArray[Any], order: Longs | None = None) -> Ints:
    """Columns side by side, in another order where one is given."""
    found = np.empty((len(columns[0]), len(columns)), dtype=np.int32)
    for number, column in enumerate(columns):
        found[:, number] = column if order is None else column[order]
    return found


def slices(ascending: Ints, known: int, *, sparse: bool) -> tuple[Ints, Longs]:
    """(codes that there are slices for, empty for all; CSR offsets) of ascending codes."""
    if not sparse:
        return np.zeros(0, dtype=np.int32), offsets(ascending, known)
    first = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[first].astype(np.int32), np.append(first, len(ascending)).astype(np.int64)


def seats(evidence: Evidence, scale: Scale) -> Ties:
    table = evidence.seats
    rows = Pieces(
        codes(table.column("person"), scale.persons),
        codes(table.column("trip"), scale.places),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(numbers(table, "flags"), facts_of(table, "mask")),
        numbers(table, "row"),
    )
    aux = pc.fill_null(table.column("seat_row"), UNKNOWN_ROW).to_numpy().astype(np.int16)
    return plain(rows, scale, len(scale.places), aux)


def homes(evidence: Evidence, scale: Scale) -> Ties:
    table = evidence.households
    flags = numbers(table, "flags")
    rows = Pieces(
        codes(table.column("person"), scale.persons),
        codes(table.column("household"), scale.households),
        numbers(table, "start"),
        numbers(table, "end"),
        bits_of(flags, np.full(len(flags), -1, dtype=np.int8)),
        numbers(table, "row"),
    )
    return plain(rows, scale, len(scale.households), None)


def plain(rows: Pieces, scale: Scale, nodes: int, aux: Shorts | None) -> Ties:
    """Rows as they are: nothing is merged."""
    order = by_person(rows)
    ordered = Pieces(*(getattr(rows, name)[order] for name in Pieces.__dataclass_fields__))
    return ties(ordered, scale, nodes, None if aux is None else aux[order])


def encounters(evidence: Evidence, scale: Scale, known: Facts) -> tuple[Meetings, Facts]:
    """Every encounter from both sides, and the distinct sets of facts told about them, after those known."""
    table = evidence.encounters.filter(
        pc.not_equal(evidence.encounters.column("a"), evidence.encounters.column("b"))
    )
    a, b = codes(table.column("a"), scale.persons), codes(table.column("b"), scale.persons)
    place = place_codes(table, scale.places)
    fact, facts = told(table, place, scale.nature, known)
    person = np.concatenate([a, b])
    start = np.tile(numbers(table, "start"), 2)
    order = np.lexsort((start, person))

    def both(column: NDArray[Any]) -> NDArray[Any]:
        return frozen(np.tile(column, 2)[order])

    metres = pc.fill_null(table.column("distance_m"), float("nan")).to_numpy().astype(np.float32)
    who, of_person = slices(person[order], len(scale.persons), sparse=scale.sparse)
    return (
        Meetings(
            who=frozen(who),
            of_person=frozen(of_person),
            other=frozen(np.concatenate([b, a])[order]),
            start=frozen(start[order]),
            end=both(numbers(table, "end")),
            seconds=both(numbers(table, "seconds")),
            metres=both(metres),
            place=both(place),
            facts=frozen(fact[order]),
            row=both(numbers(table, "row")),
        ),
        facts,
    )


def place_codes(table: pa.Table, places: Ids) -> Ints:
    """Codes of the places of encounters; -1 where none was told."""
    ids = pc.fill_null(table.column("place").cast(pa.int64()), -1).to_numpy()
    known = pc.is_valid(table.column("place")).to_numpy()
    return np.where(known, places.codes(ids), -1).astype(np.int32)


def told(table: pa.Table, place: Ints, nature: Ints, known: Facts) -> tuple[Ints, Facts]:
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
    numbered = {fact: n for n, fact in enumerate(known)}
    found = [numbered.setdefault(tuple(row), len(numbered)) for row in rows.tolist()]
    return np.array(found, dtype=np.int32)[number.reshape(-1)], tuple(numbered)


def apart(evidence: Evidence, persons: Ids) -> Apart:
    """Isolations and negative tests by person."""
    table = evidence.isolations
    person = codes(table.column("person"), persons)
    negative = pc.equal(table.column("reason"), "negative").to_numpy(zero_copy_only=False)
    columns = np.stack([numbers(table, "start"), numbers(table, "end"), negative], axis=1).astype(np.int32)
    order = np.argsort(person, kind="stable")
    return Apart(frozen(person[order]), frozen(columns[order]))


def greatest_end(evidence: Evidence) -> int:
    """The greatest end of what has happened; 0 for nothing."""
    ends = [
        pc.max(getattr(evidence, kind).column("end")).as_py()
        for kind in ("visits", "encounters", "seats", "rosters")
    ]
    return max((end for end in ends if end is not None), default=0)
