"""Retention: nothing early, nothing late, nothing under a hold, and a report of what went."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vungxanh.core import retention
from vungxanh.core.models import AuditEvent, LegalHold, Removal
from vungxanh.core.retention import Kind

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Shelf:
    """A room that keeps moments."""

    def __init__(self) -> None:
        self.rows: list[datetime] = []

    def remove(self, before: datetime) -> int:
        gone = [row for row in self.rows if row < before]
        self.rows = [row for row in self.rows if row >= before]
        return len(gone)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    said = {"days": 30, "vi": "Lượt", "en": "Rows", "basis": "a test", "verified": True}
    monkeypatch.setattr(retention, "periods", lambda _package: {"rows": said, "others": said})
    monkeypatch.setattr(retention, "_rooms", {})
    retention.register(
        "shelf",
        lambda: [
            retention.stated("here", "rows", made.remove),
            Kind("broken", "Hỏng", "Broken", None, "a test", True, lambda _now: 0),
        ],
    )
    return made


def test_what_is_over_goes_and_is_written_down(shelf: Shelf) -> None:
    shelf.rows = [NOW - timedelta(days=31), NOW - timedelta(days=29)]
    assert retention.forget("shelf", NOW) == {"rows": 1, "broken": 0}
    assert shelf.rows == [NOW - timedelta(days=29)]
    row = Removal.objects.get()
    assert (row.room, row.kind, row.count, row.at) == ("shelf", "rows", 1, NOW)
    assert AuditEvent.objects.get(action="shelf:records:forgotten").facts == {"rows": 1, "broken": 0}


def test_a_second_run_removes_and_writes_nothing(shelf: Shelf) -> None:
    shelf.rows = [NOW - timedelta(days=31)]
    retention.forget("shelf", NOW)
    assert retention.run(NOW) == {"shelf": {"rows": 0, "broken": 0}}
    assert Removal.objects.count() == 1


@pytest.mark.parametrize("kind", ["rows", ""])
def test_a_hold_keeps_a_kind_or_a_room_until_it_is_lifted(shelf: Shelf, kind: str) -> None:
    shelf.rows = [NOW - timedelta(days=99)]
    hold = LegalHold.objects.create(room="shelf", kind=kind, reason="a court asks", basis="QĐ 1", by=1)
    assert "rows" not in retention.forget("shelf", NOW)
    assert len(shelf.rows) == 1
    hold.lifted_at, hold.lifted_by = NOW, 1
    hold.save()
    assert retention.forget("shelf", NOW)["rows"] == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    now=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  bounds are naive
    off=st.timedeltas(timedelta(days=-40), timedelta(days=40)),
)
def test_the_limit_holds_at_every_clock(shelf: Shelf, now: datetime, off: timedelta) -> None:
    row = now - timedelta(days=30) + off
    shelf.rows = [row]
    retention.forget("shelf", now)
    assert (row in shelf.rows) is (off >= timedelta(0))


def test_a_room_that_fails_does_not_stop_the_others(shelf: Shelf) -> None:
    def torn() -> Iterator[Kind]:
        raise ValueError("torn")
        yield

    shelf.rows = [NOW - timedelta(days=31)]
    retention.register("aaa", torn)
    with pytest.raises(RuntimeError, match="aaa"):
        retention.run(NOW)
    assert shelf.rows == []


def test_every_room_of_the_house_says_what_it_keeps() -> None:
    found = {(room, kind.name) for room, kind in retention.kinds()}
    assert {"border", "declarations", "exposure", "lake", "notify", "outbreak", "venues"} <= {
        room for room, _ in found
    }
    for _room, kind in retention.kinds():
        assert kind.days is None or kind.days > 0
        assert kind.vi
        assert kind.en
        assert kind.basis


def test_a_run_over_the_empty_house_removes_nothing() -> None:
    assert not any(count for of_room in retention.run().values() for count in of_room.values())
