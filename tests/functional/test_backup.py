"""A house is lost and comes back: to the last thing shipped, or to a moment before a mistake."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from vungxanh.core import database
from vungxanh.core.backup import backup, files, server
from vungxanh.core.backup.restore import restore
from vungxanh.core.backup.vault import BackupFolder
from vungxanh.core.errors import OperatorError, UserError

ROWS = int(os.environ.get("VUNGXANH_DRILL_ROWS", "100000"))


@pytest.fixture
def new_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """`new_home("a")`: from then on the house of this process is that empty folder."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    used: list[Path] = []

    def take(name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv("VUNGXANH_HOME", str(folder))
        used.append(folder)
        return folder

    yield take
    for folder in used:
        monkeypatch.setenv("VUNGXANH_HOME", str(folder))
        database.stop()


def owner() -> psycopg.Connection[tuple[int, ...]]:
    return psycopg.connect(
        host=str(database.socket_dir()),
        user="vungxanh_owner",
        password=database.passwords()["vungxanh_owner"],
        dbname=database.NAME,
        autocommit=True,
    )


def rows() -> int:
    with owner() as db:
        found = db.execute("SELECT count(*) FROM seen").fetchone()
    assert found
    return found[0]


def furnish(home: Path) -> None:
    database.start()
    with owner() as db:
        db.execute("CREATE TABLE seen (id bigint PRIMARY KEY, what text)")
        db.execute("INSERT INTO seen SELECT n, md5(n::text) FROM generate_series(1, %s) n", [ROWS])
    (home / "lake").mkdir()
    (home / "lake" / "part-1").write_bytes(b"evidence")


def test_a_lost_house_comes_back_to_any_moment(new_home: Callable[[str], Path], tmp_path: Path) -> None:
    home = new_home("first")
    furnish(home)
    password = database.passwords()["vungxanh_app"]
    folder, identity = backup.begin(tmp_path / "backups")
    assert identity
    made = backup.make(folder)
    assert made.files >= 2

    with owner() as db:
        db.execute("INSERT INTO seen SELECT n, 'later' FROM generate_series(%s, %s) n", [ROWS + 1, ROWS + 50])
    time.sleep(0.05)
    before_the_mistake = datetime.now(UTC)
    time.sleep(0.05)
    with owner() as db:
        db.execute("DELETE FROM seen WHERE id > 7")
    (home / "lake" / "part-2").write_bytes(b"what came after")
    backup.ship_all(folder)
    database.stop()
    shutil.rmtree(home)

    sealed = BackupFolder(folder.root, identity)
    new_home("second")
    done = restore(sealed, before_the_mistake)
    assert rows() == ROWS + 50
    assert database.passwords()["vungxanh_app"] == password
    assert not (tmp_path / "second" / "lake" / "part-2").exists()
    assert done.segments >= 1
    database.stop()

    last = new_home("third")
    restore(sealed)
    assert rows() == 7
    assert (last / "lake" / "part-1").read_bytes() == b"evidence"
    assert (last / "lake" / "part-2").read_bytes() == b"what came after"
    database.stop()
    database.start()
    assert rows() == 7


def test_what_was_committed_before_the_machine_died_and_shipped_is_there(
    new_home: Callable[[str], Path], tmp_path: Path
) -> None:
    """Death by kill -9 with a segment handed over but not shipped: the next look ships it."""
    home = new_home("house")
    furnish(home)
    folder, identity = backup.begin(tmp_path / "backups")
    backup.make(folder)
    with owner() as db:
        db.execute("INSERT INTO seen VALUES (%s, 'the last')", [ROWS + 1])
    wanted = server.switch_segment()
    while not (server.spool() / wanted).exists():
        time.sleep(0.05)
    pid = int((database.data_dir() / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, 9)
    assert backup.ship(folder)[0] >= 1
    shutil.rmtree(home)
    new_home("again")
    restore(BackupFolder(folder.root, identity))
    assert rows() == ROWS + 1


def test_nothing_readable_lies_in_the_backups(new_home: Callable[[str], Path], tmp_path: Path) -> None:
    home = new_home("house")
    (home / "secrets").mkdir(exist_ok=True)
    (home / "secrets" / "word").write_text("correct horse battery staple")
    root = tmp_path / "backups"
    identity = BackupFolder.create(root)
    files.keep(BackupFolder(root), home)
    assert files.listing(BackupFolder(root, identity), None)
    stored = b"".join(p.read_bytes() for p in root.rglob("*") if p.is_file())
    assert b"correct horse" not in stored
    assert b"secrets/word" not in stored
    other = str(BackupFolder.create(tmp_path / "other"))
    with pytest.raises(OperatorError) as refused:
        files.bring_back(BackupFolder(root, other), home, None)
    assert refused.value.code == "core.backup-unreadable"


def test_each_content_is_kept_once_and_goes_when_nobody_needs_it(
    new_home: Callable[[str], Path], tmp_path: Path
) -> None:
    home, root = new_home("house"), tmp_path / "backups"
    identity = BackupFolder.create(root)
    folder = BackupFolder(root, identity)
    begin = datetime(2026, 7, 1, tzinfo=UTC)
    for day, content in enumerate(("one", "one", "two")):
        (home / "file").write_text(content)
        files.keep(folder, home, begin + timedelta(days=day))
    assert len(folder.names("files")) == 2
    assert len(folder.names("listing")) == 2
    assert [k.path for k in files.listing(folder, begin + timedelta(days=1))] == ["file"]
    for name in files.not_needed(folder, f"{begin + timedelta(days=9):%Y%m%dT%H%M%S}"):
        folder.path(name).unlink()
    assert len(folder.names("files")) == 1
    files.bring_back(folder, home, None)
    assert (home / "file").read_text() == "two"


@pytest.mark.fault
@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "base/../../outside"])
def test_a_forged_copy_writes_nothing_outside(new_home: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    """Whoever has the folder knows the key that seals, and can put a copy of their own into it."""
    identity = BackupFolder.create(tmp_path / "b")
    folder = BackupFolder(tmp_path / "b", identity)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    folder.put_bytes("base/20260101T000000Z-000000010000000000000001", packed.getvalue())
    new_home("h")
    with pytest.raises(OperatorError) as caught:
        restore(folder)
    assert caught.value.code == "core.backup-altered"
    assert not list(tmp_path.rglob("outside"))


@pytest.mark.fault
def test_a_copy_that_is_no_archive_is_said_to_be_none(new_home: Callable[[str], Path], tmp_path: Path) -> None:
    identity = BackupFolder.create(tmp_path / "b")
    folder = BackupFolder(tmp_path / "b", identity)
    folder.put("base/20260101T000000Z-000000010000000000000001", io.BytesIO(b"torn"))
    new_home("h")
    with pytest.raises(OperatorError) as caught:
        restore(folder)
    assert caught.value.code == "core.backup-altered"


def test_a_house_that_stands_is_not_overwritten(new_home: Callable[[str], Path], tmp_path: Path) -> None:
    home = new_home("house")
    (home / "lake").mkdir()
    identity = BackupFolder.create(tmp_path / "backups")
    with pytest.raises(OperatorError) as refused:
        restore(BackupFolder(tmp_path / "backups", identity))
    assert refused.value.code == "core.restore-not-empty"
    assert (home / "lake").exists()


def test_no_copy_and_no_future(new_home: Callable[[str], Path], tmp_path: Path) -> None:
    new_home("house")
    folder = BackupFolder(tmp_path / "backups", BackupFolder.create(tmp_path / "backups"))
    with pytest.raises(OperatorError) as none_there:
        restore(folder)
    assert none_there.value.code == "core.restore-no-copy"
    with pytest.raises(UserError) as future:
        restore(folder, datetime.now(UTC) + timedelta(hours=1))
    assert future.value.code == "core.restore-future"


def test_the_two_commands(tmp_path: Path) -> None:
    def run(*args: str, home: str) -> dict[str, object]:
        environment = {**os.environ, "VUNGXANH_HOME": str(tmp_path / home)}
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VUNGXANH_DB_ROLE"):  # of the test run
            environment.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-m", "vungxanh", *args], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    key, folder = tmp_path / "key", tmp_path / "backups"
    made = run("backup", "--to", str(folder), "--key-file", str(key), home="one")
    assert made["key_file"] == str(key)
    assert (key.stat().st_mode & 0o777) == 0o600
    assert run("backup", "--status", home="one")["bases"] == 1
    assert "key_file" not in run("backup", home="one")
    (tmp_path / "two").mkdir()
    assert run("restore", str(folder), "--key-file", str(key), home="two")["files"]
