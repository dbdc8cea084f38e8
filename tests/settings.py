"""Settings of the test run: an embedded PostgreSQL of its own, apart from any installation."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["VUNGXANH_HOME"] = os.environ.get("VUNGXANH_TEST_HOME", str(ROOT / "var" / "test"))
# The test database is made and migrated, so the tests work under the owning role;
# tests/contract proves what the working role may and may not do.
os.environ.setdefault("VUNGXANH_DB_ROLE", "owner")

from tools.messages import compile_stale

from vungxanh.core import database

compile_stale()  # before Django reads them: pages are tested in both languages

if database.start():  # left running for the next run
    import psycopg

    # durability is tested by tests that switch it back on; the others need not wait for the disk
    with psycopg.connect(
        dbname="postgres",
        autocommit=True,
        host=str(database.socket_dir()),
        user="postgres",
        password=database.passwords()["postgres"],
    ) as db:
        db.execute("ALTER SYSTEM SET fsync = off")
        db.execute("SELECT pg_reload_conf()")

from vungxanh.web.settings import *

# Most tests are about what stands behind the log-in; tests of the second factor switch it back on.
OFFICER_MFA = False
