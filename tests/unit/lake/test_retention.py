"""Days that are over leave the lake whole: the files, the answer, and what was built over them."""

from datetime import UTC, datetime
from pathlib import Path

from vungxanh.core.minutes import floor_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.retention import forget_before
from vungxanh.lake.rows import Household, Visit
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter

FIRST, SECOND = datetime(2022, 1, 8, tzinfo=UTC), datetime(2022, 1, 9, tzinfo=UTC)


def lake_of_two_days(where: Path) -> None:
    first, second = floor_minute(FIRST), floor_minute(SECOND)
    visits = [
        Visit(1, 7, first + 10, first + 20),
        Visit(2, 7, first + 1439, second + 5),
        Visit(3, 7, second, second + 9),
    ]
    LakeWriter(where).append(Evidence.of(visits=visits, households=[Household(1, 3, 0, second)]), {"gates": 3})
    open_lake(where).index()


def people(where: Path) -> set[int]:
    return {visit.person for visit in open_lake(where).evidence().rows("visits")}


def test_a_day_stays_until_it_has_ended(tmp_path: Path) -> None:
    lake_of_two_days(tmp_path)
    assert forget_before(tmp_path, datetime(2022, 1, 8, 23, 59, tzinfo=UTC)) == 0
    assert people(tmp_path) == {1, 2, 3}


def test_a_day_that_is_over_goes_with_all_that_was_built_over_it(tmp_path: Path) -> None:
    lake_of_two_days(tmp_path)
    before = {path.name for path in (tmp_path / "index").iterdir()}
    assert forget_before(tmp_path, SECOND) == 2
    assert people(tmp_path) == {3}
    assert not list(tmp_path.rglob("*day=2022-01-08*/*.parquet"))
    assert before.isdisjoint(path.name for path in (tmp_path / "index").iterdir())
    lake = open_lake(tmp_path)
    assert [row.person for row in lake.evidence().rows("households")] == [1]
    assert LakeWriter(tmp_path).manifest().watermarks == {"gates": 3}


def test_what_was_forgotten_is_not_taken_again(tmp_path: Path) -> None:
    lake_of_two_days(tmp_path)
    forget_before(tmp_path, SECOND)
    assert forget_before(tmp_path, SECOND) == 0
    assert people(tmp_path) == {3}


def test_no_lake_is_nothing_to_forget(tmp_path: Path) -> None:
    assert forget_before(tmp_path / "none", SECOND) == 0
