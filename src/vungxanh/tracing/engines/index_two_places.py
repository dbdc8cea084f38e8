"""Bad data: a pair that shared time at two separate places at once."""

from collections.abc import Iterator
from itertools import islice, takewhile

import numpy as np

from vungxanh.lake.segment import Segment
from vungxanh.tracing.engines.index_rows import Block
from vungxanh.tracing.engines.index_tables import VISIT, Items
from vungxanh.tracing.model import TwoPlaces


def two_places(segment: Segment, block: Block) -> Iterator[TwoPlaces]:
    """One for each row of the block whose named pair overlaps itself."""
    for row in map(int, np.flatnonzero(block.named.twice)):
        pair = block.number(row)
        if separate(segment, block.pairs.of(pair)):
            hop, contact = block.named.rows[row, :2].tolist()
            infector = segment.persons.one(block.infector(pair))
            yield TwoPlaces(int(block.cases[hop]), infector, segment.persons.one(contact))


def separate(segment: Segment, items: Items) -> bool:
    """Do two visits overlap at places of which neither contains the other?"""
    visits = sorted((row[4], row[5], row[3]) for row in items.rows.tolist() if row[2] == VISIT)
    return any(
        not nested(segment, place, other)
        for n, (_, end, place) in enumerate(visits)
        for start, _, other in takewhile(lambda visit: visit[0] < end, islice(visits, n + 1, None))  # noqa: B023
    )


def nested(segment: Segment, one: int, other: int) -> bool:
    return one == other or one in segment.above(other) or other in segment.above(one)
