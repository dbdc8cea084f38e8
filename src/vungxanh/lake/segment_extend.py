"""A segment with new rows on top: a small layer of its own, so that a live tail costs what it holds, not the lake.

What the new rows change about old ones — somebody's visits to a place that now overlap — is told anew in the
layer, and hidden below.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vungxanh.core.minutes import MINUTES_A_DAY
from vungxanh.lake.codes import Ids, place_in
from vungxanh.lake.crowds import Crowds, crowds_on
from vungxanh.lake.evidence import Evidence, unique_rows
from vungxanh.lake.lookup import ranges, slots
from vungxanh.lake.presence import Ints, Longs
from vungxanh.lake.segment import Apart, Layer, Meetings, Segment, Ties, Words, frozen
from vungxanh.lake.segment_build import Scale, codes, greatest_end, layer_of, numbers, person_columns, place_ids
from vungxanh.lake.segment_build import apart as apart_of

Raw = Callable[[Longs], pa.Table]
NONE: Longs = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of places, old and new."""

    nature: Ints
    parent: Ints
    natures: tuple[tuple[str | None, str | None], ...]
    same_tree: bool


def extended(segment: Segment, fresh: Evidence, raw: Raw) -> Segment | None:
    """`segment` with the rows of `fresh`; `raw(persons)` gives all visits that went into it of these persons.

    None where the whole has to be built anew: rosters on top of rosters, a place that is described otherwise.
    """
    if fresh.rosters.num_rows and segment.rostered:
        return None
    persons = segment.persons.joined(all_of(person_columns(fresh)))
    places = segment.places.joined(place_ids(fresh))
    households = segment.households.joined(numbers(fresh.households, "household"))
    described = descriptions(segment, fresh, places)
    if described is None:
        return None
    scale = Scale(persons, places, households, described.nature, sparse=True)
    lower, visits = told_anew(segment, fresh.visits, scale, raw)
    new = fresh.with_tables(
        visits=visits,
        seats=unknown(fresh.seats, [layer.seats for layer in lower], persons, "person"),
        households=unknown(fresh.households, [layer.homes for layer in lower], persons, "person"),
        encounters=unknown(fresh.encounters, [layer.meetings for layer in lower], persons, "a"),
    )
    layer, facts = layer_of(new, scale, segment.words.facts)
    same_words = facts == segment.words.facts and described.natures == segment.words.natures
    layers = (*lower, layer)
    found = Segment(
        persons=persons,
        places=places,
        households=households,
        nature=described.nature,
        parent=described.parent,
        words=segment.words if same_words else Words(described.natures, facts),
        layers=layers,
        apart=joined_apart(segment.apart, apart_of(fresh, persons)),
        end=max(segment.end, greatest_end(fresh)),
        rostered=segment.rostered or fresh.rosters.num_rows > 0,
        crowds=crowds_with(segment, layers, layer),
        root=segment.root or segment,
    )
    if described.same_tree:
        vars(found).update(family=segment.family, nested=segment.nested)
    return found


def all_of(columns: list[pa.ChunkedArray]) -> NDArray[np.int64]:
    return np.concatenate([column.to_numpy() for column in columns])


def descriptions(segment: Segment, fresh: Evidence, places: Ids) -> Described | None:
    """None where a place is described otherwise than before."""
    new = len(places) - len(segment.places)
    nature = np.concatenate([segment.nature, np.zeros(new, dtype=np.int32)]) if new else segment.nature
    parent = np.concatenate([segment.parent, np.full(new, -1, dtype=np.int32)]) if new else segment.parent
    natures = {each: n for n, each in enumerate(segment.words.natures)}
    rows = {row.place: row for row in sorted(fresh.rows("places"), key=lambda place: -place.row)}
    known = places.codes(np.array(list(rows), dtype=np.int64)).tolist()
    above = places.codes(np.array([-1 if r.parent is None else r.parent for r in rows.values()], dtype=np.int64))
    same_tree = True
    for code, row, outer in zip(known, rows.values(), above.tolist(), strict=True):
        number = natures.setdefault((row.kind, row.space), len(natures))
        if code < len(segment.nature):
            if (number, outer) != (nature[code], parent[code]):
                return None
            continue
        nature[code], parent[code] = number, outer
        same_tree = same_tree and outer < 0
    return Described(frozen(nature), frozen(parent), tuple(natures), same_tree)


