"""The trail: one transaction with its change, whole or found out, closed to the working role."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from vungxanh.core import audit, audit_seal, database
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "seals.jsonl"
    monkeypatch.setenv("VUNGXANH_AUDIT_SEALS", str(file))
    return file


@pytest.fixture
def tamper() -> Callable[..., None]:
    """What only the owner of the tables can do."""

    def run(sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER audit_append_only")
            cursor.execute(sql, values)
            cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER audit_append_only")

    return run


def write(count: int) -> list[AuditEvent]:
    return [audit.record(by=7, action="test:thing:done", subject=f"thing:{n}") for n in range(count)]


def found() -> list[tuple[int, str]]:
    return [(fault.seq, fault.kind) for fault in audit_seal.faults()]


def test_a_whole_chain_has_no_fault() -> None:
    rows = write(3)
    assert [row.seq for row in rows] == [1, 2, 3]
    assert bytes(rows[0].previous) == bytes(32)
    assert bytes(rows[2].previous) == bytes(rows[1].hash)
    audit_seal.seal()
    write(2)
    audit_seal.seal()
    assert found() == []


def test_the_event_goes_with_its_change_or_not_at_all() -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == 0


def test_a_broken_audit_insert_takes_the_change_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from vungxanh.people.actions import bulk_register
    from vungxanh.people.models import Person
    from vungxanh.people.schemas import PersonIn

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(audit, "record_many", fail)
    with pytest.raises(RuntimeError):
        bulk_register([PersonIn(name="Danh Út")], by=None, purpose="test")
    assert Person.objects.count() == 0


def test_details_are_kept_in_one_spelling() -> None:
    row = audit.record(by=None, action="test:thing:done", subject="x", details={"b": 1, "a": "ở"})
    assert row.details == '{"a":"ở","b":1}'
    assert AuditEvent.objects.get().facts == {"a": "ở", "b": 1}


@pytest.mark.parametrize(
    ("column", "value"),
    [("by", 8), ("action", "test:thing:undone"), ("subject", "thing:9"), ("purpose", "x"), ("details", "{}  ")],
)
def test_a_changed_row_is_named(tamper: Callable[..., None], column: str, value: object) -> None:
    write(4)
    tamper(f"UPDATE core_auditevent SET {column} = %s WHERE seq = 2", value)
    assert found() == [(2, "changed")]


def test_a_changed_time_is_named(tamper: Callable[..., None]) -> None:
    write(2)
    tamper("UPDATE core_auditevent SET at = at + interval '1 microsecond' WHERE seq = 1")
    assert found() == [(1, "changed")]


def test_a_removed_row_is_named(tamper: Callable[..., None]) -> None:
    write(5)
    tamper("DELETE FROM core_auditevent WHERE seq IN (2, 3)")
    faults = list(audit_seal.faults())
    assert [(fault.seq, fault.kind) for fault in faults] == [(2, "removed")]
    assert faults[0].text == "rows 2 to 3 are missing"


def test_last_rows_deleted_are_found_by_the_seal(tamper: Callable[..., None]) -> None:
    write(5)
    audit_seal.seal()
    tamper("DELETE FROM core_auditevent WHERE seq > 3")
    assert found() == [(4, "cut")]


def test_all_rows_deleted_are_found_by_the_seal(tamper: Callable[..., None]) -> None:
    write(2)
    audit_seal.seal()
    tamper("DELETE FROM core_auditevent")
    assert found() == [(1, "cut")]


def test_a_rewritten_chain_is_found_by_the_seal(tamper: Callable[..., None]) -> None:
    """Somebody with the owner's role changes row 4 and makes every later hash fit again."""
    write(3)
    audit_seal.seal()
    write(3)
    audit_seal.seal()
    previous = bytes(AuditEvent.objects.get(seq=3).hash)
    for row in AuditEvent.objects.filter(seq__gt=3):
        if row.seq == 4:
            row.subject = "thing:other"
        row.previous = previous
        row.hash = previous = audit.digest(row)
        tamper(
            "UPDATE core_auditevent SET subject = %s, previous = %s, hash = %s WHERE seq = %s",
            row.subject,
            row.previous,
            row.hash,
            row.seq,
        )
    assert list(audit.chain_faults(AuditEvent.objects.all())) == []
    assert found() == [(4, "rewritten")]


def test_a_seal_moved_to_the_new_head_is_found(seals: Path, tamper: Callable[..., None]) -> None:
    """Who cuts the tail and edits the seal file to match lacks the key."""
    write(5)
    audit_seal.seal()
    tamper("DELETE FROM core_auditevent WHERE seq > 3")
    forged = json.loads(seals.read_text())
    forged |= {"count": 3, "head": bytes(AuditEvent.objects.get(seq=3).hash).hex()}
    seals.write_text(json.dumps(forged, sort_keys=True) + "\n")
    assert found() == [(1, "seal-forged")]


def test_a_seal_taken_out_of_the_file_is_found(seals: Path) -> None:
    for _ in range(3):
        write(1)
        audit_seal.seal()
    lines = seals.read_text().splitlines(keepends=True)
    seals.write_text(lines[0] + lines[2])
    assert found() == [(2, "seal-forged")]


def test_reading_people_needs_a_purpose() -> None:
    with pytest.raises(UserError) as caught:
        audit.read(by=7, action="people:person:revealed", subjects=["person:1"], purpose="  ")
    assert caught.value.code == "core.purpose-needed"
    assert AuditEvent.objects.count() == 0


def test_an_action_has_three_parts() -> None:
    with pytest.raises(ValueError, match="room:subject:verb"):
        audit.record(by=None, action="done", subject="x")


def test_nobody_changes_or_deletes_by_accident() -> None:
    write(1)
    for sql in ("UPDATE core_auditevent SET subject = ''", "DELETE FROM core_auditevent"):
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_the_working_role_may_only_append_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    monkeypatch.setenv("VUNGXANH_DB_ROLE", "app")
    working = database.django_settings()
    with psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        host=working["HOST"],
        port=working.get("PORT"),
        user=working["USER"],
        password=working["PASSWORD"],
        autocommit=True,
    ) as db:
        assert db.execute("SELECT count(*) FROM core_auditevent").fetchone() == (1,)
        db.execute(
            "INSERT INTO core_auditevent (seq, at, by, action, subject, purpose, details, previous, hash)"
            " VALUES (2, now(), NULL, 'a:b:c', 's', '', '{}', '', '')"
        )
        for sql in (
            "UPDATE core_auditevent SET subject = ''",
            "DELETE FROM core_auditevent",
            "TRUNCATE core_auditevent",
            "ALTER TABLE core_auditevent DISABLE TRIGGER ALL",
            "DROP TABLE core_auditevent",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(sql)
