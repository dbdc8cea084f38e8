"""What the worker does by the clock. A room registers its jobs in its AppConfig; a table keeps each last run.

A run is claimed by one UPDATE, so however many workers there are, each job runs once in its time. A job must bear
being cut off: one that died is simply due again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.models import Q
from django.utils import timezone

log = structlog.get_logger("jobs")


@dataclass(frozen=True)
class Job:
    """`run` returns anything; it raises where it fails, which is noted and does not stop the others."""

    name: str
    every: timedelta
    run: Callable[[], object]


_jobs: dict[str, Job] = {}


def register(name: str, every: timedelta, run: Callable[[], object]) -> None:
    """`register("audit.seal", timedelta(hours=1), seal)`; the same name again replaces it."""
    _jobs[name] = Job(name, every, run)


def every() -> dict[str, timedelta]:
    """How often each job is to run."""
    return {job.name: job.every for job in _jobs.values()}


def run_due(now: datetime | None = None) -> dict[str, str]:
    """Run every job whose time has come. -> name: "ok" or the kind of failure."""
    return {job.name: _run(job) for job in list(_jobs.values()) if _claim(job, now or timezone.now())}


def _claim(job: Job, now: datetime) -> bool:
    from vungxanh.core.models import JobRun

    JobRun.objects.bulk_create([JobRun(name=job.name)], ignore_conflicts=True)
    is_due = Q(began_at=None) | Q(began_at__lte=now - job.every)
    return JobRun.objects.filter(is_due, name=job.name).update(began_at=now) == 1


def _run(job: Job) -> str:
    from vungxanh.core.models import JobRun

    try:
        job.run()
        said = "ok"
    except Exception as exc:
        said = type(exc).__name__
        log.exception("job-failed", task=job.name)
        if not connection.in_atomic_block:  # a broken connection is made anew for the next job
            connection.close_if_unusable_or_obsolete()
    JobRun.objects.filter(name=job.name).update(ended_at=timezone.now(), failure="" if said == "ok" else said)
    return said
