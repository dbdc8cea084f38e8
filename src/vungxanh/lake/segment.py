"""The index segment: evidence as int32 arrays in the orders in which it is asked for, memory-mapped.

Persons, places and households are dense codes. A segment is one layer made from most of a lake, and perhaps small
layers on top of it for what came since; a question goes through all of them. `Ties` holds who belonged to what (a
place, a trip, a group, a household) and when: once by person, once by what they belonged to, so that either is one
slice. Arrays are read-only, so that compiled code sees one kind of array wherever it comes from.
"""

import json
import mmap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.codes import Ids
from vungxanh.lake.presence import Ints, Longs

FORMAT = 3
Shorts = NDArray[np.int16]
#: how many places may lie one in another
DEEPEST = 16
UNKNOWN_ROW = -32768  # seat row that nobody recorded


class Ties(NamedTuple):
    """Belonging of persons to nodes over `[start, end)`.

    By person, ordered (person, node, start): `of_person[p] : of_person[p+1]` slices own, aux, row; `own` is a
    table of node, start, end, bits. By node, ordered (node, start): `of_node[n] : of_node[n+1]` slices there and
    piece (index into the arrays by person); `there` is a table of since (start), till (end), member, marks
    (bits). Tables, so that what is read together lies together: a question about one place is one read.
    `longest[node]`: what overlaps [s, e) there has start > s - longest. In a small layer `who` and `nodes` list
    the codes that slices exist for, ascending; empty they say: all. `hidden`: pieces by person, ascending, that
    a later layer tells anew.
    """

    who: Ints
    of_person: Longs
    own: Ints
    aux: Shorts
    row: Longs
    nodes: Ints
    of_node: Longs
    there: Ints
    piece: Ints
    longest: Longs
    hidden: Longs

    @property
    def node(self) -> Ints:
        return self.own[:, 0]

    @property
    def start(self) -> Ints:
        return self.own[:, 1]

    @property
    def end(self) -> Ints:
        return self.own[:, 2]

    @property
    def bits(self) -> Ints:
        return self.own[:, 3]

    @property
    def since(self) -> Ints:
        return self.there[:, 0]

    @property
    def till(self) -> Ints:
        return self.there[:, 1]

    @property
    def member(self) -> Ints:
        return self.there[:, 2]

    @property
    def marks(self) -> Ints:
        return self.there[:, 3]


class Meetings(NamedTuple):
    """Encounters seen from both sides, ordered (person, start). `facts` numbers a row of `Words.facts`."""

    who: Ints
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
class Layer:
    """Rows of one time of writing."""

    visits: Ties
    rosters: Ties
    seats: Ties
    homes: Ties
    meetings: Meetings


@dataclass(frozen=True, eq=False)
class Words:
    """What is said of places and encounters: (kind, space) of places, the first is one that nobody described; and
    of encounters named, bound, mask, other's mask, place's nature, touch, care, protection, assumed."""

    natures: tuple[tuple[str | None, str | None], ...]
    facts: tuple[tuple[Any, ...], ...]

    @cached_property
    def told(self) -> NDArray[np.int32]:
        return np.array(self.facts, dtype=np.int32).reshape(-1, 9)


@dataclass(frozen=True, eq=False)
class Apart:
    """Isolations and negative tests, ordered by person: `who`, and rows (start, end, is a negative test)."""

    who: Ints
    rows: NDArray[np.int32]

    def of(self, code: int) -> list[tuple[int, int, str]]:
        """(start, end, reason) of one person."""
        low, high = np.searchsorted(self.who, [code, code + 1])
        return [
            (int(s), int(e), "negative" if negative else "isolation") for s, e, negative in self.rows[low:high]
        ]

    def knows(self, codes: Ints) -> NDArray[np.bool_]:
        """Who of them was ever kept apart or tested."""
        if not len(self.who):
            return np.zeros(len(codes), dtype=bool)
        at = np.minimum(np.searchsorted(self.who, codes), len(self.who) - 1)
        found: NDArray[np.bool_] = self.who[at] == codes
        return found


