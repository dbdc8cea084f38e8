"""What is kept how long, by the limits: keys, files, uploads from the end of their window, codes from theirs."""

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


def last_expired(now: int, limits: ExportLimits) -> int:
    """The rule: a window is over when its end lies `keep_days` back. -> latest start of one that is over."""
    return now - limits.keep_days * DAY - limits.period_seconds


def purge(*, now: datetime, limits: Limits) -> dict[str, int]:
    """Remove what is over, in small steps so that nobody waits. -> rows by table."""
    moment = int(now.timestamp())
    over = last_expired(moment, limits.export)
    hour = (over + limits.export.period_seconds) // HOUR
    minute = (moment - limits.code.tries_keep_days * DAY) // 60
    invited, partner = (now - timedelta(days=days) for days in (limits.code.keep_days, limits.export.keep_days))
    return {
        "keys": _in_chunks("exposure_key", "greatest(abs(slot), coalesce(revised_slot, 0)) <= %s", over),
        "uploads": Upload.objects.filter(hour__lt=hour).delete()[0],
        "tokens": Token.objects.filter(until_hour__lt=moment // HOUR).delete()[0],
        "wrong-tries": WrongTries.objects.filter(minute__lt=minute).delete()[0],
        "codes": Code.objects.filter(long_until__lt=now, long_hash__isnull=False).update(  # scope: no officer asks
            short_hash=None, long_hash=None
        ),
        "files": sum(1 for _ in _files(over)),
        "invites": Invite.objects.filter(until__lt=invited).delete()[0],  # scope: a timer
        "encounters": _older(SharedEncounter.objects.all(), moment - limits.share.keep_days * DAY),
        "partner-days": PartnerDay.objects.filter(day__lt=partner.date()).delete()[0],
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
