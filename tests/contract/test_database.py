"""The working role works; it owns nothing, changes no table's shape, and nobody enters without a password."""

import psycopg
import pytest

from vungxanh.core import database

pytestmark = pytest.mark.django_db


def connect(user: str, password: str | None) -> psycopg.Connection:
    return psycopg.connect(
        dbname="postgres", host=str(database.socket_dir()), user=user, password=password, connect_timeout=5
    )


def test_no_role_enters_by_socket_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    for role in database.ROLES:
        with pytest.raises(psycopg.OperationalError, match="password"):
            connect(role, None)


def test_working_role_is_no_superuser_and_may_create_nothing() -> None:
    with connect("vungxanh_app", database.passwords()["vungxanh_app"]) as db:
        row = db.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False)


def test_checksums_are_on() -> None:
    with connect("vungxanh_owner", database.passwords()["vungxanh_owner"]) as db:
        assert db.execute("SHOW data_checksums").fetchone() == ("on",)
