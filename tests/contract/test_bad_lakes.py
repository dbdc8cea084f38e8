"""Bad input: an answer or a clear error, never a hang or a wrong list."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vungxanh.cli import cli
from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Place, Visit
from vungxanh.lake.writer import LakeWriter

NOON = day_start(date(2022, 1, 3)) + 720
ENGINES = ("index", "duckdb", "reference")


def run(lake: Path, *args: object) -> Result:
    return CliRunner().invoke(cli, ["trace", "--lake", str(lake), "--case", "1", *map(str, args)])


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    visits = [Visit(p, 10, NOON, NOON + 30, mask=False) for p in (1, 2)]
    LakeWriter(tmp_path / "lake").append(Evidence.of(visits=visits, places=[Place(10, "room")]))
    return tmp_path / "lake"


def code_of(done: Result) -> str:
    return str(getattr(done.exception, "code", ""))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_window_in_the_future_lists_nobody(lake: Path, engine: str) -> None:
    assert json.loads(run(lake, "--onset", "2026-07-15", "--engine", engine).stdout) == []


def test_half_a_copy_is_named(lake: Path, tmp_path: Path) -> None:
    shutil.copytree(lake, tmp_path / "half")
    victim = next((tmp_path / "half" / "visits").rglob("*.parquet"))
    victim.unlink()
    done = run(tmp_path / "half", "--onset", "2022-01-03")
    assert code_of(done) == "lake.damaged"
    assert victim.name in str(done.exception)


@pytest.mark.parametrize("engine", ["index", "reference"])
def test_a_corrupt_file_of_the_right_size_is_named(lake: Path, engine: str) -> None:
    victim = next((lake / "visits" / "person").rglob("*.parquet"))
    whole = victim.read_bytes()
    victim.write_bytes(whole[:4] + bytes(len(whole) - 12) + whole[-8:])
    assert code_of(run(lake, "--onset", "2022-01-03", "--engine", engine)) == "lake.damaged"


@pytest.mark.parametrize("engine", ENGINES)
def test_clocks_that_disagree_by_hours_make_nobody_meet_who_was_not_recorded_together(
    tmp_path: Path, engine: str
) -> None:
    """One gate is three hours fast: what it saw overlaps nothing, and the list stays that of the record."""
    fast = 180
    visits = [
        Visit(1, 10, NOON, NOON + 30, mask=False),
        Visit(2, 10, NOON + fast, NOON + fast + 30, mask=False),
        Visit(3, 10, NOON + 10, NOON + 40, mask=False),
        Visit(1, 11, NOON + 15, NOON + 50, mask=False),  # at two places at once
        Visit(3, 11, NOON + 20, NOON + 45, mask=False),
    ]
    places = [Place(10, "room"), Place(11, "room")]
    LakeWriter(tmp_path / "lake").append(Evidence.of(visits=visits, places=places))
    out = tmp_path / "out.json"
    told = json.loads(run(tmp_path / "lake", "--onset", "2022-01-03", "--engine", engine, "--out", out).stdout)
    assert [row["contact"] for row in json.loads(out.read_text())] == [3]
    assert told["bad_data"] == [{"index": 1, "infector": 1, "contact": 3, "what": "two places at once"}]
