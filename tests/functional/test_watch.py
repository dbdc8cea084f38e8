"""What is late in the house, for officers, for monitoring, and for whoever must act."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from vungxanh.core import watch
from vungxanh.core.models import JobRun
from vungxanh.notify.models import Batch, Delivery
from vungxanh.people.models import Officer

PLAYBOOKS = Path(__file__).resolve().parents[2] / "docs" / "playbooks"
NOW = timezone.now()


def state_of(name: str) -> tuple[str, float | None]:
    found = next(one for one in watch.readings(NOW) if one.limit.name == name)
    return found.state, found.value


@pytest.mark.django_db
def test_every_reading_has_its_limit_and_its_playbook() -> None:
    names = set(watch.limits())
    assert {one.limit.name for one in watch.readings()} == names
    assert {p.stem for p in PLAYBOOKS.glob("*.md")} - {"README"} == names
    for name in names:
        page = (PLAYBOOKS / f"{name}.md").read_text()
        assert all(head in page for head in ("**What it says.**", "**Look.**", "**Do.**", "**Meanwhile.**")), name
        assert f"({name}.md)" in (PLAYBOOKS / "README.md").read_text()


@pytest.mark.django_db
def test_a_job_that_did_not_run_is_late() -> None:
    JobRun.objects.all().delete()
    JobRun.objects.create(name="audit.seal", began_at=NOW - timedelta(hours=3))
    state, value = state_of("jobs.late")
    assert state == "late"
    assert value is not None
    assert value >= 2 * 3600.0
    JobRun.objects.filter(name="audit.seal").update(began_at=NOW, failure="OSError")
    assert state_of("jobs.failed") == ("late", 1.0)


@pytest.mark.django_db
def test_a_message_that_waits_is_late() -> None:
    assert state_of("notify.queue") == ("ok", 0.0)
    batch = Batch.objects.create(channel="sms", source="test:1", text="xin chào", scope_path="/")
    Delivery.objects.create(batch=batch, recipient="r", next_at=NOW - timedelta(minutes=20))
    assert state_of("notify.queue") == ("late", 1200.0)


@pytest.mark.django_db
def test_what_cannot_be_read_is_not_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(watch._probes, "disk.used", lambda now: 1 / 0)
    assert state_of("disk.used") == ("unknown", None)
    assert "vungxanh_disk_used_share NaN" in Client().get("/metrics").content.decode()


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert b"vungxanh_jobs_late_seconds" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    monkeypatch.setenv("VUNGXANH_METRICS_TOKEN", "a long word")
    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": "Bearer a long word"})
    assert answer.status_code == 200


@pytest.mark.django_db
def test_ready_means_that_the_tables_are_of_this_version() -> None:
    client = Client()
    assert client.get("/ready").status_code == 200
    MigrationRecorder.Migration.objects.filter(app="safetymap").delete()
    assert (client.get("/ready").status_code, client.get("/ready").content) == (503, b"migrations")


@pytest.mark.django_db
def test_officers_see_what_is_late_and_nobody_else_does() -> None:
    client = Client()
    assert client.get("/status").status_code == 302
    client.force_login(Officer.objects.create_user("an", name="An"))
    page = client.get("/status").content.decode()
    assert "Tuổi của bản sao toàn bộ gần nhất" in page
    assert "cần chú ý" in page
