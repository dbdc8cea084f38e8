"""What a correction changes."""

from datetime import date

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Place, Visit
from vungxanh.tracing import trace
from vungxanh.tracing.difference import difference
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

ZERO = day_start(date(2022, 1, 1))


def answer(onset: date, *more: Visit) -> TraceResult:
    visits = [Visit(p, 10, ZERO + d * 1440 + 540, ZERO + d * 1440 + 600) for d, ps in DAYS.items() for p in ps]
    lake = MemoryLake(Evidence.of(visits=[*visits, *more], places=[Place(10, "room")]))
    return trace(TraceRequest((IndexPerson(1, onset=onset),)), lake)


DAYS = {0: (1, 2), 1: (1, 3), 2: (1, 3, 4)}  # day of January less one -> who shared the room


def test_an_onset_date_moved_forward_takes_contacts_away() -> None:
    found = difference(answer(date(2022, 1, 3)), answer(date(2022, 1, 5)))
    assert [row.contact for row in found.removed] == [2]
    assert [change.after.contact for change in found.changed] == [3]
    assert found.changed[0].what == ("first_exposed", "seconds")
    assert found.added == ()


def test_a_visit_closed_late_adds_somebody() -> None:
    late = Visit(9, 10, ZERO + 560, ZERO + 570)
    found = difference(answer(date(2022, 1, 3)), answer(date(2022, 1, 3), late))
    assert [row.contact for row in found.added] == [9]
    assert bool(found)


def test_nothing_changed_is_false() -> None:
    assert not difference(answer(date(2022, 1, 3)), answer(date(2022, 1, 3)))
