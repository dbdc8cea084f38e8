"""Files of PostgreSQL 16 become those of 18 when the house starts: nothing lost, nobody trusted."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vungxanh.core import database

#: the wheel carries both servers and takes this variable when it is imported
OLD = "16"
FURNISH = """
import psycopg
from vungxanh.core import database
database.start()
with psycopg.connect(host=str(database.socket_dir()), user="vungxanh_owner", dbname="vungxanh",
                     password=database.passwords()["vungxanh_owner"]) as db:
    db.execute("CREATE TABLE seen AS SELECT n AS id, md5(n::text) AS what FROM generate_series(1, 10000) n")
database.stop()
"""


@pytest.fixture
def old_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("VUNGXANH_HOME", str(tmp_path / "home"))
    environment = os.environ | {"PGSERVER_POSTGRES_VERSION": OLD}
    subprocess.run([sys.executable, "-c", FURNISH], env=environment, check=True, capture_output=True)
    yield tmp_path / "home"
    database.stop()


def test_an_older_house_starts_with_all_it_held(old_home: Path) -> None:
    assert (database.data_dir() / "PG_VERSION").read_text().strip() == OLD
    assert database.start()
    assert (database.data_dir() / "PG_VERSION").read_text().strip() == "18"
    where = {"host": str(database.socket_dir()), "dbname": database.NAME}
    with psycopg.connect(user="vungxanh_owner", password=database.passwords()["vungxanh_owner"], **where) as db:
        assert db.execute("SELECT count(*), sum(id) FROM seen").fetchone() == (10_000, 50_005_000)
        assert db.execute("SHOW data_checksums").fetchone() == ("on",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(user="vungxanh_owner", password="guess", **where)
    assert (old_home / "postgres.old" / "PG_VERSION").read_text().strip() == OLD
    database.stop()

    # cut off between the two renames of an upgrade
    database.data_dir().rename(old_home / ".postgres-new")
    assert database.start()
    with psycopg.connect(user="vungxanh_owner", password=database.passwords()["vungxanh_owner"], **where) as db:
        assert db.execute("SELECT count(*) FROM seen").fetchone() == (10_000,)
