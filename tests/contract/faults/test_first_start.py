"""Power goes while an installation is being made: the next start makes it whole and shuts its doors."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: where the first start dies: before any role, between roles and database, before the doors are shut
CUTS = {
    "no role yet": "database._bootstrap = lambda: os._exit(9)",
    "roles without a database": (
        "real = psycopg.Connection.execute\n"
        "def execute(self, query, *rest, **named):\n"
        "    if 'DATABASE' in str(query): os._exit(9)\n"
        "    return real(self, query, *rest, **named)\n"
        "psycopg.Connection.execute = execute"
    ),
    "doors still open": "Path.write_text = lambda *given, **named: os._exit(9)",
}
START = """
import os, psycopg
from pathlib import Path
from vungxanh.core import database
{cut}
database.start()
"""
ASK = """
import psycopg
from vungxanh.core import database
database.start()
host = str(database.socket_dir())
try:
    psycopg.connect(dbname="postgres", host=host, user="postgres", connect_timeout=5)
    print("open")
except psycopg.OperationalError:
    print("shut")
word = database.passwords()["vungxanh_owner"]
with psycopg.connect(dbname="vungxanh", host=host, user="vungxanh_owner", password=word) as db:
    db.execute("CREATE TABLE kept (n int)")
print("works")
database.stop()
"""


def in_house(home: Path, text: str) -> subprocess.CompletedProcess[str]:
    mine = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PGPASSWORD")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", text],
        env=mine | {"VUNGXANH_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.fault
@pytest.mark.parametrize("cut", CUTS)
def test_a_first_start_that_was_cut_off_is_made_whole(tmp_path: Path, cut: str) -> None:
    home = tmp_path / "h"
    home.mkdir()
    assert in_house(home, START.format(cut=CUTS[cut])).returncode == 9
    again = in_house(home, ASK)
    assert again.stdout.split() == ["shut", "works"], again.stderr
    assert in_house(home, ASK.replace("CREATE TABLE kept (n int)", "SELECT n FROM kept")).stdout.split() == [
        "shut",
        "works",
    ]
