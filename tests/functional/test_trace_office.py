"""Real contact records of an office (217 people): in by the import command, traced, and counted independently."""

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from vungxanh.cli import cli

pytestmark = pytest.mark.needs_data
FILE = "contacts/workplace_InVS15_tij.dat.gz"


@pytest.fixture(scope="module")
def lake(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("office")
    done = CliRunner().invoke(
        cli, ["lake", "import", str(data / FILE), "--lake", str(directory), "--day0", "2021-12-27"]
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout)["lines"] == 78_249
    return directory


def counted(data: Path, person: int, since: int) -> dict[int, int]:
    """Twenty seconds for every row of the person that ends after `since` (seconds from the file's midnight)."""
    seconds: dict[int, int] = defaultdict(int)
    with gzip.open(data / FILE, "rt") as file:
        for line in file:
            t, one, other = map(int, line.split()[:3])
            if person in (one, other) and t > since:
                seconds[other if one == person else one] += 20
    return dict(seconds)


@pytest.mark.parametrize("person", [387, 198, 322, 80, 18])
@pytest.mark.parametrize("engine", ["index", "reference"])
def test_the_seconds_with_every_contact_are_right(data: Path, lake: Path, person: int, engine: str) -> None:
    # 2022-01-03 is day 7 of the file; under CV 11042 the window opens two local days before: midnight of day 5
    wanted = counted(data, person, since=5 * 86_400)

    done = CliRunner().invoke(
        cli, ["trace", "--lake", str(lake), "--case", str(person), "--onset", "2022-01-03", "--engine", engine]
    )

    assert done.exit_code == 0, done.output
    found = {row["contact"]: round(row["minutes"] * 60) for row in json.loads(done.stdout)}
    assert {c: pytest.approx(s, abs=0.5) for c, s in wanted.items()} == found
