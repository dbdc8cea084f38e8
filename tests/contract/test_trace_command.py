"""`vungxanh trace` and `vungxanh lake import`: what goes in, what comes out, which exit code."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from vungxanh.cli import cli

COLUMNS = [
    "index",
    "contact",
    "generation",
    "first_exposed",
    "last_exposed",
    "minutes",
    "certainty",
    "rule",
    "path",
    "evidence",
]
VISITS = """person,place,start,end,mask
1,10,2022-01-03T09:00,2022-01-03T09:20,no
2,10,2022-01-03T09:10,2022-01-03T09:46,no
2,11,2022-01-03T12:00,2022-01-03T12:30,no
7,11,2022-01-03T12:00,2022-01-03T12:30,no
"""


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "places.csv").write_text("place,kind\n10,room\n11,room\n")
    for name in ("visits", "places"):
        done = run("lake", "import", tmp_path / f"{name}.csv", "--lake", tmp_path / "lake")
        assert done.exit_code == 0, done.output
    return tmp_path / "lake"


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def child(*args: object) -> subprocess.CompletedProcess[str]:
    """As a process of its own, for exit codes."""
    command = [sys.executable, "-m", "vungxanh", *(str(a) for a in args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_contacts_are_the_json_on_stdout(lake: Path) -> None:
    found = json.loads(run("trace", "--lake", lake, "--case", 1, "--onset", "2022-01-03").stdout)

    assert [list(row) for row in found] == [COLUMNS]
    (row,) = found
    assert (row["contact"], row["generation"], row["minutes"], row["certainty"]) == (2, 1, 10, "confirmed")
    assert (row["first_exposed"], row["last_exposed"]) == ("2022-01-03T02:10Z", "2022-01-03T02:20Z")
    assert (row["path"], row["rule"]) == ("1>2", "vn.covid19.f1.11042")
    assert (row["evidence"][0]["kind"], row["evidence"][0]["place"]) == ("visit", 10)


@pytest.mark.parametrize("engine", ["index", "reference", "duckdb"])
@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_with_a_file_stdout_has_the_summary(lake: Path, tmp_path: Path, ending: str, engine: str) -> None:
    out = tmp_path / f"out.{ending}"
    case = ["--case", 1, "--onset", "2022-01-03", "--generations", 2, "--engine", engine]
    summary = json.loads(run("trace", "--lake", lake, *case, "--out", out).stdout)

    assert summary["contacts"] == 2
    assert summary["by_generation"] == {"1": {"confirmed": 1}, "2": {"confirmed": 1}}
    assert summary["windows"][0]["start"] == "2021-12-31T17:00Z"
    assert summary["truncated"] == []
    assert paths_in(out) == ["1>2", "1>2>7"]
    assert not list(tmp_path.glob("*.tmp"))


def paths_in(file: Path) -> list[str]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8") as text:
            return [row["path"] for row in csv.DictReader(text)]
    if file.suffix == ".json":
        return [row["path"] for row in json.loads(file.read_text())]
    return pl.read_parquet(file)["path"].to_list()


def test_evidence_in_csv_is_one_text(lake: Path, tmp_path: Path) -> None:
    run("trace", "--lake", lake, "--case", 1, "--onset", "2022-01-03", "--out", tmp_path / "o.csv")
    with (tmp_path / "o.csv").open(encoding="utf-8") as text:
        (row,) = csv.DictReader(text)
    kind, place, times_and_rows = row["evidence"].split(":", 2)
    assert (kind, place) == ("visit", "10")
    assert times_and_rows.startswith("2022-01-03T02:10Z-2022-01-03T02:20Z:")


def test_many_cases_merged(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("person,onset,sampled\n1,2022-01-03,\n7,,2022-01-03\n")
    asked = ["trace", "--lake", lake, "--cases", tmp_path / "cases.csv", "--generations", 2]
    every = json.loads(run(*asked).stdout)
    merged = json.loads(run(*asked, "--merge").stdout)
    assert [(r["index"], r["contact"], r["generation"]) for r in every] == [(1, 2, 1), (1, 7, 2), (7, 2, 1)]
    assert [(r["index"], r["contact"]) for r in merged] == [(1, 2), (1, 7)]


def test_backward_ranks_people_and_places(lake: Path) -> None:
    done = run("trace", "--lake", lake, "--case", 2, "--onset", "2022-01-08", "--backward")
    found = json.loads(done.stdout)
    assert [(s["person"], s["cases"], s["minutes"]) for s in found["sources"]] == [(7, [2], 30), (1, [2], 10)]
    assert [p["place"] for p in found["places"]] == [10, 11]
    assert found["clusters"] == []


def test_explain_names_branch_inputs_and_what_is_missing(lake: Path) -> None:
    done = run("trace", "--lake", lake, "--case", 1, "--onset", "2022-01-03", "--explain", 2)
    (found,) = json.loads(done.stdout)
    (reason,) = found["reasons"]
    assert [branch["id"] for branch in reason["branches"]] == ["c"]
    assert reason["known"]["space"] == "closed_narrow"
    assert "distance_m" in reason["missing"]
    assert found["rule"]["document"] == "CV 11042/BYT-DP"


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (["--case", "99", "--onset", "2022-01-03"], 1, "tracing.unknown-person"),
        (["--case", "1", "--onset", "2022-13-03"], 1, "core.bad-date"),
        (["--case", "1", "--onset", "2019-01-03"], 1, "rules.none-in-force"),
        (["--case", "1", "--onset", "2022-01-03", "--rule", "vn.none"], 1, "rules.unknown-rule"),
        (["--case", "1", "--onset", "2022-01-03", "--out", "x.doc"], 1, "tracing.unknown-ending"),
        (["--case", "1"], 2, None),
        (["--case", "1", "--onset", "2022-01-03", "--generations", "0"], 2, None),
    ],
)
def test_exit_codes(lake: Path, args: list[str], code: int, error: str | None) -> None:
    done = child("trace", "--lake", lake, *args)
    assert done.returncode == code
    if error:
        assert json.loads(done.stdout)["error"] == error


def test_a_lake_that_is_not_there(tmp_path: Path) -> None:
    done = child("trace", "--lake", tmp_path / "none", "--case", 1, "--onset", "2022-01-03")
    assert (done.returncode, json.loads(done.stdout)["error"]) == (1, "lake.no-lake")


def test_neither_command_starts_django_or_a_database(lake: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from vungxanh.cli import cli;"
        f"r = CliRunner().invoke(cli, ['trace', '--lake', {str(lake)!r}, '--case', '1', '--onset', '2022-01-03']);"
        "print(r.exit_code, sorted(m for m in ('django', 'psycopg', 'duckdb') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 []"
