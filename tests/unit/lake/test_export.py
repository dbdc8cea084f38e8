"""The live tail and the export: a visit is in the next answer, once, whether it was exported yet or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vungxanh.lake import sources
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.export import export
from vungxanh.lake.rows import Flag, Visit
from vungxanh.lake.sources import Batch, assumed_end
from vungxanh.lake.store import LakeStore, open_lake
from vungxanh.lake.writer import LakeWriter

DAY = 19_000 * 1440


class Gate:
    """A room with numbered closed visits and open ones."""

    name = "gate"

    def __init__(self) -> None:
        self.closed: list[Visit] = []
        self.open: list[Visit] = []
        self.asked: list[int] = []

    def closed_since(self, watermark: int) -> Iterator[Batch]:
        self.asked.append(watermark)
        for number in range(watermark, len(self.closed), 2):
            rows = self.closed[number : number + 2]
            yield Batch(number + len(rows), Evidence.of(visits=rows))

    def tail(self, now: int) -> Evidence:
        ends = [assumed_end(v.start, usual_minutes=60) for v in self.open]
        rows = [
            Visit(v.person, v.place, v.start, end, flags=int(Flag.ASSUMED_END))
            for v, end in zip(self.open, ends, strict=True)
            if v.start <= now
        ]
        return Evidence.of(visits=rows)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The only source there is."""
    monkeypatch.setattr(sources, "_registry", {})
    source = Gate()
    sources.register(source)
    return source


def visit(person: int, minute: int = 0) -> Visit:
    return Visit(person, 7, DAY + minute, DAY + minute + 30)


def people(directory: Path, *, live: bool) -> list[int]:
    return sorted(v.person for v in open_lake(directory, live=live, now=DAY + 5000).evidence().rows("visits"))


def test_what_is_not_exported_yet_is_in_the_live_answer(tmp_path: Path, gate: Gate) -> None:
    LakeWriter(tmp_path).append(Evidence.of(visits=[visit(1)]))
    gate.closed, gate.open = [visit(2)], [visit(3)]
    assert people(tmp_path, live=False) == [1]
    assert people(tmp_path, live=True) == [1, 2, 3]


def test_export_takes_each_row_once_and_remembers_how_far_it_was(tmp_path: Path, gate: Gate) -> None:
    gate.closed = [visit(n) for n in range(5)]
    (first,) = export(tmp_path)
    gate.closed.append(visit(9))
    (second,) = export(tmp_path)

    assert (first.new, first.watermark) == (5, 5)
    assert (second.new, second.same, second.watermark) == (1, 0, 6)
    assert gate.asked == [0, 5]
    assert people(tmp_path, live=True) == [0, 1, 2, 3, 4, 9]


def test_a_late_row_lands_in_its_own_day(tmp_path: Path, gate: Gate) -> None:
    gate.closed = [visit(1, 3 * 1440), visit(2)]
    export(tmp_path)
    gate.closed.append(visit(3, 10))  # an offline gate came back after three days
    export(tmp_path)
    assert len(list((tmp_path / "visits/person/day=2022-01-08").iterdir())) == 2


def test_a_batch_that_was_written_but_not_remembered_is_not_doubled(tmp_path: Path, gate: Gate) -> None:
    gate.closed = [visit(1), visit(2)]
    LakeWriter(tmp_path).append(Evidence.of(visits=gate.closed))  # as if the watermark had been lost
    (again,) = export(tmp_path)
    assert (again.new, again.same) == (0, 2)
    assert people(tmp_path, live=True) == [1, 2]


def test_the_segment_holds_the_tail(tmp_path: Path, gate: Gate) -> None:
    LakeWriter(tmp_path).append(Evidence.of(visits=[visit(1)]))
    assert known(open_lake(tmp_path)) == {1}
    assert known(open_lake(tmp_path)) == {1}  # mapped, the second time
    gate.open = [visit(3)]
    assert known(open_lake(tmp_path, live=True, now=DAY + 10)) == {1, 3}


def test_a_visit_that_is_closed_under_the_same_id_is_another_state(tmp_path: Path, gate: Gate) -> None:
    """Whoever checks out keeps the id of the visit; answers are kept by the state, which changes with the end."""
    LakeWriter(tmp_path).append(Evidence.of(visits=[visit(1)]))
    ends, states = [], []
    for minutes in (60, 20):
        gate.closed = []
        row = Visit(3, 7, DAY, DAY + minutes, row=33)
        gate.tail = lambda now, row=row: Evidence.of(visits=[row])  # type: ignore[method-assign,misc]
        lake = open_lake(tmp_path, live=True, now=DAY + 10)
        states.append(lake.state)
        ties = lake.segment().layers[-1].visits
        ends.append(ties.end.tolist())
    assert ends == [[DAY + 60], [DAY + 20]]
    assert states[0] != states[1]


def known(lake: LakeStore) -> set[int]:
    persons = lake.segment().persons
    return {persons.one(code) for code in range(len(persons))}