def told_anew(segment: Segment, visits: pa.Table, scale: Scale, raw: Raw) -> tuple[tuple[Layer, ...], pa.Table]:
    """(the layers without what changes, the new rows with the old ones that they change)."""
    if not visits.num_rows:
        return segment.layers, visits
    person, place = codes(visits.column("person"), scale.persons), codes(visits.column("place"), scale.places)
    start, end = numbers(visits, "start"), numbers(visits, "end")
    groups = [
        pair_keys(person, place)[touched(layer.visits, person, place, start, end)] for layer in segment.layers
    ]
    changed = np.unique(np.concatenate(groups))
    if not len(changed):
        return segment.layers, visits
    layers = tuple(replace(layer, visits=without(layer.visits, changed)) for layer in segment.layers)
    old = raw(scale.persons.of(np.unique(changed >> 32)))
    keys = pair_keys(codes(old.column("person"), scale.persons), codes(old.column("place"), scale.places))
    return layers, unique_rows(pa.concat_tables([old.filter(pa.array(np.isin(keys, changed))), visits]))


def pair_keys(person: Ints, place: Ints) -> Longs:
    return (person.astype(np.int64) << 32) | place


def touched(ties: Ties, person: Ints, place: Ints, start: Ints, end: Ints) -> Longs:
    """Numbers of the rows that overlap a piece of the same person at the same place."""
    first, stop = slots(ties.who, ties.of_person, person)
    number, at = ranges(first, stop - first)
    same = (ties.node[at] == place[number]) & (ties.start[at] < end[number]) & (ties.end[at] > start[number])
    return np.unique(number[same])


def without(ties: Ties, groups: Longs) -> Ties:
    """The pieces of these (person, place) hidden."""
    person = (groups >> 32).astype(np.int32)
    first, stop = slots(ties.who, ties.of_person, person)
    number, at = ranges(first, stop - first)
    gone = at[ties.node[at] == (groups[number] & 0xFFFFFFFF)]
    return ties._replace(hidden=frozen(np.union1d(ties.hidden, gone).astype(np.int64)))


def unknown(table: pa.Table, below: list[Ties] | list[Meetings], persons: Ids, column: str) -> pa.Table:
    """The rows whose id no lower layer has."""
    if not table.num_rows:
        return table
    person, rows = codes(table.column(column), persons), numbers(table, "row")
    seen = np.zeros(len(rows), dtype=bool)
    for ties in below:
        first, stop = slots(ties.who, ties.of_person, person)
        number, at = ranges(first, stop - first)
        seen[number[ties.row[at] == rows[number]]] = True
    return table.filter(pc.invert(pa.array(seen))) if seen.any() else table


def joined_apart(old: Apart, new: Apart) -> Apart:
    if not len(new.who):
        return old
    who = np.concatenate([old.who, new.who])
    order = np.argsort(who, kind="stable")
    return Apart(frozen(who[order]), frozen(np.concatenate([old.rows, new.rows])[order]))


def crowds_with(segment: Segment, layers: tuple[Layer, ...], layer: Layer) -> Crowds:
    """The crowds, counted again on the days and at the places that the new layer adds to."""
    ties = [each.visits for each in layers]
    new = layer.visits
    if not len(new.since):
        return segment.crowds
    first, last = new.since // MINUTES_A_DAY, (new.till - 1) // MINUTES_A_DAY
    number, day = ranges(first.astype(np.int64), (last - first + 1).astype(np.int64))
    place = np.repeat(new.nodes, np.diff(new.of_node))[number]
    again = np.unique((place.astype(np.int64) << 32) | day)
    counted = crowds_on(ties, (again >> 32).astype(np.int32), again & 0xFFFFFFFF)
    old = (segment.crowds[:, 0].astype(np.int64) << 32) | segment.crowds[:, 1]
    if not len(counted) and place_in(again, old).max(initial=-1) < 0:
        return segment.crowds
    return frozen(np.concatenate([segment.crowds[place_in(again, old) < 0], counted]))
