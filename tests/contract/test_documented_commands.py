"""Documents stay true: every line after `$ ` in a `console` block is run, in one house of its own.

The house is started as `make run` starts it, in small. Where a document shows JSON below a command, what it shows
is in the answer. A `sh` block is not run; it says why in its first line, or names targets of the Makefile only.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
#: recipes change the source: tests/contract/test_recipes.py follows them in a copy
OWN_TEST = ROOT / "docs" / "next"
FENCE = re.compile(r"^```(\w+)?[^\n]*\n(.*?)^```$", re.M | re.S)
NOT_RUN = re.compile(r"^# (not run by a test|kiểm thử không chạy): \S")
PERSONS = "600"


@dataclass(frozen=True)
class Documented:
    """A command with what the document shows below it."""

    page: str
    command: str
    shown: str


def documented() -> list[Documented]:
    """Each command once: both languages write the same one."""
    found: dict[tuple[str, str], Documented] = {}
    for page in (page for page in PAGES if OWN_TEST not in page.parents):
        for language, body in FENCE.findall(page.read_text("utf-8")):
            if language == "console":
                parts = re.split(r"^\$ ", body, flags=re.M)
                assert not parts[0].strip(), f"{page.name}: a console block begins with a command"
                for part in parts[1:]:
                    command, _, shown = part.replace("\\\n", "").partition("\n")
                    one = Documented(str(page.relative_to(ROOT)), command, shown.strip())
                    found.setdefault((one.command, one.shown), one)
    return list(found.values())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Environment of a terminal beside a running demonstration, in a folder with the repository's documents."""
    where = tmp_path_factory.mktemp("terminal")
    (where / "docs").symlink_to(ROOT / "docs")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "VUNGXANH_DB_ROLE", "DATABASE_URL", "DATABASE_OWNER_URL"}
    }
    path = f"{Path(sys.executable).parent}:{kept['PATH']}"
    world = kept | {"VUNGXANH_HOME": str(where / "home"), "PATH": path, "PWD": str(where), "VUNGXANH_DEMO": "1"}
    up = ["vungxanh", "up", "--demo", "--persons", PERSONS, "--port", str(port), "--workers", "1"]
    log = (where / "up.log").open("wb")
    running = subprocess.Popen(up, env=world, cwd=where, stdout=log, stderr=log)
    try:
        _answers(f"http://127.0.0.1:{port}/healthy", running, where / "up.log")
        yield world
    finally:
        running.terminate()
        running.wait(timeout=60)
        subprocess.run(["vungxanh", "database", "stop"], env=world, cwd=where, check=False, stdout=log, stderr=log)
        log.close()


def _answers(address: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _attempt in range(600):
        assert running.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"no answer at {address}: {log.read_text()}")


def test_every_documented_command_runs(house: dict[str, str]) -> None:
    commands = documented()
    assert len(commands) > 15
    for one in commands:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", one.command],
            env=house,
            cwd=house["PWD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{one.page}: $ {one.command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        if one.shown.startswith("{"):
            shown, told = json.loads(one.shown), json.loads(done.stdout.splitlines()[-1])
            assert shown.items() <= told.items(), f"{one.page}: $ {one.command}\n{done.stdout[-2000:]}"
        elif one.shown:
            assert one.shown in done.stdout, f"{one.page}: $ {one.command}\n{done.stdout[-2000:]}"


def test_a_block_that_is_not_run_says_why() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    silent = []
    for page in PAGES:
        for language, body in FENCE.findall(page.read_text("utf-8")):
            lines = [line for line in body.splitlines() if line.strip()]
            known = all(re.match(rf"make ({'|'.join(targets)})\b", line) for line in lines)
            if language in {"sh", "bash", "shell"} and not known and not NOT_RUN.match(lines[0]):
                silent.append(f"{page.relative_to(ROOT)}: {lines[0]}")
    assert not silent


def test_make_run_is_what_the_house_of_this_test_is_started_by() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nrun:", 1)[1].split("\n\n", 1)[0]
    assert "$(BIN)/vungxanh up --demo" in recipe
    assert "VUNGXANH_HOME=$(CURDIR)/var/demo" in recipe
