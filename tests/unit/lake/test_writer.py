"""The writer: whole states, both orders, days of their own, and never a row twice."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from vungxanh.core.errors import UserError
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Household, Place, Visit
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter

DAY = 19_000 * 1440  # 2022-01-08 00:00 UTC


def visits() -> list[Visit]:
    return [Visit(2, 7, DAY + 10, DAY + 20), Visit(1, 9, DAY + 5, DAY + 30), Visit(1, 7, DAY + 1500, DAY + 1510)]


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    LakeWriter(tmp_path).append(Evidence.of(visits=visits(), places=[Place(7, "market")]))

    found = open_lake(tmp_path).evidence()

    got = {(v.person, v.place, v.start, v.end) for v in found.rows("visits")}
    assert got == {(v.person, v.place, v.start, v.end) for v in visits()}
    assert found.rows("places")[0].kind == "market"


def test_a_row_lies_in_the_utc_day_of_its_start_in_both_orders(tmp_path: Path) -> None:
    LakeWriter(tmp_path).append(Evidence.of(visits=visits()))

    by_place = pq.read_table(next((tmp_path / "visits/place/day=2022-01-08").iterdir()), partitioning=None)
    by_person = pq.read_table(next((tmp_path / "visits/person/day=2022-01-08").iterdir()), partitioning=None)

    assert by_place.column("place").to_pylist() == [7, 9]
    assert by_person.column("person").to_pylist() == [1, 2]
    assert len(list((tmp_path / "visits/place/day=2022-01-09").iterdir())) == 1


def test_appending_again_changes_nothing(tmp_path: Path) -> None:
    writer, evidence = LakeWriter(tmp_path), Evidence.of(visits=visits(), households=[Household(1, 3, 0, DAY)])
    first = writer.append(evidence)
    before = open_lake(tmp_path).state

    again = writer.append(evidence)

    assert (first.new, first.same) == (4, 0)
    assert (again.new, again.same, again.conflicts) == (0, 4, ())
    assert open_lake(tmp_path).state == before


def test_one_id_with_other_content_is_named_and_not_taken(tmp_path: Path) -> None:
    writer = LakeWriter(tmp_path)
    writer.append(Evidence.of(visits=[Visit(1, 7, DAY, DAY + 5, row=42)]))

    again = writer.append(
        Evidence.of(visits=[Visit(1, 7, DAY, DAY + 9, row=42), Visit(1, 8, DAY, DAY + 9, row=43)])
    )

    assert again.conflicts == (("visits", 42),)
    assert again.new == 1
    assert {v.row: v.end - DAY for v in open_lake(tmp_path).evidence().rows("visits")} == {42: 5, 43: 9}


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    writer = LakeWriter(tmp_path)
    writer.append(Evidence.of(visits=visits()[:1]))
    orphan = tmp_path / "visits/place/day=2022-01-08/orphan.parquet"
    orphan.write_bytes(b"half")

    writer.append(Evidence.of(visits=visits()))

    assert not orphan.exists()
    assert len(open_lake(tmp_path).evidence().rows("visits")) == 3


def test_compaction_keeps_files_few_and_rows_all(tmp_path: Path) -> None:
    writer = LakeWriter(tmp_path)
    for n in range(5):
        writer.append(Evidence.of(visits=[Visit(n, 7, DAY + n, DAY + n + 5)]))

    assert writer.compact(most_files=2) == 8  # two orders, five files each become one
    assert len(list(tmp_path.rglob("*.parquet"))) == 2
    assert sorted(v.person for v in open_lake(tmp_path).evidence().rows("visits")) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("damage", ["cut", "missing", "garbled"])
def test_a_damaged_lake_says_which_file(tmp_path: Path, damage: str) -> None:
    LakeWriter(tmp_path).append(Evidence.of(visits=visits()))
    file = next((tmp_path / "visits/person/day=2022-01-08").iterdir())
    content = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "missing":
        file.unlink()
    else:
        content[40:80] = bytes(40)
        file.write_bytes(content)

    with pytest.raises(UserError) as caught:
        open_lake(tmp_path).evidence()

    assert caught.value.code == "lake.damaged"
    assert file.name in str(caught.value)
