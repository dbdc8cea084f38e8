"""The index segment: evidence as int32 arrays in the orders in which it is asked for, memory-mapped.

Persons and places are dense codes, ascending like their ids. `Ties` holds who belonged to what (a place, a trip, a
group, a household) and when: once by person, once by what they belonged to, so that either is one slice.
"""

import json
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Bits, Ints, Longs

FORMAT = 1
Shorts = NDArray[np.int16]
#: how many places may lie one in another
DEEPEST = 16
UNKNOWN_ROW = -32768  # seat row that nobody recorded


@dataclass(frozen=True, slots=True)
class Ties:
    """Belonging of persons to nodes over `[start, end)`.

    By person, ordered (person, node, start): `of_person[p] : of_person[p+1]` slices node, start, end, bits, aux,
    row. By node, ordered (node, start): `key` = node << 32 | start, with `member`, `till` (end) and `piece` (index
    into the arrays by person). `longest[node]`: what overlaps [s, e) there has start > s - longest.
    """

    of_person: Longs
    node: Ints
    start: Ints
    end: Ints
    bits: Bits
    aux: Shorts
    row: Longs
    key: Longs
    member: Ints
    till: Ints
    piece: Ints
    longest: Longs


@dataclass(frozen=True, slots=True)
class Meetings:
    """Encounters seen from both sides, ordered (person, start). `facts` numbers a row of `Segment.facts`."""

    of_person: Longs
    other: Ints
    start: Ints
    end: Ints
    seconds: Ints
    metres: NDArray[np.float32]
    place: Ints  # code, -1 unknown
    facts: Ints
    row: Longs


@dataclass(frozen=True, eq=False)
class Segment:
    """One state of a lake, ready to be asked."""

    persons: Longs
    places: Ints
    households: Longs
    nature: Ints  # of a place: number of a row of `natures`; 0 is a place nobody described
    parent: Ints  # code of the containing place, -1 none
    natures: tuple[tuple[str | None, str | None], ...]  # (kind, space)
    #: what encounters tell: named, bound, mask, other's mask, place's nature, touch, care, protection, assumed
    facts: tuple[tuple[Any, ...], ...]
    visits: Ties
    rosters: Ties
    seats: Ties
    homes: Ties
    meetings: Meetings
    isolated: Longs  # CSR by person
    isolations: NDArray[np.int32]  # columns start, end, negative
    end: int

    def person_codes(self, ids: Longs) -> Longs:
        """Codes of ids; -1 for a person the segment does not know."""
        at = np.searchsorted(self.persons, ids)
        at[at == len(self.persons)] = 0
        return np.where(self.persons[at] == ids, at, -1) if len(self.persons) else np.full(len(ids), -1)

    @cached_property
    def family(self) -> tuple[Longs, Ints, Ints]:
        """CSR by place: (offsets, the places above and below it, the outer one of the two)."""
        inner = np.flatnonzero(self.parent >= 0)
        outer = self.parent[inner]
        pairs = [np.zeros((0, 3), dtype=np.int32)]
        for _ in range(DEEPEST):
            apart = inner != outer  # a loop in the data comes back to where it began
            inner, outer = inner[apart], outer[apart]
            if not len(inner):
                break
            pairs += [np.stack([inner, outer, outer], axis=1), np.stack([outer, inner, outer], axis=1)]
            further = self.parent[outer] >= 0
            inner, outer = inner[further], self.parent[outer[further]]
        table = np.unique(np.concatenate(pairs).astype(np.int32), axis=0)
        counts = np.bincount(table[:, 0], minlength=len(self.places))
        return np.concatenate([[0], np.cumsum(counts)]), table[:, 1].copy(), table[:, 2].copy()

    def above(self, place: int) -> list[int]:
        """Containing places, nearest first; a loop in the data ends it."""
        found: list[int] = []
        at = int(self.parent[place])
        while at >= 0 and at != place and at not in found:
            found.append(at)
            at = int(self.parent[at])
        return found


Part = TypeVar("Part", Ties, Meetings)


def save(segment: Segment, directory: Path) -> None:
    """Arrays as .npy, the rest as JSON, written last: its presence says that all is there."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays(segment).items():
        np.save(directory / f"{name}.npy", array)
    meta = {"format": FORMAT, "natures": segment.natures, "facts": segment.facts, "end": segment.end}
    (directory / "meta.json").write_text(json.dumps(meta), "utf-8")


def arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """Every array by the name of its file."""
    found: dict[str, NDArray[Any]] = {}
    for field in fields(segment):
        value = getattr(segment, field.name)
        if isinstance(value, np.ndarray):
            found[field.name] = value
        elif isinstance(value, Ties | Meetings):
            found.update({f"{field.name}.{part.name}": getattr(value, part.name) for part in fields(value)})
    return found


def load(directory: Path) -> Segment:
    """Memory-map a saved segment. Raises FileNotFoundError where there is none, ValueError for another format."""
    meta = json.loads((directory / "meta.json").read_text("utf-8"))
    if meta["format"] != FORMAT:
        raise ValueError(meta["format"])

    def mapped(name: str) -> NDArray[Any]:
        path = directory / f"{name}.npy"
        # an empty file cannot be mapped; views without the subclass index faster
        return np.asarray(np.load(path, mmap_mode="r" if path.stat().st_size > 128 else None))

    def part(name: str, kind: type[Part]) -> Part:
        return kind(**{f.name: mapped(f"{name}.{f.name}") for f in fields(kind)})

    plain = {
        n: mapped(n) for n in ("persons", "places", "households", "nature", "parent", "isolated", "isolations")
    }
    return Segment(
        **plain,
        natures=tuple((kind, space) for kind, space in meta["natures"]),
        facts=tuple(tuple(row) for row in meta["facts"]),
        visits=part("visits", Ties),
        rosters=part("rosters", Ties),
        seats=part("seats", Ties),
        homes=part("homes", Ties),
        meetings=part("meetings", Meetings),
        end=meta["end"],
    )
