"""What the embedded PostgreSQL is asked for: to hand over its log, a whole copy, and to come back to a moment."""

import os
import re
import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from vungxanh.core import database
from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home

#: a segment is handed over after this at the latest, so that no more than it (and the next shipping) can be lost
ARCHIVE_TIMEOUT = "60s"
REPLICATION = "local replication postgres scram-sha-256\n"


def spool() -> Path:
    """Where the server leaves finished segments of its log until they are shipped."""
    return home() / "backup-spool"


def connect() -> psycopg.Connection[Any]:
    """As the role that bootstraps; for the server's own settings and nothing else."""
    where = str(database.socket_dir())
    password = database.passwords()["postgres"]
    return psycopg.connect(host=where, user="postgres", password=password, dbname="postgres", autocommit=True)


def must_be_embedded() -> None:
    """Raises OperatorError `core.backup-own-server`: a served database is backed up by who runs it."""
    if not database.is_embedded():
        raise OperatorError("core.backup-own-server")


def hand_over_log() -> None:
    """Archiving on; the server is restarted once where it was off."""
    folder = spool()
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = database.data_dir().stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    draft, whole = f'"{folder}/.%f"', f'"{folder}/%f"'
    copy = f'test ! -f {whole} && cp "%p" {draft} && sync {draft} && mv {draft} {whole}'
    settings = {"archive_command": copy, "archive_timeout": ARCHIVE_TIMEOUT, "archive_mode": "on"}
    hba = database.data_dir() / "pg_hba.conf"
    if REPLICATION not in hba.read_text():
        hba.write_text(hba.read_text() + REPLICATION)
    with connect() as db:
        for name, value in settings.items():
            db.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        db.execute("SELECT pg_reload_conf()")
        row = db.execute("SHOW archive_mode").fetchone()
    if row != ("on",):
        database.stop()
        database.start()


def switch_segment() -> str:
    """End the present segment, so that all that is committed is handed over. -> the segment's name.

    The named point is written first: a segment that nothing was written to does not end.
    """
    with connect() as db:
        db.execute("SELECT pg_create_restore_point('vungxanh')")
        row = db.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row
    return str(row[0])


def first_segment() -> str:
    """The segment that a copy begun now cannot do without."""
    with connect() as db:
        row = db.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row
    return str(row[0])


def whole_copy() -> "subprocess.Popen[bytes]":
    """A running `pg_basebackup` whose output is a tar with the log that makes it whole."""
    tool = database.tool("pg_basebackup")
    where = ["--host", str(database.socket_dir()), "--username", "postgres", "--no-password"]
    form = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--no-manifest"]
    environment = os.environ | {"PGPASSWORD": database.passwords()["postgres"]}
    return subprocess.Popen(
        [str(tool), *where, *form], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def come_back(log: Path, at: datetime | None) -> None:
    """Start on restored files and replay the log in `log`, to its end or to `at`; then be master again.

    Raises OperatorError `core.restore-failed` with what the server said.
    """
    here = database.data_dir()
    settings = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    settings += [f"recovery_target_time = '{at.isoformat()}'"] if at else []
    (here / "postgresql.auto.conf").write_text("\n".join(settings) + "\n")
    (here / "recovery.signal").touch()
    _give_to_server(here)
    try:
        database.start()
        _wait_until_master()
    except (OperatorError, psycopg.OperationalError) as exc:
        raise OperatorError("core.restore-failed", reason=_last_words(here), log=str(here / "log")) from exc
    with connect() as db:
        db.execute("ALTER SYSTEM RESET ALL")
        db.execute("SELECT pg_reload_conf()")


def _wait_until_master() -> None:
    while True:
        with connect() as db:
            row = db.execute("SELECT pg_is_in_recovery()").fetchone()
        if row == (False,):
            return
        time.sleep(0.2)


def _last_words(here: Path) -> str:
    lines = (here / "log").read_text(errors="replace").splitlines() if (here / "log").exists() else []
    said = [re.sub(r"^.*?(FATAL|PANIC|ERROR):\s*", "", line) for line in lines if re.search("FATAL|PANIC", line)]
    return said[-1][:200] if said else "?"


def _give_to_server(folder: Path) -> None:
    """As root the server runs under a name of its own, which must own its files."""
    folder.chmod(0o700)
    if os.geteuid() != 0:
        return
    user, group = database.server_account()
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user, group)
