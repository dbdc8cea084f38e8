"""The run as files: what the systems saw, and apart from it what truly happened.

`visits.csv`-like tables in Parquet with the columns that `vungxanh lake import` reads; `truth.parquet` beside them
is for scoring only. Persons are numbered from 1, places from 1.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from vungxanh.demo.epidemic import NEVER
from vungxanh.demo.generate import District
from vungxanh.demo.record import OPEN


def write(district: District, folder: Path) -> None:
    """All tables into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {**seen(district), "truth": truth(district)}.items():
        partial = folder / f"{name}.parquet.part"
        pq.write_table(table, partial, compression="zstd")
        partial.replace(folder / f"{name}.parquet")


def truth(district: District) -> pa.Table:
    """Row = an infected person; minutes since the epoch, null where it did not happen."""
    what = district.truth
    rows = what.cases()
    return pa.table(
        {
            "person": rows.astype(np.int64) + 1,
            "infected": what.infected[rows],
            "onset": pa.array(what.onset[rows], mask=what.asymptomatic[rows]),
            "isolated": nullable(what.isolated[rows], NEVER),
            "infector": nullable(what.infector[rows].astype(np.int64) + 1, 0),
            "place": nullable(what.site[rows] + 1, 0),
            "asymptomatic": what.asymptomatic[rows],
        }
    )


def seen(district: District) -> dict[str, pa.Table]:
    """What the systems hold, by kind of evidence."""
    visits, meets, world = district.visits, district.encounters, district.world
    return {
        "visits": pa.table(
            {
                "person": visits.person.astype(np.int64) + 1,
                "place": visits.site + 1,
                "start": visits.start,
                "end": nullable(visits.end, OPEN),
            }
        ),
        "encounters": pa.table(
            {
                "a": meets.a.astype(np.int64) + 1,
                "b": meets.b.astype(np.int64) + 1,
                "start": meets.start,
                "end": meets.end,
                "seconds": meets.seconds,
                "distance_m": meets.distance_m,
            }
        ),
        "households": pa.table(
            {"household": world.people.household + 1, "person": np.arange(1, world.size + 1, dtype=np.int64)}
        ),
    }


def nullable(values: NDArray[np.integer], missing: int | np.int32) -> pa.Array:
    return pa.array(values, mask=values == missing)
