"""A house moves from its embedded database to an ordinary server: all of it, verified, and in one place only."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tools.server import Server

FILL = """
from vungxanh.web.django_setup import house
with house():
    from vungxanh.core import audit
    from vungxanh.people.models import Officer
    Officer.objects.create_user("chi", name="Chi")
    for n in range(300):
        audit.record(by=None, action="core:test:done", subject=f"test:{n}")
"""
LOOK = """
import json
from vungxanh.web.django_setup import house
with house():
    from vungxanh.core.audit_seal import faults
    from vungxanh.core.models import AuditEvent
    from vungxanh.people.models import Officer
    from django.db import connection
    from vungxanh.core import audit
    audit.record(by=None, action="core:test:after", subject="test:after")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        tls = cursor.fetchone()[0]
    print(json.dumps({"events": AuditEvent.objects.count(), "officers": Officer.objects.count(), "tls": tls,
                      "faults": [f.kind for f in faults()]}))
"""


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="vx-move-"))
    folder.chmod(0o755)
    with Server(folder / "server") as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


def run(home: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VUNGXANH_HOME": str(home), **extra}
    for name in ("VUNGXANH_DB_ROLE", "DJANGO_SETTINGS_MODULE"):  # of the test run
        environment.pop(name, None)
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


def done(ran: subprocess.CompletedProcess[str]) -> Any:
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1]) if ran.stdout else None


def test_everything_moves_and_only_one_place_takes_writes(server: Server, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done(run(home, "-m", "vungxanh", "manage", "migrate", "--verbosity", "0"))
    done(run(home, "-c", FILL))
    before = done(run(home, "-c", LOOK))

    moved = done(run(home, "-m", "vungxanh", "migrate-store", "--to", server.url, "--owner", server.owner_url))
    assert moved["tables"] > 50
    assert moved["rows"] > 300

    addresses = {"DATABASE_URL": server.url, "DATABASE_OWNER_URL": server.owner_url}
    after = done(run(home, "-c", LOOK, **addresses))
    assert after == before | {"events": before["events"] + 1, "tls": True}
    assert (before["faults"], before["tls"]) == ([], False)

    refused = run(home, "-c", FILL)
    assert "read-only" in refused.stderr

    again = run(home, "-m", "vungxanh", "migrate-store", "--to", server.url, "--owner", server.owner_url)
    assert json.loads(again.stdout)["error"] == "core.move-not-empty"


def test_nobody_reaches_the_server_without_tls(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url.replace("verify-full", "disable"))
