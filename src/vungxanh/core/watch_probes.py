"""Readings of the core itself: the worker's jobs, the audit's seal, the backup, the disk."""

import os
import shutil
from datetime import UTC, datetime, timedelta

from vungxanh.core import watch
from vungxanh.core.home import home

DAY = 86_400.0


def late_jobs(now: datetime) -> float:
    """Seconds by which the most overdue job is late; one that never ran counts from the first run of any."""
    from vungxanh.core.jobs import every
    from vungxanh.core.models import JobRun

    began = dict(JobRun.objects.values_list("name", "began_at"))
    first = min((moment for moment in began.values() if moment), default=now)
    overdue = [now - (began.get(name) or first) - pause for name, pause in every().items()]
    return max(0.0, max((one / timedelta(seconds=1) for one in overdue), default=0.0))


def failed_jobs(now: datetime) -> float:
    from vungxanh.core.models import JobRun

    return float(JobRun.objects.exclude(failure="").count())


def seal_age(now: datetime) -> float:
    """Of the file that the seals stand in; 0 while there is nothing to seal."""
    from vungxanh.core.audit_seal import seal_file
    from vungxanh.core.models import AuditEvent

    file = seal_file()
    if file.exists():
        return watch.age(datetime.fromtimestamp(file.stat().st_mtime, UTC), now)
    first = AuditEvent.objects.order_by("seq").first()
    return watch.age(first.at if first else None, now)


def backup_log(now: datetime) -> float:
    """Age of the oldest segment that waits to be shipped. No backup at all is a day old."""
    from vungxanh.core.backup import backup, server

    if backup.configured() is None:
        return DAY
    waiting = [p.stat().st_mtime for p in server.spool().iterdir()] if server.spool().exists() else []
    return watch.age(datetime.fromtimestamp(min(waiting), UTC) if waiting else None, now)


def backup_copy(now: datetime) -> float:
    """Age of the newest whole copy. No backup at all counts as ever so old."""
    from vungxanh.core.backup import backup

    folder = backup.configured()
    copies = [folder.path(name).stat().st_mtime for name in folder.names("base")] if folder else []
    return watch.age(datetime.fromtimestamp(max(copies), UTC), now) if copies else 365 * DAY


def disk_used(now: datetime) -> float:
    used = shutil.disk_usage(os.fspath(home()))
    return used.used / (used.used + used.free)


def register() -> None:
    """Called by the AppConfig."""
    probes = {
        "jobs.late": late_jobs,
        "jobs.failed": failed_jobs,
        "audit.seal": seal_age,
        "backup.log": backup_log,
        "backup.copy": backup_copy,
        "disk.used": disk_used,
    }
    for name, probe in probes.items():
        watch.register(name, probe)
