"""Scores, seals, replays after the lake has moved on, a citizen's own part; long runs that can be stopped."""

import json
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vungxanh.cli import cli
from vungxanh.core.minutes import day_start
from vungxanh.lake import held
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Place, Visit
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter

NOON = day_start(date(2022, 1, 3)) + 720
CASE = ("--case", 1, "--onset", "2022-01-03")


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def together(*people: int, place: int = 10, minute: int = 0) -> list[Visit]:
    return [Visit(p, place, NOON + minute, NOON + minute + 30, mask=False) for p in people]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    places = [Place(n, "room") for n in (10, 11)]
    LakeWriter(tmp_path / "lake").append(
        Evidence.of(visits=[*together(1, 2), *together(2, 7, place=11, minute=60)], places=places)
    )
    return tmp_path / "lake"


def test_a_score_stands_beside_the_class_and_is_explained(lake: Path) -> None:
    (row,) = json.loads(run("trace", "--lake", lake, *CASE, "--score").stdout)
    assert list(row)[-2:] == ["score", "evidence"]
    assert row["score"] == 15.0  # 30 minutes × room 1 × day of onset 1 × unknown distance 0.5
    (why,) = json.loads(run("trace", "--lake", lake, *CASE, "--explain", 2).stdout)
    assert why["score"]["points"] == 15.0
    assert why["score"]["parts"] == [
        {"minutes": 30.0, "space": 1.0, "day": 1.0, "distance": 0.5, "masks": 1.0, "points": 15.0}
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_score_in_a_file(lake: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"scored.{ending}"
    assert run("trace", "--lake", lake, *CASE, "--score", "--out", out).exit_code == 0
    import polars as pl

    found = pl.read_csv(out) if ending == "csv" else pl.read_parquet(out)
    assert found["score"].to_list() == [15.0]


def test_a_sealed_trace_is_replayed_in_the_lake_of_then(lake: Path, tmp_path: Path) -> None:
    seal = tmp_path / "seal.json"
    run("trace", "--lake", lake, *CASE, "--generations", 2, "--seal", seal)
    writer = LakeWriter(lake)
    writer.append(Evidence.of(visits=together(9, minute=5)))  # somebody who was there after all
    writer.compact(most_files=1)  # the files of then are no part of the lake any more

    now = json.loads(run("trace", "--lake", lake, *CASE).stdout)
    assert [row["contact"] for row in now] == [2, 9]
    again = json.loads(run("replay", seal, "--lake", lake).stdout)
    assert again == {"same": True, "differs": [], "rows": 2}


def test_a_state_is_let_go_when_its_time_is_over(lake: Path, tmp_path: Path) -> None:
    seal = tmp_path / "seal.json"
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
    run("trace", "--lake", lake, *CASE, "--seal", seal, "--hold-until", yesterday.isoformat())
    LakeWriter(lake).append(Evidence.of(visits=together(9, minute=5)))
    LakeWriter(lake).compact(most_files=1)
    done = run("replay", seal, "--lake", lake)
    assert "lake.not-held" in str(getattr(done.exception, "code", ""))
    assert not list((lake / held.FOLDER).glob("*.json"))


def test_a_live_tail_is_held_too(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vungxanh.lake import sources

    class Gate:
        name = "gate"

        def closed_since(self, watermark: int) -> list[sources.Batch]:
            return [] if watermark else [sources.Batch(1, Evidence.of(visits=together(5, minute=1)))]

        def tail(self, now: int) -> Evidence:
            return Evidence.of(visits=together(6, minute=2))

    monkeypatch.setattr(sources, "_registry", {"gate": Gate()})
    live = open_lake(lake, live=True, now=NOON + 100)
    live.hold(date(2099, 1, 1))
    monkeypatch.setattr(sources, "_registry", {})
    LakeWriter(lake).append(Evidence.of(visits=together(9)))

    then = open_lake(lake, state=live.state)
    assert then.state == live.state
    assert {v.person for v in then.evidence().rows("visits")} == {1, 2, 5, 6, 7}
    assert {then.segment().persons.one(n) for n in range(len(then.segment().persons))} == {1, 2, 5, 6, 7}


def test_a_citizen_is_given_their_own_part_with_its_reasons(lake: Path, tmp_path: Path) -> None:
    seal = tmp_path / "seal.json"
    run("trace", "--lake", lake, *CASE, "--generations", 2, "--seal", seal)
    told = json.loads(run("replay", seal, "--lake", lake, "--person", 7).stdout)
    (part,) = told["own"]
    assert (part["generation"], part["minutes"], part["certainty"]) == (2, 30, "confirmed")
    assert part["document"] == "CV 11042/BYT-DP"
    (reason,) = part["reasons"]
    assert reason["branches"][0]["id"] == "c"
    assert reason["branches"][0]["vi"]
    assert "distance_m" in reason["missing"]
    text = json.dumps(told)
    assert "infector" not in text
    assert "index" not in text
    assert "mask_case" not in text


def test_a_long_run_says_so_and_leaves_no_half_file_when_stopped(tmp_path: Path) -> None:
    visits = [
        Visit(person, place, NOON + 40 * place + person % 7, NOON + 40 * place + 35)
        for person in range(1, 700)
        for place in range(4)
    ]
    LakeWriter(tmp_path / "lake").append(Evidence.of(visits=visits, places=[Place(n, "room") for n in range(4)]))
    out = tmp_path / "out.csv"
    asked = [
        "trace",
        "--lake",
        tmp_path / "lake",
        *CASE,
        "--engine",
        "reference",
        "--generations",
        3,
        "--out",
        out,
    ]
    child = subprocess.Popen(
        [sys.executable, "-m", "vungxanh", *(str(a) for a in asked)], stderr=subprocess.PIPE, text=True
    )
    assert child.stderr is not None
    said = child.stderr.readline()
    child.send_signal(signal.SIGINT)
    rest = child.stderr.read()
    assert child.wait(timeout=60) == 1
    assert said.endswith("…\n")
    assert "hop" in said
    assert "Stopped as asked" in rest
    assert list(tmp_path.glob("out*")) == []
