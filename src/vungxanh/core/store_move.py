"""Move the embedded database to a PostgreSQL server: one snapshot, table by table, each verified on both sides.

Writers wait while it runs; afterwards the embedded database takes no more writes: nothing is accepted twice.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

import psycopg
from psycopg import sql

from vungxanh.core import database
from vungxanh.core.errors import OperatorError

#: of the target's own making
NOT_MOVED = frozenset({"django_migrations"})
TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"""
COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""
SEQUENCES = (
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
#: order does not matter, every row does
DIGEST = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM (SELECT {} FROM {}) t"
DEFAULTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES",
    "GRANT USAGE, SELECT ON SEQUENCES",
    "GRANT EXECUTE ON FUNCTIONS",
)
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One table that is the same on both sides."""

    table: str
    rows: int


def move(url: str, owner_url: str, say: Callable[[str], None]) -> list[Moved]:
    """Everything that the embedded database holds, to the empty database at `owner_url`.

    Raises OperatorError `core.move-not-embedded`, `.move-not-empty`, `.move-differs`, `.move-schema`.
    """
    if not database.is_embedded():
        raise OperatorError("core.move-not-embedded")
    with psycopg.connect(owner_url) as target:
        _prepare(target, url)
    _make_tables(url, owner_url)
    with _source() as source, psycopg.connect(owner_url) as target:
        moved = _copied(source, target, say)
        target.commit()
        _close(source)
    return moved


def _source() -> Connection:
    where: Any = {"host": str(database.socket_dir()), "dbname": database.NAME}
    return psycopg.connect(user="postgres", password=database.passwords()["postgres"], **where)


def _prepare(target: Connection, url: str) -> None:
    """The target is empty, and what will be made in it may be used by the working role."""
    if target.execute(TABLES).fetchone():
        raise OperatorError("core.move-not-empty")
    role = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(url)["user"]))
    target.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    for grant in DEFAULTS:
        words = sql.SQL(cast(Any, f"ALTER DEFAULT PRIVILEGES {grant} TO "))
        target.execute(words + role)


def _make_tables(url: str, owner_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner_url}
    command = [sys.executable, "-m", "vungxanh", "manage", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise OperatorError("core.move-schema", reason=done.stderr.strip()[-300:])


def _copied(source: Connection, target: Connection, say: Callable[[str], None]) -> list[Moved]:
    """All tables in one transaction of the target, out of one state of the source."""
    for db in (source, target):  # a moment is written the same way on both sides
        db.execute("SET TIME ZONE 'UTC'")
    tables = [name for name in _names(source) if name not in NOT_MOVED]
    strange = set(tables) ^ (set(_names(target)) - NOT_MOVED)
    if strange:
        raise OperatorError("core.move-schema", reason=", ".join(sorted(strange))[:300])
    listed = sql.SQL(", ").join(map(sql.Identifier, tables))
    source.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(listed))
    _triggers(target, tables, "DISABLE")
    target.execute(sql.SQL("TRUNCATE {}").format(listed))
    moved = []
    for number, table in enumerate(tables, 1):
        _copy(source, target, table)
        rows = _same(source, target, table)
        say(f"{number}/{len(tables)} {table}: {rows}")
        moved.append(Moved(table, rows))
    target.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _triggers(target, tables, "ENABLE")
    for name, last in source.execute(SEQUENCES).fetchall():
        target.execute("SELECT setval(%s::regclass, %s)", [f'public."{name}"', last])
    return moved


def _names(db: Connection) -> list[str]:
    return [str(name) for (name,) in db.execute(TABLES).fetchall()]


def _copy(source: Connection, target: Connection, table: str) -> None:
    name, columns = sql.Identifier(table), _columns(source, table)
    out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT binary)").format(columns, name)
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(name, columns)
    with source.cursor().copy(out) as given, target.cursor().copy(into) as taken:
        for piece in given:
            taken.write(piece)


def _triggers(target: Connection, tables: list[str], word: Literal["DISABLE", "ENABLE"]) -> None:
    """Rows are taken as they are: the target's own triggers (the audit's chain) do not touch them."""
    for table in tables:
        alter = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        target.execute(alter.format(sql.Identifier(table), sql.SQL(word)))


def _columns(db: Connection, table: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for (name,) in db.execute(COLUMNS, [table]).fetchall())


def _same(source: Connection, target: Connection, table: str) -> int:
    """Raises OperatorError `core.move-differs`."""
    question = sql.SQL(DIGEST).format(_columns(source, table), sql.Identifier(table))
    here, there = source.execute(question).fetchone(), target.execute(question).fetchone()
    if here is None or here != there:
        raise OperatorError("core.move-differs", table=table)
    return int(here[0])


def _close(source: Connection) -> None:
    """Whoever is connected goes, and comes back to a database that takes no writes."""
    name = sql.Identifier(database.NAME)
    source.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name))
    others = "FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    source.execute(f"SELECT count(pg_terminate_backend(pid)) {others}", [database.NAME])
    source.commit()
