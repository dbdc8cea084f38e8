"""A release: the same bytes twice, all that a page needs; alone in an empty environment it starts a house."""

import io
import os
import re
import socket
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import release

from tests.contract.test_documented_commands import ROOT

UV = str(Path(sys.executable).parent / "uv")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return release.build(tmp_path_factory.mktemp("release"))


def test_the_same_commit_gives_the_same_bytes(built: list[Path], tmp_path: Path) -> None:
    again = release.build(tmp_path)
    assert [file.name for file in built] == [file.name for file in again]
    assert [file.read_bytes() for file in built] == [file.read_bytes() for file in again]


def test_wheel_and_sdist_hold_assets_translations_and_fonts(built: list[Path]) -> None:
    wheel, source = next(f for f in built if f.suffix == ".whl"), next(f for f in built if f.suffix == ".gz")
    assert release.lacking(wheel) == []
    with tarfile.open(source) as archive:
        names = archive.getnames()
    assert all(any(part in name for name in names) for part in release.MUST_HOLD)
    held = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/NOTICE") for name in held)
    assert not [name for name in held if name.startswith(("tests/", "docs/", "tools/"))]


def test_version_is_said_once_and_stands_in_the_changelog() -> None:
    from vungxanh import __version__

    assert __version__ == release.version()
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


class House:
    """A home and the commands of one environment, as somebody has them who never saw the source."""

    def __init__(self, environment: Path, home: Path) -> None:
        self.environment, self.home = environment, home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "VUNGXANH_"))}
        self.world = kept | {"VUNGXANH_HOME": str(home), "VUNGXANH_DEMO": "1"}

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.line(words), env=self.world, cwd=self.environment, stdout=quiet, stderr=quiet)

    def run(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            self.line(words),
            env=self.world,
            cwd=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def line(self, words: tuple[str, ...]) -> list[str]:
        return [str(self.environment / "bin" / "vungxanh"), *words]

    def counts(self) -> str:
        """How many people, cases, declarations and audit events the house holds."""
        asked = (
            "from vungxanh.people.models import Person; from vungxanh.outbreak.models import Case;"
            "from vungxanh.declarations.models import Declaration;"
            "print(Person.objects.count(), Case.objects.count(), Declaration.objects.count())"
        )
        return self.run("manage", "shell", "--verbosity", "0", "-c", asked).strip()


def installed(wheel: Path, where: Path) -> Path:
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(where)], check=True)
    python = str(where / "bin" / "python")
    subprocess.run([UV, "pip", "install", "--quiet", "--python", python, str(wheel)], check=True)
    return where


@pytest.mark.long
def test_the_wheel_alone_starts_a_house(built: list[Path], tmp_path: Path) -> None:
    wheel = next(file for file in built if file.suffix == ".whl")
    house = House(installed(wheel, tmp_path / "venv"), tmp_path / "home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    up = house.start("up", "--demo", "--persons", "600", "--port", str(port), "--workers", "1")
    try:
        page = next(_pages(f"http://127.0.0.1:{port}/", up))
        style = re.search(r'href="(/static/[^"]+\.css)"', page)
        assert style
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}") as answer:
            assert len(answer.read()) > 5_000
        assert "Khai báo y tế" in page
    finally:
        up.terminate()
        up.wait(timeout=60)


def _pages(address: str, running: "subprocess.Popen[bytes]") -> Iterator[str]:
    """What the address says, as soon as it says anything."""
    for _attempt in range(400):
        assert running.poll() is None
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                yield answer.read().decode()
                return
        except OSError:
            try:
                running.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue


def before() -> str:
    """The last release; as long as there is none, the commit before the newest migration."""
    tag = git("describe", "--tags", "--abbrev=0", check=False)
    return tag or git("log", "-1", "--format=%H~1", "--diff-filter=A", "--", "src/vungxanh/*/migrations/0*.py")


def git(*words: str, check: bool = True) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=check)
    return done.stdout.strip()


@pytest.mark.long
def test_an_older_house_is_upgraded_with_its_data(built: list[Path], tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    with tarfile.open(fileobj=_archive(before())) as archive:
        archive.extractall(older, filter="data")
    subprocess.run([UV, "build", "--wheel", "--quiet", "--out-dir", str(tmp_path / "old"), str(older)], check=True)
    old = House(installed(next((tmp_path / "old").glob("*.whl")), tmp_path / "venv-old"), tmp_path / "home")
    old.run("manage", "migrate", "--verbosity", "0")
    old.run("demo", "--persons", "600")
    had = old.counts()
    new = House(installed(next(f for f in built if f.suffix == ".whl"), tmp_path / "venv"), tmp_path / "home")
    new.run("database", "start")
    try:
        assert new.counts() == had
        assert int(had.split()[0]) >= 600
        assert "[ ]" not in new.run("manage", "showmigrations")
        new.run("audit", "verify")
    finally:
        new.run("database", "stop")


def _archive(commit: str) -> io.BytesIO:
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    return io.BytesIO(done.stdout)
