"""The places of the district, and their names: invented, under real communes."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.kinds import Kind

Ints = NDArray[np.int32]

#: People per café and per hall, ours.
PEOPLE_PER_CAFE, PEOPLE_PER_HALL = 450, 8000


@dataclass(frozen=True, slots=True)
class Sites:
    """Row = place. `parent` is a row or -1; `number` counts places of a kind within parent or commune, from 1."""

    kind: Ints
    parent: Ints
    commune: Ints
    number: Ints

    def of(self, kind: Kind) -> Ints:
        return np.flatnonzero(self.kind == kind).astype(np.int32)

    def name(self, row: int, communes: list[str]) -> str:
        """Name as it stands on the poster."""
        pattern = PATTERNS[Kind(self.kind[row])]
        return pattern.format(n=int(self.number[row]), commune=communes[self.commune[row]])


PATTERNS = {
    Kind.FACTORY: "Nhà máy {n} {commune}",
    Kind.LINE: "Chuyền {n}",
    Kind.OFFICE: "Cơ quan {n} {commune}",
    Kind.ROOM: "Phòng {n}",
    Kind.SHOP: "Cửa hàng {n} {commune}",
    Kind.SCHOOL: "Trường phổ thông {commune}",
    Kind.CLASSROOM: "Lớp {n}",
    Kind.MARKET: "Chợ {commune}",
    Kind.STALL: "Sạp {n}",
    Kind.CAFE: "Quán {n} {commune}",
    Kind.HALL: "Nhà văn hoá {n} {commune}",
    Kind.BUS: "Xe buýt {n} {commune}",
}


@dataclass
class SiteBook:
    """Collects places while the world is built."""

    communes: int
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    counts: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def add(self, kind: Kind, commune: int, parent: int = -1) -> int:
        """Row of a new place."""
        key = (kind, commune, parent)
        self.counts[key] = self.counts.get(key, 0) + 1
        self.rows.append((kind, parent, commune, self.counts[key]))
        return len(self.rows) - 1

    def commune_of(self, row: int) -> int:
        return self.rows[row][2]

    def add_leisure(self, persons: int, rng: np.random.Generator) -> None:
        """Cafés and halls, more of them where more people live."""
        for kind, each in ((Kind.CAFE, PEOPLE_PER_CAFE), (Kind.HALL, PEOPLE_PER_HALL)):
            for here in range(self.communes):
                for _ in range(max(1, round(persons / self.communes / each * rng.uniform(0.8, 1.2)))):
                    self.add(kind, here)

    def done(self) -> Sites:
        table = np.array(self.rows, np.int32)
        return Sites(*(np.ascontiguousarray(table[:, column]) for column in (0, 1, 2, 3)))