@dataclass(frozen=True, eq=False)
class Segment:
    """One state of a lake, ready to be asked."""

    persons: Ids
    places: Ids
    households: Ids
    nature: Ints  # of a place: number of a row of `words.natures`
    parent: Ints  # code of the containing place, -1 none
    words: Words
    layers: tuple[Layer, ...]
    apart: Apart
    end: int
    rostered: bool  # did any roster row, an absence even, go into it
    crowds: NDArray[np.int32]  # see lake.crowds
    root: "Segment | None" = None  # what later layers were put on, None for that itself

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
        counts = np.bincount(table[:, 0], minlength=len(self.parent))
        return np.concatenate([[0], np.cumsum(counts)]), table[:, 1].copy(), table[:, 2].copy()

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of ties and meetings of which there is any row."""
        found = {name for layer in self.layers for name in TIES if len(getattr(layer, name).row)}
        return frozenset(found | {"meetings" for layer in self.layers if len(layer.meetings.other)})

    @cached_property
    def nested(self) -> bool:
        """Does any place lie in another?"""
        return bool((self.parent >= 0).any())

    def above(self, place: int) -> list[int]:
        """Containing places, nearest first; a loop in the data ends it."""
        found: list[int] = []
        at = int(self.parent[place])
        while at >= 0 and at != place and at not in found:
            found.append(at)
            at = int(self.parent[at])
        return found


Part = TypeVar("Part", Ties, Meetings)
TIES = ("visits", "rosters", "seats", "homes")
PLAIN = ("persons", "places", "households", "nature", "parent", "apart.who", "apart.rows", "crowds")


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array, not to be written to any more."""
    found = np.ascontiguousarray(array)
    found.flags.writeable = False
    return found


def save(segment: Segment, directory: Path, **notes: Any) -> None:
    """Arrays as .npy, the rest as JSON, written last: its presence says that all is there. One layer only."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays(segment).items():
        np.save(directory / f"{name}.npy", array)
    meta = {
        "format": FORMAT,
        "natures": segment.words.natures,
        "facts": segment.words.facts,
        "end": segment.end,
        "rostered": segment.rostered,
        "notes": notes,
    }
    (directory / "meta.json").write_text(json.dumps(meta), "utf-8")


def arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """Every array by the name of its file."""
    (layer,) = segment.layers
    ids = {name: getattr(segment, name).first for name in ("persons", "places", "households")}
    apart = {"apart.who": segment.apart.who, "apart.rows": segment.apart.rows}
    found: dict[str, NDArray[Any]] = {**ids, **apart}
    found.update({name: getattr(segment, name) for name in ("nature", "parent", "crowds")})
    for name in (*TIES, "meetings"):
        found.update({f"{name}.{column}": array for column, array in getattr(layer, name)._asdict().items()})
    return found


def load(directory: Path) -> Segment:
    """Memory-map a saved segment. Raises FileNotFoundError where there is none, ValueError for another format."""
    meta = json.loads((directory / "meta.json").read_text("utf-8"))
    if meta["format"] != FORMAT:
        raise ValueError(meta["format"])
    plain = {name: mapped(directory, name) for name in PLAIN}
    return Segment(
        persons=Ids(plain["persons"]),
        places=Ids(plain["places"]),
        households=Ids(plain["households"]),
        nature=plain["nature"],
        parent=plain["parent"],
        words=Words(
            tuple((kind, space) for kind, space in meta["natures"]), tuple(tuple(row) for row in meta["facts"])
        ),
        layers=(
            Layer(
                visits=part(directory, "visits", Ties),
                rosters=part(directory, "rosters", Ties),
                seats=part(directory, "seats", Ties),
                homes=part(directory, "homes", Ties),
                meetings=part(directory, "meetings", Meetings),
            ),
        ),
        apart=Apart(plain["apart.who"], plain["apart.rows"]),
        end=meta["end"],
        rostered=meta["rostered"],
        crowds=plain["crowds"],
    )


def mapped(directory: Path, name: str) -> NDArray[Any]:
    path = directory / f"{name}.npy"
    # an empty file cannot be mapped
    found = np.load(path, mmap_mode="r" if path.stat().st_size > 128 else None)
    if isinstance(found, np.memmap):
        # a question touches a few pages here and there: reading ahead of them made a cold answer ten times slower
        found._mmap.madvise(mmap.MADV_RANDOM)  # type: ignore[attr-defined]  # noqa: SLF001
    return frozen(np.asarray(found))  # views without the subclass index faster


def part(directory: Path, name: str, kind: type[Part]) -> Part:
    return kind(**{field: mapped(directory, f"{name}.{field}") for field in kind._fields})
