"""The tower: staff scan on floors 20, 21 and 22; the case was only ever on 20; only floor 20 is listed."""

from datetime import date

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Place, Visit
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

CASE, ON_20, ON_21, ON_22 = 1, 2, 3, 4
DAY = day_start(date(2022, 1, 3))


def test_floor_20() -> None:
    tower = [Place(100, "building"), *(Place(n, "floor", parent=100) for n in (20, 21, 22))]
    floors = {CASE: 20, ON_20: 20, ON_21: 21, ON_22: 22}
    visits = [
        Visit(person, floor, DAY + d * 1440 + 480, DAY + d * 1440 + 1020)
        for person, floor in floors.items()
        for d in range(-60, 1)
    ]
    lake = MemoryLake(Evidence.of(visits=visits, places=tower))

    found = trace(TraceRequest((IndexPerson(CASE, onset=date(2022, 1, 3)),), engine="index"), lake)

    assert [row.contact for row in found.rows] == [ON_20]
    row = found.rows[0]
    assert (
        row.certainty.label == "needs interview"
    )  # a floor is no narrow closed space and nobody knows the metres
    assert row.seconds == 3 * 9 * 3600  # 1, 2 and 3 January
    assert str(row.evidence[0]).startswith("visit:20:2022-01-01T01:00Z-2022-01-01T10:00Z:")
