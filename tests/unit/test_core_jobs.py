"""The worker's clock: each job once in its time, whoever asks; a failure is noted and stops no other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vungxanh.core import jobs
from vungxanh.core.models import JobRun

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    done: list[str] = []
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register("a", timedelta(hours=1), lambda: done.append("a"))
    return done


def test_a_job_runs_at_once_and_then_in_its_time(ran: list[str]) -> None:
    for minutes, count in ((0, 1), (1, 1), (59, 1), (60, 2), (61, 2), (300, 3)):
        jobs.run_due(NOON + timedelta(minutes=minutes))
        assert len(ran) == count, minutes


def test_one_failure_stops_no_other_and_is_noted(ran: list[str]) -> None:
    def fail() -> None:
        raise LookupError

    jobs.register("0-bad", timedelta(hours=1), fail)
    assert jobs.run_due(NOON) == {"a": "ok", "0-bad": "LookupError"}
    assert ran == ["a"]
    assert dict(JobRun.objects.values_list("name", "failure")) == {"a": "", "0-bad": "LookupError"}


def test_the_house_seals_hourly_escalates_and_delivers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seals = tmp_path / "seals.jsonl"
    monkeypatch.setenv("VUNGXANH_AUDIT_SEALS", str(seals))
    assert jobs._jobs["audit.seal"].every == timedelta(hours=1)
    done = jobs.run_due(NOON)
    assert {"audit.seal", "work.escalate", "notify.sms"} <= {name for name, said in done.items() if said == "ok"}
    assert len(seals.read_text().splitlines()) == 1
