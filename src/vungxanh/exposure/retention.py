"""What is kept how long. Keys, files and uploads: fourteen days from their window; codes: two days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from vungxanh.exposure.export_job import folder
from vungxanh.exposure.limits import ExportLimits, Limits
from vungxanh.exposure.models import (
    Code,
    File,
    GatewayVisit,
    Invite,
    PartnerDay,
    SharedEncounter,
    Token,
    Upload,
    WrongTries,
)

DAY, HOUR = 86_400, 3_600
CHUNK = 20_000
CODE_DAYS = 2


def expired_before(now: int, limits: ExportLimits) -> int:
    """Windows that ended at or before this moment are over."""
    return now - limits.keep_days * DAY


def is_expired(slot: int, now: int, limits: ExportLimits) -> bool:
    """Has a key of this window been kept its whole time?"""
    return slot + limits.period_seconds <= expired_before(now, limits)


def purge(*, now: datetime, limits: Limits) -> dict[str, int]:
    """Remove what is over, in small steps so that nobody waits. -> rows by table."""
    moment = int(now.timestamp())
    before = expired_before(moment, limits.export) - limits.export.period_seconds
    hour = expired_before(moment, limits.export) // HOUR
    return {
        "keys": _in_chunks("exposure_key", "greatest(abs(slot), coalesce(revised_slot, 0)) <= %s", before),
        "uploads": Upload.objects.filter(hour__lt=hour).delete()[0],
        "tokens": Token.objects.filter(until_hour__lt=moment // HOUR).delete()[0],
        "wrong-tries": WrongTries.objects.filter(minute__lt=moment // 60 - 24 * 60).delete()[0],
        "codes": Code.objects.filter(long_until__lt=now, long_hash__isnull=False).update(  # scope: no officer asks
            short_hash=None, long_hash=None
        ),
        "files": sum(1 for _ in _files(before)),
        "invites": Invite.objects.filter(until__lt=now - timedelta(days=CODE_DAYS)).delete()[0],  # scope: a timer
        "encounters": _older(SharedEncounter.objects.all(), moment - limits.share.keep_days * DAY),
        "partner-days": PartnerDay.objects.filter(day__lt=(now - timedelta(days=14)).date()).delete()[0],
        "stays": _older(GatewayVisit.objects.all(), moment - limits.gateway.keep_days * DAY),
    }


def _older(rows: "QuerySet[SharedEncounter] | QuerySet[GatewayVisit]", before: int) -> int:
    """Rows that ended before (Unix s); the lake has them by then."""
    return int(rows.filter(end__lte=before // 60, export_no__isnull=False).delete()[0])


def _in_chunks(table: str, condition: str, before: int) -> int:
    statement = f"DELETE FROM {table} WHERE data IN (SELECT data FROM {table} WHERE {condition} LIMIT {CHUNK})"  # noqa: S608
    removed = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, [before])
            done = int(cursor.rowcount)
            removed += done
            if done < CHUNK:
                return removed


def _files(before: int) -> Iterator[str]:
    for file in File.objects.filter(window__start__lte=before):
        folder.remove(file.name)
        file.delete()
        yield file.name
