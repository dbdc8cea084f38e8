"""`vungxanh safetymap assess`: JSON out, exit codes, and no database behind it."""

import json
import subprocess
import sys
from pathlib import Path

from vungxanh.safetymap.commands import read_json


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "vungxanh", "safetymap", *args], capture_output=True, text=True)


def answers(folder: Path, content: str) -> str:
    file = folder / "answers.json"
    file.write_text(content)
    return str(file)


def test_it_prints_the_verdict_and_its_reasons(tmp_path: Path) -> None:
    done = run(
        "assess", "--set", "hcmc-2020-food", answers(tmp_path, json.dumps({str(n): 5 for n in range(1, 11)}))
    )
    printed = json.loads(done.stdout)
    assert done.returncode == 0
    assert (printed["score"], printed["percent"], printed["band"], printed["verified"]) == (
        50,
        50.0,
        "hoat dong",
        True,
    )
    assert printed["reasons"][0]["vi"] == "50 % nằm trong mức “Được hoạt động” (≥ 50)."


def test_wrong_answers_exit_1_with_a_code(tmp_path: Path) -> None:
    done = run("assess", "--set", "hcmc-2020-food", answers(tmp_path, '{"12": 5}'))
    assert (done.returncode, json.loads(done.stdout)["error"]) == (1, "rules.item-unknown")


def test_text_that_is_not_json_exits_1(tmp_path: Path) -> None:
    done = run("assess", "--set", "hcmc-2020-food", answers(tmp_path, "{"))
    assert (done.returncode, json.loads(done.stdout)["error"]) == (1, "safetymap.bad-json")


def test_it_loads_neither_django_nor_a_database_driver(tmp_path: Path) -> None:
    file = answers(tmp_path, "{}")
    code = (
        "import sys; from click.testing import CliRunner; from vungxanh.cli import cli;"
        f"args = ['safetymap', 'assess', '--set', 'vx-general', {file!r}];"
        "CliRunner().invoke(cli, args, catch_exceptions=False);"
        "print(sorted(m for m in ('django', 'psycopg', 'duckdb', 'pyarrow') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_read_json_reads(tmp_path: Path) -> None:
    with Path(answers(tmp_path, '{"1": true}')).open() as file:
        assert read_json(file) == {"1": True}
