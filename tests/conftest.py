"""One embedded PostgreSQL for the test run, apart from any installation's own."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("VUNGXANH_TEST_HOME", ROOT / "var" / "test"))
os.environ["VUNGXANH_HOME"] = str(HOME)
# The test database is made and migrated, so the tests work under the owning role;
# tests/contract proves what the working role may and may not do.
os.environ.setdefault("VUNGXANH_DB_ROLE", "owner")

DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the server before the test database is made; it is left running for the next run."""
    from vungxanh.core import database

    if database.start():
        import psycopg

        # nothing in a test outlives its machine: durability is tested by tests that switch it back on
        admin = {
            "host": str(database.socket_dir()),
            "user": "postgres",
            "password": database.passwords()["postgres"],
        }
        with psycopg.connect(dbname="postgres", autocommit=True, **admin) as db:
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real and official data beside the checkout; a test that needs it skips visibly without."""
    if not DATA.is_dir():
        pytest.skip("reference data folder is absent")
    return DATA
